"""The command that checks data: what it prints, and how it exits."""

import json
from pathlib import Path
from typing import Any

from tests.training.conftest import Command
from tests.training.samples import write_lines
from training.cmd_validate import SHOWN


def line(text: str) -> dict[str, Any]:
    return {"text": text, "stance": {"russia": "neutral"}}


def test_the_command_names_file_line_and_mend_and_exits_with_1(command: Command, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [line("Oslo slept."), line("Moscow slept.")])
    code, out, _ = command("validate", path)
    assert code == 1
    assert f"{path}:1: mention: `stance` has 'russia'" in out
    assert "2 sentences, 2 stances, 1 problems." in out


def test_the_command_gives_every_problem_to_programs(command: Command, tmp_path: Path, data_file: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [line("Oslo slept.")])
    code, out, _ = command("validate", path, "--json")
    found = json.loads(out)
    assert (code, found["records"], found["problems"][0]["kind"]) == (1, 1, "mention")
    code, out, _ = command("validate", data_file, "--json")
    assert (code, json.loads(out)["problems"]) == (0, [])


def test_warnings_fail_only_when_asked_to(command: Command, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [line("Moscow met the White House.")])
    assert command("validate", path)[0] == 0
    assert command("validate", path, "--strict")[0] == 1


def test_the_first_problems_are_shown_and_all_of_them_when_asked_for(command: Command, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"text": f"Oslo {i}.", "stance": "none"} for i in range(SHOWN + 3)])
    code, out, err = command("validate", path)
    assert (code, out.count("`stance` must be")) == (1, SHOWN)
    assert "and 3 more; --all shows them." in err
    code, out, _ = command("validate", path, "--all")
    assert (code, out.count("`stance` must be")) == (1, SHOWN + 3)
