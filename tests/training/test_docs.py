"""Every command of docs/training.md, in its order, on small data."""

import re
import shlex
from pathlib import Path

import pytest

from models.releases import current_version
from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines

GUIDE = Path(__file__).parent.parent.parent / "docs" / "training.md"
RELEASING = ("train", "compare", "promote", "rollback", "releases", "reproduce")


def test_every_command_of_the_guide_works(
    command: Command, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datasets").mkdir()
    lines = sample_lines()
    write_lines(tmp_path / "datasets" / "a.jsonl", lines[:90])
    write_lines(tmp_path / "my_labels.jsonl", lines[90:])
    test = [{"text": "Lima condemned the Kremlin for the raid.", "stance": {"russia": "against"}}]
    write_lines(tmp_path / "my_test.jsonl", test)
    assert command("promote", "one", "--out", root)[0] == 0
    commands = re.findall(r"^python -m training (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 11
    for line in commands:
        args = shlex.split(line.replace("models/released", str(root)))
        if args[0] in RELEASING:
            args += ["--out", str(root)]
        if args[0] == "promote":
            args += ["--test", "my_test.jsonl"]
        code, _, err = command(*args)
        assert (line, code, err if code else "") == (line, 0, "")
    assert current_version(root) == "one"
    assert (tmp_path / "reports" / "mine.html").is_file()
    assert (tmp_path / "reports" / "tune-stance.jsonl").is_file()


def test_the_line_that_the_guide_shows_is_good(command: Command, tmp_path: Path) -> None:
    [line] = re.findall(r"```json\n(.+)\n```", GUIDE.read_text(encoding="utf-8"))
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    assert command("validate", path)[0] == 0
