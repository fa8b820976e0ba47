"""A small real model, trained once, and a folder of releases with two versions of it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import joblib
import pytest

from tests.training.samples import sample_lines, write_lines
from training import defaults, release
from training.__main__ import main
from training.card import write_card
from training.config import Config, load_config

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def config() -> Config:
    """The released configuration with three folds."""
    return replace(load_config(), folds=3)


@pytest.fixture(scope="session")
def data_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file of some hundred invented sentences."""
    return write_lines(tmp_path_factory.mktemp("data") / "sample.jsonl", sample_lines())


@pytest.fixture(scope="session")
def run(data_file: Path, config: Config) -> release.Run:
    """A training run on the data file."""
    return release.train([data_file], config, "one", jobs=1)


@pytest.fixture(scope="session")
def _trained(run: release.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("releases") / "released"
    release.save(run, root, write_card(run))
    again = replace(run, version="two", manifest=run.manifest | {"version": "two"})
    release.save(again, root, write_card(again))
    return root


@pytest.fixture
def root(_trained: Path, tmp_path: Path) -> Path:
    """A folder of releases of one's own, with the versions `one` and `two`, none of them served."""
    return shutil.copytree(_trained, tmp_path / "released")


@pytest.fixture(autouse=True)
def _no_own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's own data take no part: tests do not change with them, nor wait for them."""
    monkeypatch.setattr(defaults, "DATASETS", tmp_path / "no-datasets")


@pytest.fixture(autouse=True)
def _in_one_process() -> Iterator[None]:
    """Cross-validation in threads: no processes are started for a hundred sentences."""
    with joblib.parallel_config(backend="threading"):
        yield


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command of `python -m training`; gives exit code, standard output and standard error."""

    def call(*args: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main([str(arg) for arg in args])
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return call
