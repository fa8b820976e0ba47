"""What our figures are compared with, on the same sentences: always the same label, VADER, plain TF-IDF."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from training.examples import Example, labels

Fold = tuple[Sequence[int], Sequence[int]]

_POLARITY = {"stance": ("against", "neutral", "favor"), "sentiment": ("negative", "neutral", "positive")}


def always_neutral(test: Sequence[Example]) -> list[str]:
    """The most frequent label of real text, every time."""
    return ["neutral"] * len(test)


def vader(test: Sequence[Example], head: str) -> list[str]:
    """VADER's compound score of the sentence, at its authors' thresholds of ±0.05."""
    low, middle, high = _POLARITY[head]
    compounds = [_compound(example.record.text) for example in test]
    return [high if value >= 0.05 else low if value <= -0.05 else middle for value in compounds]


@lru_cache(maxsize=65536)
def _compound(text: str) -> float:
    """VADER's compound score; kept, as both heads and every target of a sentence ask for it."""
    return float(_analyzer().polarity_scores(text)["compound"])


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def textblob(test: Sequence[Example]) -> list[str]:
    """TextBlob's polarity of the sentence at ±0.05: the lexicon of Pattern."""
    from textblob import TextBlob

    values = [TextBlob(example.record.text).sentiment.polarity for example in test]
    return ["positive" if value >= 0.05 else "negative" if value <= -0.05 else "neutral" for value in values]


def plain_tfidf(train: Sequence[Example], test: Sequence[Example], seed: int = 0) -> list[str]:
    """TF-IDF of word uni- and bigrams and logistic regression, blind to the target."""
    rows = range(len(train)), range(len(train), len(train) + len(test))
    return _fit_and_label(_count([*train, *test]), labels(train), *rows, seed)


def plain_tfidf_folds(examples: Sequence[Example], folds: Sequence[Fold], seed: int = 0, jobs: int = -1) -> list[str]:
    """The same by cross-validation: the label of each example by a model of the other folds."""
    counts, gold = _count(examples), labels(examples)
    parts = Parallel(n_jobs=jobs)(delayed(_fit_and_label)(counts, gold, train, test, seed) for train, test in folds)
    guessed = [""] * len(examples)
    for (_, test), part in zip(folds, parts, strict=True):
        for i, label in zip(test, part, strict=True):
            guessed[i] = label
    return guessed


def _count(examples: Sequence[Example]) -> csr_matrix:
    """Words and pairs of words in each sentence; counted once for all folds."""
    return csr_matrix(CountVectorizer(ngram_range=(1, 2)).fit_transform([each.record.text for each in examples]))


def _fit_and_label(
    counts: csr_matrix, gold: Sequence[str], train: Sequence[int], test: Sequence[int], seed: int
) -> list[str]:
    inside, outside = counts[np.asarray(train)], counts[np.asarray(test)]
    kept = np.flatnonzero(np.bincount(inside.indices, minlength=counts.shape[1]) >= min(2, len(train)))
    model = make_pipeline(
        TfidfTransformer(sublinear_tf=True),
        LogisticRegression(solver="newton-cg", max_iter=1000, class_weight="balanced", random_state=seed),
    )
    model.fit(inside[:, kept], [gold[i] for i in train])
    return [str(label) for label in model.predict(outside[:, kept])]
