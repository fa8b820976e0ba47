"""The commands about releases: serve one, go back, and see what was served when."""

import json
from pathlib import Path

import pytest

from models.releases import current_version, set_current
from tests.training.conftest import Command
from training import cmd_release
from training.cmd_release import show_flips, versions
from training.compare import Flip


def test_a_release_is_promoted_listed_and_rolled_back(command: Command, root: Path) -> None:
    assert command("promote", "one", "--out", root)[:2] == (0, "Serving one.\n")
    code, out, _ = command("promote", "two", "--out", root)
    assert (code, out.splitlines()[0], current_version(root)) == (0, "Serving two instead of one.", "two")
    assert "stance: macro-F1" in out
    assert command("rollback", "--out", root, "--reason", "just so")[:2] == (0, "Serving one instead of two.\n")
    code, out, _ = command("releases", "--out", root)
    assert code == 0
    [served] = [line.split()[0] for line in out.splitlines() if line.rstrip().endswith("served")]
    assert served == "one"
    assert "rollback: two → one (just so)" in out


def test_the_list_for_programs_has_figures_and_history(command: Command, root: Path) -> None:
    code, out, _ = command("releases", "--out", root, "--json")
    found = json.loads(out)
    assert (code, found["current"], found["history"]) == (0, None, [])
    assert [each["version"] for each in found["releases"]] == ["one", "two"]
    assert all(len(each["metrics_sha256"]) == 64 for each in found["releases"])
    code, out, _ = command("promote", "one", "--out", root, "--json")
    assert (code, json.loads(out)["to"]) == (0, "one")
    history = json.loads(command("releases", "--out", root, "--json")[1])["history"]
    assert [(each["action"], each["to"]) for each in history] == [("promote", "one")]


def test_force_wants_a_reason(command: Command, root: Path) -> None:
    set_current("one", root)
    code, out, err = command("promote", "two", "--out", root, "--force")
    assert (code, out, current_version(root)) == (1, "", "one")
    assert "--reason" in err


def test_a_version_that_is_not_there_is_one_line(command: Command, root: Path) -> None:
    set_current("one", root)
    for name in ("promote", "rollback"):
        code, out, err = command(name, "three", "--out", root)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "three" in err


def test_flips_are_counted_by_what_they_did_and_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    flips = [
        Flip("stance", "aa", "russia", "favor", "neutral", "favor", "[red]Lima[/red] slept."),
        Flip("sentiment", "bb", "", "negative", "negative", "neutral", None),
    ]
    show_flips(flips, 0)
    out = capsys.readouterr().out
    assert "2 labels flip: 1 mended, 1 broken, 0 other." in out
    assert "[red]Lima[/red]" in out
    assert "(text not at hand: bb)" in out
    show_flips(flips, 1)
    out = capsys.readouterr().out
    assert "not at hand" not in out
    assert "2 labels flip" in out
    show_flips([], 0)
    assert capsys.readouterr().out == "No label flips.\n"


def test_the_shell_completes_versions(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cmd_release, "RELEASED", root)
    assert versions("") == ["one", "two", "current"]
    assert versions("t") == ["two"]
