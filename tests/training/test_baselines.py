"""What we are compared with: each does what its name says, and learns from the training side alone."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from tests.conftest import tiny_records
from training.baselines import always_neutral, plain_tfidf, plain_tfidf_folds, textblob, vader
from training.examples import Example, labels, sentiment_examples, stance_examples
from training.records import Record

GOOD = "The excellent news delighted Moscow."
BAD = "The terrible murder horrified Moscow."
FLAT = "The train arrives in Moscow."


def toned(*texts: str) -> list[Example]:
    return sentiment_examples(Record(text, text, {}, "neutral") for text in texts)


def test_the_lexicons_tell_good_from_bad() -> None:
    examples = toned(GOOD, BAD, FLAT)
    assert vader(examples, "sentiment") == ["positive", "negative", "neutral"]
    assert textblob(examples) == ["positive", "negative", "neutral"]
    assert vader(examples, "stance") == ["favor", "against", "neutral"]


def test_the_simplest_guess_never_changes() -> None:
    assert always_neutral(toned(GOOD, BAD)) == ["neutral", "neutral"]


def test_plain_tfidf_is_that_of_scikit_learn_fitted_on_the_training_side() -> None:
    examples = stance_examples(tiny_records())
    order = np.random.default_rng(1).permutation(len(examples))
    train, test = ([examples[i] for i in part] for part in (order[:40], order[40:]))
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(solver="newton-cg", max_iter=1000, class_weight="balanced"),
    )
    model.fit([each.record.text for each in train], labels(train))
    assert plain_tfidf(train, test) == model.predict([each.record.text for each in test]).tolist()


def test_plain_tfidf_is_blind_to_the_target() -> None:
    both = Record("a", "Oslo thanked Moscow and accused Washington.", {"us": "against", "russia": "favor"})
    one, two = plain_tfidf(stance_examples(tiny_records()), stance_examples([both]))
    assert one == two


def test_each_fold_is_labelled_by_a_model_of_the_others() -> None:
    examples = stance_examples(tiny_records())
    halves = list(range(0, len(examples), 2)), list(range(1, len(examples), 2))
    found = plain_tfidf_folds(examples, [halves, halves[::-1]], jobs=1)
    for train, test in (halves, halves[::-1]):
        alone = plain_tfidf([examples[i] for i in train], [examples[i] for i in test])
        assert [found[i] for i in test] == alone
