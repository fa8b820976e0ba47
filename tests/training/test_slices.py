"""What the report looks at besides the scores: parts, terms, mistakes and the data itself."""

from dataclasses import replace

import numpy as np
import pytest

from models.pipeline import HeadConfig, fit_pipeline
from tests.conftest import tiny_records
from training import release, slices
from training.config import Config
from training.examples import Example, labels, stance_examples, views
from training.fit import FittedHead, fit_head
from training.records import Record

CONFIG = Config(folds=2)
KINDS = ("against", "favor", "neutral")


@pytest.fixture(scope="module")
def head() -> FittedHead:
    records = [replace(record, source=f"{record.id[0]}/first") for record in tiny_records()]
    return fit_head("stance", CONFIG.stance, stance_examples(records), CONFIG, jobs=1)


def guessing(head: FittedHead, given: list[str]) -> FittedHead:
    """The head, as if cross-validation had given these labels; the later, the surer."""
    scores = np.zeros((len(given), 3))
    for i, label in enumerate(given):
        scores[i, KINDS.index(label)] = 0.5 + i / len(given) / 2
    return replace(head, held_out=scores)


def test_slices_count_every_example_once_for_each_view(head: FittedHead) -> None:
    counts: dict[str, int] = {}
    for row in slices.slices(head):
        counts[row["by"]] = counts.get(row["by"], 0) + row["count"]
        assert 0 <= row["low"] <= row["high"] <= 1
    assert set(counts) == set(slices.SLICES)
    assert set(counts.values()) == {len(head.examples)}


def test_a_slice_has_the_figures_of_its_own_examples(head: FittedHead) -> None:
    wrong = ["neutral" if example.target == "us" else example.label for example in head.examples]
    found = {row["name"]: row for row in slices.slices(guessing(head, wrong)) if row["by"] == "target"}
    assert (found["russia"]["accuracy"], found["russia"]["macro_f1"]) == (1, 1)
    assert found["us"]["accuracy"] == pytest.approx(1 / 3)


def test_entities_are_one_slice_and_small_parts_are_none(head: FittedHead) -> None:
    renamed = [replace(example, target=f"entity_{i % 9}") for i, example in enumerate(head.examples[:-5])]
    examples = renamed + head.examples[-5:]
    found = [row for row in slices.slices(replace(head, examples=examples)) if row["by"] == "target"]
    assert [(row["name"], row["count"]) for row in found] == [("entity", len(renamed))]


def test_the_most_confident_mistakes_come_first(head: FittedHead) -> None:
    wrong = labels(head.examples)
    wrong[3], wrong[30] = "neutral", "favor"
    rows = slices.confidently_wrong(guessing(head, wrong))
    assert [(row["label"], row["gold"]) for row in rows] == [("favor", "against"), ("neutral", "favor")]
    assert rows[0]["score"] > rows[1]["score"]
    assert len(slices.confidently_wrong(guessing(head, wrong), most=1)) == 1
    assert slices.confidently_wrong(guessing(head, labels(head.examples))) == []


@pytest.mark.parametrize("kinds", [KINDS, ("against", "favor")])
def test_the_strongest_terms_are_those_that_only_the_label_has(kinds: tuple[str, ...], head: FittedHead) -> None:
    examples: list[Example] = [example for example in head.examples if example.label in kinds]
    pipeline = fit_pipeline(HeadConfig(families=("words",), polarity_weight=0), views(examples), labels(examples))
    found = slices.strongest_terms(pipeline, most=4)
    assert set(found) == set(kinds)
    assert all(term["weight"] > 0 for rows in found.values() for term in rows)
    words = {label: {term["words"] for term in rows if term["role"] == "anywhere"} for label, rows in found.items()}
    assert words["favor"] & {"thanked", "praised", "backed", "trusted", "welcomed", "admired"}
    assert words["against"] & {"accused", "condemned", "blamed", "denounced", "mocked", "threatened"}
    assert not words["favor"] & words["against"]


def test_the_learning_curve_grows_in_examples(run: release.Run, config: Config) -> None:
    points = slices.learning_curve(run.model.stance, config.stance, config, jobs=1)
    assert [point["examples"] for point in points] == sorted({point["examples"] for point in points})
    assert len(points) > 1


def test_the_profile_counts_labels_lengths_and_conflicts() -> None:
    records = [
        Record("1", "Ada told Ben off.", {"entity_1": "neutral", "entity_2": "against"}, "negative", group="g"),
        Record("2", "Ben slept.", {"entity_1": "neutral"}, source="press/one", group="g"),
        Record("3", "Moscow slept.", {"russia": "neutral"}, source="press/two"),
        Record("4", "MOSCOW slept!", {"russia": "favor"}, "neutral", where="a:4"),
        Record("5", "word " * 70, {}),
    ]
    found = slices.profile(records)
    assert (found["sentences"], found["groups"]) == (5, 3)
    assert found["stances"] == {"entity": {"neutral": 2, "against": 1}, "russia": {"neutral": 1, "favor": 1}}
    assert found["sentiments"] == {"negative": 1, "neutral": 1, "not labelled": 3}
    assert found["sources"] == [("no source", 3), ("press", 2)]
    assert [size for size in found["lengths"] if size[1]] == [(0, 4), (60, 1)]
    assert [problem.where for problem in found["conflicts"]] == ["a:4"]
