"""The fast path gives the scores of scikit-learn, and its explanations add up to them."""

import math
import random

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from models.compiled import FAST, CompiledHead, CompiledModel, softmax
from models.mentions import Mention, MentionFinder
from models.pipeline import HeadConfig, fit_pipeline
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize
from models.views import View, target_view, whole_view
from tests.models.conftest import sample_records, sentiment_pipeline, sentiment_sample, stance_pipeline, stance_sample

STANCE_VIEWS = [example.view for example in stance_sample()]
SENTIMENT_VIEWS = [example.view for example in sentiment_sample()]


# The explained way is there always, the compiled one where there was a C compiler.
WAYS = (False, True) if FAST else (False,)


def odd_views() -> list[View]:
    """Views that no newspaper prints: empty, one word, all targets, very long, nothing but marks."""
    texts = [
        "",
        "X",
        "X X",
        "X " * 30,
        "a " * 700 + "X",
        "a " * 2_100 + "X accused",
        "X " + "~" * 1_900 + " accused",
        ", " * 300 + "X",
        "X ’s - -",
    ]
    texts.append("accused " * 40 + "X" + " praised never" * 40)
    odd = []
    for text in texts:
        tokens = tokenize(text)
        mentions = [Mention("x", i, i + 1) for i, word in enumerate(tokens.words) if word == "X"]
        whole = whole_view(tokens, mentions)
        odd += [whole, target_view(whole, mentions, "x")]
    return odd


def noisy_views() -> list[View]:
    """Words of real sentences in a random order, with mentions of two targets in random places."""
    rng = random.Random(3)
    words = [word for view in STANCE_VIEWS for word in view.words]
    noisy = []
    for _ in range(200):
        tokens = tokenize(" ".join(rng.choices(words, k=rng.randint(1, 60))))
        places = sorted(rng.sample(range(len(tokens.words)), min(len(tokens.words), rng.randint(1, 12))))
        mentions = [Mention(rng.choice("xy"), i, i + 1) for i in places]
        noisy.append(target_view(whole_view(tokens, mentions), mentions, "x"))
    return noisy


def assert_same_scores(pipeline: Pipeline, views: list[View]) -> None:
    expected = pipeline.predict_proba(views)
    for fast in WAYS:
        head = CompiledHead.of(pipeline, fast)
        assert head.labels == tuple(pipeline.named_steps["classifier"].classes_)
        scores = np.array([head.scores(view) for view in views])
        np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-9)


def test_scores_of_stance_are_those_of_scikit_learn(stance_head: Pipeline) -> None:
    assert len(STANCE_VIEWS) > 400
    assert_same_scores(stance_head, STANCE_VIEWS)


def test_scores_of_odd_and_noisy_views_are_those_of_scikit_learn(stance_head: Pipeline) -> None:
    assert_same_scores(stance_head, odd_views() + noisy_views())


def test_scores_of_sentiment_are_those_of_scikit_learn() -> None:
    assert len(SENTIMENT_VIEWS) > 100
    assert_same_scores(sentiment_pipeline(), SENTIMENT_VIEWS + STANCE_VIEWS)


def test_two_labels_give_the_scores_of_scikit_learn_too() -> None:
    examples = [example for example in stance_sample() if example.label != "neutral"][:120]
    views = [example.view for example in examples]
    pipeline = fit_pipeline(HeadConfig(), views, [example.label for example in examples])
    assert_same_scores(pipeline, STANCE_VIEWS)


def test_heads_compiled_together_score_as_alone() -> None:
    pipelines = {"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline()}
    heads = CompiledModel.of(pipelines).heads
    for name, pipeline in pipelines.items():
        alone = CompiledHead.of(pipeline)
        for view in STANCE_VIEWS[:100] + odd_views():
            assert heads[name].scores(view) == pytest.approx(alone.scores(view), abs=1e-12)


def test_a_sentence_is_scored_as_its_views(stance_head: Pipeline) -> None:
    finder = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())
    for fast in WAYS:
        model = CompiledModel.of({"stance": stance_head, "sentiment": sentiment_pipeline()}, fast)
        for record in sample_records()[:200]:
            tokens = tokenize(record.text)
            mentions = finder.find(tokens)
            whole = whole_view(tokens, mentions)
            tone, seen = model.read(tokens, mentions, finder.targets, "sentiment", "stance")
            assert tone[1] == pytest.approx(model.heads["sentiment"].judge(whole)[1], abs=1e-9)
            assert [target for target, _, _ in seen] == list(dict.fromkeys(mention.target for mention in mentions))
            for target, label, scores in seen:
                expected = model.heads["stance"].judge(target_view(whole, mentions, target))
                assert (label, scores) == (expected[0], pytest.approx(expected[1], abs=1e-9))


def test_only_the_targets_asked_for_are_scored() -> None:
    model = CompiledModel.of({"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline()})
    tokens = tokenize("X accused Y of X")
    mentions = [Mention("x", 0, 1), Mention("y", 2, 3), Mention("x", 4, 5)]
    _, seen = model.read(tokens, mentions, {"y"}, "sentiment", "stance")
    assert [target for target, _, _ in seen] == ["y"]


def test_known_words_are_those_of_the_vocabulary() -> None:
    model = CompiledModel.of({"stance": stance_pipeline("all")})
    known = {term.split(" ")[1] for term in model.rows if term.startswith("w ") and term.count(" ") == 1}
    assert known <= model.known_words
    assert "zzz" not in model.known_words


def test_evidence_and_intercept_add_up_to_the_logit(stance_head: Pipeline) -> None:
    head = CompiledHead.of(stance_head)
    for view in STANCE_VIEWS[:300] + odd_views():
        logits = head.logits(view)
        for label in range(len(head.labels)):
            weights, intercept = head.explain(view, label)
            assert len(weights) == len(view.words)
            assert sum(weights) + intercept == pytest.approx(logits[label], abs=1e-9)


def test_logits_are_the_decision_values_of_scikit_learn(stance_head: Pipeline) -> None:
    head = CompiledHead.of(stance_head)
    logits = np.array([head.logits(view) for view in STANCE_VIEWS])
    np.testing.assert_allclose(logits, stance_head.decision_function(STANCE_VIEWS), rtol=0, atol=1e-9)


def test_softmax_adds_up_to_one_however_large_the_logits() -> None:
    for logits in ([0.0, 0.0, 0.0], [1000.0, -1000.0], [-800.0, -801.0, -802.0]):
        scores = softmax(logits)
        assert math.fsum(scores) == pytest.approx(1)
        assert all(0 <= score <= 1 for score in scores)


def test_a_word_never_seen_still_has_its_stem() -> None:
    pipeline = sentiment_pipeline("stems")
    unseen = [word for view in SENTIMENT_VIEWS for word in view.words if len(word) > 8 and word.isalpha()]
    views = [whole_view(tokenize(f"{word[:6]}qqq"), []) for word in unseen[:200]]
    assert_same_scores(pipeline, views)
    scores = {tuple(CompiledHead.of(pipeline).scores(view)) for view in views}
    assert len(scores) > 10, "many stems are known"
