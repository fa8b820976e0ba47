"""Artifacts: kept whole, checked before they are read, refused when foreign."""

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn

from models.analyzer import Analyzer
from models.artifact import (
    CARD,
    COMPILED,
    MANIFEST,
    MODEL,
    Artifact,
    load_artifact,
    load_compiled,
    save_artifact,
    sha256,
)
from models.errors import ArtifactError

ROOT = Path(__file__).parents[2]
TEXT = "Ankara praised Moscow and condemned the White House on Tuesday."


@pytest.fixture
def copy(artifact_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny artifact to do damage to."""
    return Path(shutil.copytree(artifact_folder, tmp_path / "copy"))


def forge(folder: Path, data: bytes) -> None:
    """Another model file with a manifest that vouches for it, as an attacker would write it."""
    (folder / MODEL).write_bytes(data)
    vouch(folder, MODEL)


def vouch(folder: Path, name: str) -> None:
    """Write the digest of a file into the manifest."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = sha256(folder / name)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def change(folder: Path, **values: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | values))


class RunsCode:
    """Pickles to a call that makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_what_was_saved_is_loaded_again(artifact_folder: Path, tmp_path: Path) -> None:
    first = load_artifact(artifact_folder)
    again = load_artifact(save_artifact(first, tmp_path / "again", "# Card\n", {"report.md": "fine\n"}))
    assert again.version == first.version == "9.9.9"
    assert (tmp_path / "again" / CARD).read_text() == "# Card\n"
    assert (tmp_path / "again" / "report.md").read_text() == "fine\n"
    assert Analyzer(again).analyze(TEXT, explain=True) == Analyzer(first).analyze(TEXT, explain=True)


def test_the_manifest_names_every_file_with_its_digest(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    assert manifest["files"] == {name: sha256(copy / name) for name in (MODEL, COMPILED, CARD)}
    assert manifest["libraries"]["scikit-learn"] == sklearn.__version__


def test_a_folder_that_exists_is_not_written_over(copy: Path) -> None:
    before = sha256(copy / MODEL)
    with pytest.raises(ArtifactError, match="exists already"):
        save_artifact(load_artifact(copy), copy, "# Card\n")
    assert sha256(copy / MODEL) == before


def test_a_failure_while_saving_leaves_nothing_behind(artifact_folder: Path, tmp_path: Path) -> None:
    artifact = load_artifact(artifact_folder)
    unwritable = Artifact(artifact.pipelines, artifact.manifest | {"odd": object()})
    with pytest.raises(TypeError):
        save_artifact(unwritable, tmp_path / "new", "# Card\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [MODEL, CARD, MANIFEST])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ArtifactError, match=name) as caught:
        load_artifact(copy)
    assert "python -m training train" in caught.value.message


@pytest.mark.parametrize("name", [MODEL, CARD])
def test_a_tampered_file_is_refused(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ArtifactError, match=f"{name} does not match the digest"):
        load_artifact(copy)


def test_a_foreign_pickle_is_refused_and_runs_nothing(copy: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    data = pickle.dumps({"stance": RunsCode(trace), "sentiment": 1})
    pickle.loads(data)
    assert trace.exists(), "the pickle would run code"
    trace.unlink()
    forge(copy, data)
    with pytest.raises(ArtifactError, match="not allowed"):
        load_artifact(copy)
    assert not trace.exists()


@pytest.mark.parametrize("call", ["os.system", "builtins.eval", "builtins.getattr", "numpy.load", "joblib.load"])
def test_a_function_that_a_pickle_names_is_refused(copy: Path, call: str) -> None:
    module, name = call.split(".")
    forge(copy, f"c{module}\n{name}\n(Vtrue\ntR.".encode())
    with pytest.raises(ArtifactError, match=f"{call}, which is not allowed"):
        load_artifact(copy)


def test_object_arrays_are_refused_whatever_they_hold(copy: Path) -> None:
    for array in (np.array(["x", 1], dtype=object), np.zeros(2, dtype=[("a", "O"), ("b", "f8")])):
        forge(copy, pickle.dumps({"stance": array, "sentiment": array}, protocol=5))
        with pytest.raises(ArtifactError, match="array of Python objects"):
            load_artifact(copy)


def test_object_arrays_that_hold_a_foreign_type_are_refused(copy: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    array = np.empty(1, dtype=object)
    array[0] = RunsCode(trace)
    forge(copy, pickle.dumps({"stance": array, "sentiment": array}, protocol=5))
    with pytest.raises(ArtifactError, match="not allowed"):
        load_artifact(copy)
    assert not trace.exists()


@pytest.mark.parametrize("data", [b"", b"no pickle", pickle.dumps([1, 2]), pickle.dumps({"stance": 1})])
def test_a_file_that_holds_no_model_is_refused(copy: Path, data: bytes) -> None:
    forge(copy, data)
    with pytest.raises(ArtifactError, match=r"Retrain|not allowed"):
        load_artifact(copy)


def test_heads_that_are_no_pipelines_are_refused(copy: Path) -> None:
    forge(copy, pickle.dumps({"stance": 1, "sentiment": "x"}))
    with pytest.raises(ArtifactError, match="does not hold"):
        load_artifact(copy)


def test_another_scikit_learn_version_is_refused_with_the_command_that_retrains(copy: Path) -> None:
    change(copy, libraries={"scikit-learn": "0.1"})
    with pytest.raises(ArtifactError, match=r"scikit-learn 0\.1.*python -m training train"):
        load_artifact(copy)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"format": 99}', '{"format": 1}', '{"format": 1, "files": {}, "version": 3}']
)
def test_a_bad_manifest_is_refused(copy: Path, text: str) -> None:
    (copy / MANIFEST).write_text(text)
    with pytest.raises(ArtifactError, match=MANIFEST):
        load_artifact(copy)


@pytest.mark.parametrize("libraries", [None, [], "1.9"])
def test_a_manifest_whose_libraries_are_no_table_is_refused(copy: Path, libraries: Any) -> None:
    change(copy, libraries=libraries)
    with pytest.raises(ArtifactError, match="scikit-learn"):
        load_artifact(copy)


def test_serving_loads_the_same_model_without_scikit_learn(artifact_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.analyzer import Analyzer; "
        f"a = Analyzer.load(Path(sys.argv[1])).analyze({TEXT!r}, explain=True); "
        "print(a == None, 'sklearn' in sys.modules, 'scipy' in sys.modules); print(a.as_dict())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, artifact_folder], capture_output=True, text=True, check=True, cwd=ROOT
    )
    imported, answer = done.stdout.splitlines()
    assert imported == "False False False"
    assert answer == str(Analyzer(load_artifact(artifact_folder)).analyze(TEXT, explain=True).as_dict())


def test_damaged_tables_are_refused(copy: Path) -> None:
    (copy / COMPILED).write_bytes((copy / COMPILED).read_bytes()[:-10])
    with pytest.raises(ArtifactError, match="does not match the digest"):
        load_compiled(copy)


def test_tables_that_are_none_are_refused(copy: Path) -> None:
    (copy / COMPILED).write_bytes(b"no tables")
    vouch(copy, COMPILED)
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_compiled(copy)


def test_an_artifact_without_tables_is_compiled_when_it_is_loaded(copy: Path) -> None:
    expected = Analyzer.load(copy).analyze(TEXT)
    (copy / COMPILED).unlink()
    manifest = json.loads((copy / MANIFEST).read_text())
    del manifest["files"][COMPILED]
    (copy / MANIFEST).write_text(json.dumps(manifest))
    assert Analyzer.load(copy).analyze(TEXT) == expected


def test_tables_do_not_hide_a_foreign_model(copy: Path, tmp_path: Path) -> None:
    forge(copy, pickle.dumps(RunsCode(tmp_path / "ran")))
    with pytest.raises(ArtifactError, match="not allowed"):
        load_compiled(copy)
    assert not (tmp_path / "ran").exists()
