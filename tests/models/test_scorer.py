"""The C module: there in development, odd input refused, and the same from several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.compiled import FAST, CompiledModel
from models.sentences import LONGEST
from tests.models.conftest import sentiment_pipeline, stance_pipeline, stance_sample

scorer = pytest.importorskip("models.scorer", reason="not compiled: no C compiler was found at installation")


@pytest.fixture(scope="module")
def model() -> CompiledModel:
    return CompiledModel.of({"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline()})


def test_it_is_used() -> None:
    assert FAST


def test_every_sentence_has_fewer_tokens_than_it_can_take() -> None:
    # At worst every character is a word of its own, as in a row of emoji.
    assert LONGEST < scorer.LONGEST


def test_too_many_words_are_refused(model: CompiledModel) -> None:
    fast, head = scorer.Scorer(model.tables), scorer.Head(model.tables.heads["stance"])
    with pytest.raises(OverflowError, match="at most"):
        fast.logits(["a"] * scorer.LONGEST, head)
    with pytest.raises(OverflowError, match="at most"):
        fast.read(["a"] * scorer.LONGEST, [], (), head, head)


def test_no_text_is_kept(model: CompiledModel) -> None:
    fast, head = scorer.Scorer(model.tables), scorer.Head(model.tables.heads["stance"])
    known = len(model.tables.words)
    for i in range(100):
        fast.logits([f"unheard{i}", "TARGET"], head)
    assert len(model.tables.words) == known


def test_threads_do_not_disturb_one_another(model: CompiledModel) -> None:
    views = [example.view for example in stance_sample()[:300]]
    head = model.heads["stance"]
    alone = [head.logits(view) for view in views]
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(lambda _: [head.logits(view) for view in views], range(16)):
            assert together == alone
