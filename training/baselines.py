"""What our figures are compared with, on the same sentences: always the same label, VADER, plain TF-IDF."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from training.examples import Example, labels

_POLARITY = {"stance": ("against", "neutral", "favor"), "sentiment": ("negative", "neutral", "positive")}


def always_neutral(test: Sequence[Example]) -> list[str]:
    """The most frequent label of real text, every time."""
    return ["neutral"] * len(test)


def vader(test: Sequence[Example], head: str) -> list[str]:
    """VADER's compound score of the sentence, at its authors' thresholds of ±0.05."""
    analyzer = SentimentIntensityAnalyzer()
    low, middle, high = _POLARITY[head]
    compounds = [analyzer.polarity_scores(example.record.text)["compound"] for example in test]
    return [high if value >= 0.05 else low if value <= -0.05 else middle for value in compounds]


def textblob(test: Sequence[Example]) -> list[str]:
    """TextBlob's polarity of the sentence at ±0.05: the lexicon of Pattern."""
    from textblob import TextBlob

    values = [TextBlob(example.record.text).sentiment.polarity for example in test]
    return ["positive" if value >= 0.05 else "negative" if value <= -0.05 else "neutral" for value in values]


def plain_tfidf(train: Sequence[Example], test: Sequence[Example], seed: int = 0) -> list[str]:
    """TF-IDF of word uni- and bigrams and logistic regression, blind to the target."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(max_iter=1000, class_weight="balanced", random_state=seed),
    )
    model.fit([example.record.text for example in train], labels(train))
    return [str(label) for label in model.predict([example.record.text for example in test])]
