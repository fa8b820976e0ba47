"""The model card: every figure that it gives is the manifest's, and its tables are whole."""

import re
from dataclasses import replace
from typing import Any

import pytest

from training.card import write_card
from training.release import Run


@pytest.fixture(scope="module")
def card(run: Run) -> str:
    return write_card(run)


def changed(run: Run, metrics: dict[str, Any] | None = None, **manifest: Any) -> str:
    """The card of a run with other figures."""
    return write_card(replace(run, metrics={**run.metrics, **(metrics or {})}, manifest={**run.manifest, **manifest}))


def test_the_card_gives_figures_data_and_limits(card: str, run: Run) -> None:
    assert card.startswith("# stancewire one\n")
    for part in ("## Data", "## Calibration", "## Symmetry", "## Known failures", "must not be used", "CC0"):
        assert part in card
    for head in ("stance", "sentiment"):
        for each in (run.metrics[head]["overall"], *run.metrics[head]["baselines"].values()):
            figure = f"{each['macro_f1']:.3f} ({each['low']:.3f}–{each['high']:.3f})"
            assert figure in card
    for digest in (run.manifest["inputs_sha256"], run.manifest["metrics_sha256"]):
        assert f"`{digest}`" in card


def test_every_table_has_as_many_cells_in_each_line(card: str) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", card, re.MULTILINE)
    assert len(tables) == 6
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_a_bar_in_a_name_breaks_no_table(run: Run) -> None:
    files = [each | {"file": "a|b.jsonl"} for each in run.manifest["training"]]
    assert "| a\\|b.jsonl |" in changed(run, training=files)


def test_the_hard_sentences_are_counted_as_their_rows_say(card: str) -> None:
    told = re.search(r"(\d+) of (\d+) are wrong", card)
    assert told
    rows = re.findall(r"\| (\w+) \| (\w+) \((\d\.\d\d)\) \|", card)
    assert len(rows) == int(told[2]) == 8
    assert sum(people != release for people, release, _ in rows) == int(told[1])


def test_held_out_files_stand_with_each_head_that_is_labelled(run: Run) -> None:
    assert "## Held-out files" not in write_card(run)
    figures = {"fresh.jsonl": {"stance": run.metrics["stance"], "sentiment": None}}
    found = changed(run, {"held_out": figures})
    assert "| fresh.jsonl | stance, all |" in found
    assert "| fresh.jsonl | stance, russia |" in found
    assert "fresh.jsonl | sentiment" not in found


def test_it_says_when_labels_were_moved_and_when_nothing_is_confident(run: Run) -> None:
    assert "the logits moved" not in write_card(run)
    assert "macro-F1 on printed text (stance favor -0.40)" in changed(run, shift={"stance": {"favor": -0.4}})
    sure = {"threshold": 1.0, "coverage": 0.0, "precision": None}
    assert "0.0% are, and none reaches it." in changed(run, {"stance": {**run.metrics["stance"], "confident": sure}})


def test_it_says_when_nothing_could_be_swapped(run: Run) -> None:
    found = changed(run, {"symmetry": {"count": 0, "broken": 0, "share": 0.0}})
    assert "No sentence of the training data names" in found


def test_a_corpus_without_licence_is_told(run: Run, card: str) -> None:
    assert "without a stated licence" not in card
    assert "PerSenT is a research corpus without a stated licence" in changed(run, sources={"persent": 3})
