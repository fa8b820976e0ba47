import subprocess
import sys

import pytest
import typer

from tests.training.conftest import Command
from training.__main__ import app


def test_help_teaches_the_life_of_a_model(command: Command) -> None:
    code, out, _ = command("--help")
    assert code == 0
    for name in ("validate", "train", "evaluate", "compare", "promote", "rollback"):
        assert name in out


@pytest.mark.parametrize("name", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_explains_itself_with_an_example(command: Command, name: str) -> None:
    code, out, _ = command(name, "--help")
    assert code == 0
    assert f"Example: python -m training {name}" in " ".join(out.replace("│", " ").split())


def test_an_unknown_option_is_a_usage_error(command: Command) -> None:
    code, _, err = command("train", "--nonsense")
    assert code == 2
    assert "--nonsense" in err


def test_it_runs_as_a_module_and_tells_errors_without_a_traceback() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "training", "validate", "nowhere.jsonl"], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == "Error: nowhere.jsonl does not exist.\n"
