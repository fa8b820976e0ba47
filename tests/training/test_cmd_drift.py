"""The command that says whether new text has drifted from what was trained on."""

import json
from pathlib import Path

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines


def test_the_command_says_it_in_words_and_in_json(
    command: Command, root: Path, data_file: Path, tmp_path: Path
) -> None:
    texts = [str(line["text"]).replace("Oslo", "Quito") for line in sample_lines()]
    new = write_lines(tmp_path / "texts.jsonl", [{"text": text} for text in texts])
    args = ("drift", "--reference", data_file, "--new", new, "--model", "one", "--releases", root)
    code, printed, _ = command(*args, "--json")
    assert code == 0
    figures = json.loads(printed)
    assert {"unseen words", "confident stances"} <= {signal["name"] for signal in figures["signals"]}
    # Two thirds of the new sentences stand in the reference: they say nothing of what is new.
    assert figures["sentences"]["new"] == len([text for text in texts if "Quito" in text])
    code, printed, _ = command(*args)
    assert code == 0
    assert figures["verdict"] in " ".join(printed.split())
