import json
from pathlib import Path

import pytest

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines
from training.formats import FORMATS
from training.records import read_records


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Unlabelled text."""
    lines = [f"The mayor of town {k} wrote {k} letters to Moscow about {k} bridges." for k in range(30)]
    path = tmp_path / "news.txt"
    path.write_text("\n".join(lines) + "\nIt rained.\n", encoding="utf-8")
    return path


def chosen(name: str, label: str) -> dict[str, object]:
    """An answer as Label Studio writes it."""
    return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [label]}}


@pytest.mark.parametrize("name", FORMATS)
def test_labels_go_out_and_come_back(name: str, command: Command, data_file: Path, tmp_path: Path) -> None:
    path = tmp_path / f"out{FORMATS[name].SUFFIX}"
    assert command("export", data_file, "--to", name, "--out", path)[0] == 0
    into = tmp_path / "back.jsonl"
    code, printed, _ = command("import", path, "--from", name, "--into", into)
    assert code == 0
    assert "0 conflicts" in printed
    assert into.read_text(encoding="utf-8") == data_file.read_text(encoding="utf-8")


def test_what_to_label_next_is_picked_labelled_and_merged(
    command: Command, root: Path, news: Path, data_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "review.json"
    args = ("--for", "review", "--count", 10, "--model", "one", "--releases", root, "--known", data_file, "--json")
    code, printed, _ = command("export", news, *args, "--out", path)
    assert code == 0
    assert json.loads(printed)["sentences"] == 10
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for task in tasks:
        asked = [each["from_name"] for each in task["predictions"][0]["result"]]
        task["annotations"] = [
            {"completed_by": {"email": who}, "result": [chosen(name, "neutral") for name in asked]}
            for who in ("ann", "bob")
        ]
    tasks[0]["annotations"][1]["result"][0] = chosen("stance_russia", "favor")
    path.write_text(json.dumps(tasks), encoding="utf-8")
    into, told = tmp_path / "mine.jsonl", tmp_path / "conflicts.jsonl"
    code, printed, _ = command("import", path, "--from", "label-studio", "--into", into, "--conflicts", told)
    assert code == 0
    assert "ann – bob" in printed
    assert "model – ann" in printed
    assert "1 conflicts" in printed
    assert len(read_records(into)) == 10
    assert json.loads(told.read_text(encoding="utf-8"))["labels"] == {"ann": "neutral", "bob": "favor"}
    assert command("export", news, *args, "--known", into, "--out", tmp_path / "next.json")[0] == 0
    again = json.loads((tmp_path / "next.json").read_text(encoding="utf-8"))
    assert not {task["data"]["text"] for task in again} & {task["data"]["text"] for task in tasks}


def test_a_blind_export_has_no_suggestions(
    command: Command, root: Path, news: Path, data_file: Path, tmp_path: Path
) -> None:
    args = ("--for", "review", "--model", "one", "--releases", root, "--known", data_file, "--blind", "--to", "csv")
    assert command("export", news, *args, "--out", tmp_path / "a.csv")[0] == 0
    assert "suggested" not in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_a_strict_import_writes_nothing_on_a_conflict(command: Command, tmp_path: Path) -> None:
    one = write_lines(tmp_path / "ann.jsonl", [{"text": "Lima thanked Moscow.", "stance": {"russia": "favor"}}])
    two = write_lines(tmp_path / "bob.jsonl", [{"text": "Lima thanked Moscow.", "stance": {"russia": "neutral"}}])
    into = tmp_path / "mine.jsonl"
    code, printed, _ = command("import", one, two, "--from", "jsonl", "--into", into, "--strict")
    assert code == 1
    assert "ann: favor, bob: neutral" in printed
    assert not into.exists()


def test_review_of_nothing_is_refused(command: Command, root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.\n", encoding="utf-8")
    code, _, err = command("export", tmp_path / "a.txt", "--for", "review", "--model", "one", "--releases", root)
    assert code == 1
    assert "Nothing to label" in err
    code, _, err = command("export", "--for", "review")
    assert "Name the files" in err


def test_an_unknown_target_is_named(command: Command, root: Path, news: Path) -> None:
    code, _, err = command("export", news, "--for", "review", "--model", "one", "--releases", root, "--targets", "mars")
    assert code == 1
    assert "No target 'mars'" in err


def test_other_targets_can_be_asked_about(command: Command, root: Path, data_file: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Moscow wrote to Beijing.\nMoscow waits.\n", encoding="utf-8")
    args = ("--for", "review", "--model", "one", "--releases", root, "--known", data_file, "--json")
    out = tmp_path / "a.json"
    code, printed, _ = command("export", tmp_path / "a.txt", *args, "--targets", "china", "--out", out)
    assert code == 0
    assert json.loads(printed)["targets"] == {"china": 1}


def test_the_report_for_programs_is_json(command: Command, data_file: Path) -> None:
    code, printed, _ = command("import", data_file, "--from", "jsonl", "--json")
    assert code == 0
    assert json.loads(printed)["records"] == len(sample_lines())
