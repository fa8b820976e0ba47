from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.corpora import write_mtsc
from training.benchmark import benchmark
from training.config import Config
from training.records import DataError


def test_published_tests_are_scored_where_they_are_there(tmp_path: Path, config: Config) -> None:
    write_mtsc(tmp_path / "newsmtsc.train.jsonl", articles=12)
    write_mtsc(tmp_path / "newsmtsc.devtest_rw.jsonl")
    found = benchmark(tmp_path, replace(config, folds=2), jobs=1)
    assert set(found["sets"]) == {"cv", "rw"}
    assert found["missing"] == ["devtest_mt.jsonl"]
    assert found["sets"]["rw"]["ours"]["count"] == 3
    assert found["sets"]["rw"]["ours"]["macro_f1"] == 1.0  # the test sentences are in the training file here
    assert found["sets"]["cv"]["always neutral"]["accuracy"] == pytest.approx(1 / 3, abs=1e-3)


def test_a_folder_without_the_corpus_is_refused(tmp_path: Path, config: Config) -> None:
    with pytest.raises(DataError, match="holds no NewsMTSC"):
        benchmark(tmp_path, config)
