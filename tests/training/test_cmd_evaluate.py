import json
from pathlib import Path
from typing import Any

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines

FRESH: list[dict[str, Any]] = [
    {"text": "Lima thanked Moscow for its generous help.", "stance": {"russia": "favor"}, "sentiment": "positive"},
    {"text": "Critics in Oslo condemned the White House for the blockade.", "stance": {"us": "against"}},
    {"text": "A delegation will meet envoys of the Kremlin on Tuesday.", "stance": {"russia": "neutral"}},
]


def test_a_configuration_is_fitted_on_one_file_and_scored_on_another(
    command: Command, data_file: Path, tmp_path: Path
) -> None:
    test = write_lines(tmp_path / "b.jsonl", FRESH)
    code, out, err = command("evaluate", "--train", data_file, "--test", test, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    overall = found["stance"]["overall"]
    assert overall["count"] == 3
    assert overall["low"] <= overall["macro_f1"] <= overall["high"]
    assert set(overall["f1"]) == {"favor", "against", "neutral"}
    assert set(found["stance"]["targets"]) == {"us", "russia"}
    assert "plain TF-IDF + LR" in found["stance"]["baselines"]
    assert found["sentiment"]["overall"]["count"] == 1
    assert found["data"]["train"]["stances"] == 108


def test_the_tables_are_for_people(command: Command, data_file: Path, tmp_path: Path) -> None:
    test = write_lines(tmp_path / "b.jsonl", FRESH)
    code, out, _ = command("evaluate", "--train", data_file, "--test", test)
    assert code == 0
    for word in ("macro-F1 (95 %)", "russia", "VADER", "calibration error"):
        assert word in out


def test_a_tiny_file_without_sentiment_and_with_unknown_targets_works(command: Command, tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"text": "Everyone praised Atlantis.", "stance": {"atlantis": "favor"}, "spans": {"atlantis": [[17, 25]]}},
        {"text": "Nobody trusts Atlantis now.", "stance": {"atlantis": "against"}, "spans": {"atlantis": []}},
        {"text": "Ships sail by Atlantis.", "stance": {"atlantis": "neutral"}},
    ]
    test = [line | {"text": line["text"].replace("Atlantis", "the isle of Ys"), "spans": {}} for line in lines]
    one, two = write_lines(tmp_path / "a.jsonl", lines), write_lines(tmp_path / "b.jsonl", test)
    code, out, _ = command("evaluate", "--train", one, "--test", two, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["stance"]["targets"]["atlantis"]["count"] == 3
    assert found["sentiment"] is None
    assert "Not enough data to train sentiment" in found["skipped"]["sentiment"]


def test_a_sentence_in_both_files_stops_the_run_with_its_lines(
    command: Command, data_file: Path, tmp_path: Path
) -> None:
    test = write_lines(tmp_path / "b.jsonl", [*FRESH, sample_lines()[4]])
    code, _, err = command("evaluate", "--train", data_file, "--test", test)
    assert code == 1
    assert f"{data_file}:5 = {test}:4" in err
    code, out, _ = command("evaluate", "--train", data_file, "--test", test, "--allow-leaks", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["left_out"] >= 1
    assert found["shared_groups"] == 1
    assert found["data"]["train"]["sentences"] == 108 - found["left_out"]


def test_an_artifact_is_scored_as_it_is(command: Command, root: Path, tmp_path: Path) -> None:
    test = write_lines(tmp_path / "b.jsonl", FRESH)
    code, out, _ = command("evaluate", "--model", root / "one", "--test", test, "--json")
    found = json.loads(out)
    assert (code, found["method"], found["stance"]["overall"]["count"]) == (0, "model one", 3)


def test_without_a_test_file_it_cross_validates(command: Command, data_file: Path) -> None:
    code, out, _ = command("evaluate", "--data", data_file, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["method"] == "5-fold cross-validation by group"
    assert found["stance"]["overall"]["count"] == 108


def test_options_that_do_not_go_together_are_refused_in_one_line(command: Command, data_file: Path) -> None:
    for args in (["--train", data_file], ["--model", "x"], ["--test", data_file]):
        code, out, err = command("evaluate", *args)
        assert (code, out) == (1, "")
        assert err.startswith("Error: ")
        assert err.count("\n") == 1


def test_nothing_labelled_is_an_error_that_says_so(command: Command, data_file: Path, tmp_path: Path) -> None:
    test = write_lines(tmp_path / "b.jsonl", [{"text": "Moscow slept.", "stance": {}}])
    code, _, err = command("evaluate", "--train", data_file, "--test", test)
    assert code == 1
    assert "No test sentence is labelled for it" in err
