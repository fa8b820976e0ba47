from dataclasses import replace
from pathlib import Path

import pytest

from models.pipeline import fit_pipeline
from tests.training.samples import write_lines
from tests.training.test_ablate import TEST
from training.config import Config
from training.examples import labels, stance_examples, views
from training.learning_curve import BOTH, as_markdown, learning_curve
from training.metrics import macro_f1
from training.records import DataError, Record
from training.tables import read_data


@pytest.fixture(scope="module")
def records(data_file: Path) -> list[Record]:
    return read_data([data_file])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    return read_data([write_lines(tmp_path_factory.mktemp("test") / "fresh.jsonl", TEST)])


def test_every_size_of_every_kind_is_measured_on_every_test(
    records: list[Record], fresh: list[Record], config: Config
) -> None:
    kinds = {"invented": records[:54], "real": [replace(record, group=None) for record in records[54:]]}
    counted: list[tuple[int, int]] = []
    points = learning_curve(
        kinds, {"a": fresh, "b": fresh[:2]}, config, (20, 60), 2, 1, lambda *done: counted.append(done)
    )
    sizes = {(point.kind, point.sentences, point.whole) for point in points}
    expected = {("invented", 20, False), ("invented", 54, True), ("real", 20, False), ("real", 54, True)}
    assert sizes == expected | {(BOTH, 20, False), (BOTH, 60, False), (BOTH, 108, True)}
    assert len(points) == 2 * len(sizes)
    assert counted[-1] == (11, 11)
    assert all(point.low <= point.macro_f1 <= point.high for point in points)


def test_the_last_point_is_the_fit_on_everything(records: list[Record], fresh: list[Record], config: Config) -> None:
    [point] = learning_curve({"invented": records}, {"fresh": fresh}, config, (), jobs=1)
    train, test = stance_examples(records), stance_examples(fresh)
    pipeline = fit_pipeline(config.stance, views(train), labels(train), seed=config.seed)
    guessed = [str(label) for label in pipeline.predict(views(test))]
    assert point.macro_f1 == pytest.approx(macro_f1(labels(test), guessed, ("favor", "against", "neutral")))
    assert (point.sentences, point.whole, point.low == point.high) == (len(records), True, True)


def test_draws_differ_by_seed_and_come_again(records: list[Record], fresh: list[Record], config: Config) -> None:
    one, two = (learning_curve({"invented": records}, {"f": fresh}, config, (30,), 3, jobs=1) for _ in range(2))
    assert one == two
    assert one[0].low < one[0].high


def test_sentences_of_a_test_are_left_out(records: list[Record], config: Config) -> None:
    [point] = learning_curve({"invented": records}, {"same": records[:6]}, config, (), jobs=1)
    assert point.sentences <= len(records) - 6
    with pytest.raises(DataError, match="no stance labels, or all of them stand in a test file"):
        learning_curve({"invented": records[:6]}, {"same": records[:6]}, config, (), jobs=1)
    with pytest.raises(DataError, match="bare holds no sentence with a stance"):
        learning_curve({"invented": records}, {"bare": [Record("x", "It rains.", {})]}, config, (), jobs=1)


def test_the_table_has_a_line_for_each_size(records: list[Record], fresh: list[Record], config: Config) -> None:
    points = learning_curve({"invented": records}, {"a": fresh, "b": fresh[:2]}, config, (20,), 2, 1)
    lines = as_markdown(points).splitlines()
    assert lines[0] == "| trained on | sentences | a | b |"
    assert lines[2].startswith("| invented | 20 | 0.")
    assert lines[3].startswith("| invented, all | 108 | 0.")
