"""The command that measures on the public benchmark."""

import json
from pathlib import Path

from tests.training.conftest import Command
from tests.training.corpora import write_mtsc


def test_the_table_has_our_row_beside_the_published_ones(command: Command, tmp_path: Path) -> None:
    write_mtsc(tmp_path / "fetched" / "newsmtsc" / "train.jsonl", articles=12)
    code, printed, err = command("benchmark", "newsmtsc", "--data", tmp_path)
    assert code == 0
    assert "ours" in printed
    assert "GRU-TSC" in printed
    assert "0.831" in printed
    assert "devtest_mt.jsonl is not in" in err


def test_figures_are_printed_for_programs(command: Command, tmp_path: Path) -> None:
    write_mtsc(tmp_path / "newsmtsc.train.jsonl", articles=12)
    code, printed, _ = command("benchmark", "--data", tmp_path, "--json")
    assert code == 0
    assert json.loads(printed)["benchmark"] == "newsmtsc"
