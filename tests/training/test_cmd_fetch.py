import json
from pathlib import Path

import pytest

from tests.training.conftest import Command
from tests.training.corpora import write_annotations, write_dse, write_mtsc
from tests.training.samples import write_lines
from training.records import digest, read_records
from training.release import gate

SENTENCE = "Lima blamed Moscow again."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of the corpora, already obtained."""
    source = tmp_path / "source"
    write_mtsc(source / "newsmtsc.train.jsonl")
    write_dse(
        source / "dse.train.txt",
        "[Lima] blamed [Moscow] again.|Lima|Moscow|3",
        "[Rome] thanked [Bern] for rice.|Rome|Bern|1",
        "[Cairo] asked [Doha] for rain.|Cairo|Doha|0",
    )
    write_dse(source / "dse.test.txt", "[Cairo] asked [Doha] for rain.|Cairo|Doha|0")
    (source / "trial.txt").write_text("ID\tTarget\tTweet\tStance\n1\tAtheism\tSo it goes\tNONE\n", encoding="utf-8")
    write_annotations(tmp_path / "labels" / "a.jsonl", {"digest": digest(SENTENCE), "stance": {"russia": "against"}})
    return source


def test_files_at_hand_become_training_data(command: Command, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "data"
    code, printed, _ = command("fetch", "--from", folder, "--to", out, "--annotations", tmp_path / "labels", "--json")
    assert code == 0
    figures = json.loads(printed)
    assert figures["annotations"] == {"labels": 1, "found": 1}
    assert [Path(path).name for path in figures["written"]] == [
        "newsmtsc.jsonl",
        "dse.jsonl",
        "semeval.jsonl",
        "annotated.jsonl",
    ]
    assert [record.text for record in read_records(out / "annotated.jsonl")] == [SENTENCE]
    texts = [record.text for record in read_records(out / "dse.jsonl")]
    assert texts == [SENTENCE, SENTENCE, "Rome thanked Bern for rice.", "Rome thanked Bern for rice."]
    gate(read_records(out))


def test_sentences_of_a_development_set_are_left_out(command: Command, folder: Path, tmp_path: Path) -> None:
    dev = write_lines(tmp_path / "dev.jsonl", [{"text": "lima blamed Moscow, again"}])
    out = tmp_path / "data"
    args = ("--from", folder, "--to", out, "--annotations", tmp_path / "labels", "--exclude", dev)
    assert command("fetch", *args)[0] == 0
    assert SENTENCE not in {record.text for record in read_records(out)}
    assert not (out / "annotated.jsonl").exists()


def test_the_folder_can_come_from_the_environment(
    command: Command, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCEWIRE_CORPORA", str(folder))
    assert command("fetch", "dse", "--to", tmp_path / "data")[0] == 0
    assert not (tmp_path / "data" / "newsmtsc.jsonl").exists()


def test_an_unknown_corpus_is_named(command: Command) -> None:
    code, _, err = command("fetch", "ptb")
    assert code == 1
    assert "No corpus 'ptb'; there are newsmtsc, dse, persent." in err
