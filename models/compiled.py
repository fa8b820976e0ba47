"""The fast path: a fitted model as tables, scored without scikit-learn.

scikit-learn spends over a millisecond on one row. Here a word is looked up once for all heads and
targets by `models/scorer.pyx`, in C: equal to `predict_proba` to 1e-9 (tested on every kind of
feature and odd text). Where that module is not compiled, and for what is too long for it, the
features are found as `models.features` explains them: the same numbers, more slowly.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from models.compiler import build_tables
from models.features import Term, find_terms
from models.mentions import Mention
from models.polarity import find_polarities
from models.tables import ROLES, HeadTable, Tables
from models.tokens import Tokens
from models.views import View, target_view, whole_view

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

try:
    from models import scorer as _fast
except ImportError:  # not compiled on this machine
    _fast = None  # type: ignore[assignment]

FAST = _fast is not None
Scores = dict[str, float]


class CompiledModel:
    """Heads that read the same sentences. Immutable once made, and safe to share between threads.

    Attributes:
        heads: each compiled head by its name.
    """

    def __init__(self, tables: Tables, fast: bool = FAST) -> None:
        """Args: tables: the model; fast: whether to use the C module."""
        self.tables = tables
        self._scorer = _fast.Scorer(tables) if fast else None
        self.heads = {name: CompiledHead(self, head) for name, head in tables.heads.items()}

    @classmethod
    def of(cls, pipelines: Mapping[str, "Pipeline"], fast: bool = FAST) -> "CompiledModel":
        """Compile fitted pipelines."""
        return cls(build_tables(pipelines), fast)

    def read(
        self, tokens: Tokens, mentions: list[Mention], wanted: Collection[str], whole: str, toward: str
    ) -> tuple[tuple[str, Scores], list[tuple[str, str, Scores]]]:
        """Scores of a sentence, and from each target that it mentions.

        Args:
            tokens: the sentence.
            mentions: its mentions in order, of all targets.
            wanted: ids of the targets that are asked for.
            whole, toward: names of the head that judges the sentence, and of the one that judges it from a target.

        Returns:
            The best label and the probability of each of the sentence, and a list of target, best label
            and probabilities in order of first appearance.
        """
        judge, judge_toward = self.heads[whole], self.heads[toward]
        if self._scorer is not None and len(tokens.lows) < _fast.LONGEST:
            return self._scorer.read(tokens.lows, mentions, wanted, judge.fast, judge_toward.fast)
        view = whole_view(tokens, mentions)
        named = dict.fromkeys(mention.target for mention in mentions if mention.target in wanted)
        seen = [(target, *judge_toward.judge(target_view(view, mentions, target))) for target in named]
        return judge.judge(view), seen

    def logits(self, words: list[str], head: "CompiledHead") -> list[float] | None:
        """Decision values of a head for the words of a view; None where the C module cannot."""
        if self._scorer is None or len(words) >= _fast.LONGEST:
            return None
        return self._scorer.logits(words, head.fast)

    @property
    def known_words(self) -> frozenset[str]:
        """Every word that stands in a term by itself."""
        known: list[bool] = np.any(self.tables.lexis[1:, : len(ROLES)] > 0, axis=1).tolist()
        return frozenset(compress(self.tables.words, known))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of every term; only explanations and the slower way ask for it."""
        return {term: row for row, term in enumerate(self.tables.terms.split("\n"), start=1)}


class CompiledHead:
    """One classifier of a compiled model, ready to score single views.

    Attributes:
        labels: the labels, in the order of the scores.
    """

    def __init__(self, model: CompiledModel, table: HeadTable) -> None:
        self.labels = table.labels
        self._model, self._table = model, table
        self.fast: Any = _fast.Head(table) if FAST else None

    @classmethod
    def of(cls, pipeline: "Pipeline", fast: bool = FAST) -> "CompiledHead":
        """Compile one pipeline alone."""
        return CompiledModel.of({"": pipeline}, fast).heads[""]

    def logits(self, view: View) -> list[float]:
        """Decision value of each label for one view."""
        found = self._model.logits(view.words, self)
        if found is not None:
            return found
        totals = list(self._table.intercept)
        for _, weights in self._weights(view):
            totals = [total + weight for total, weight in zip(totals, weights, strict=True)]
        return totals

    def scores(self, view: View) -> list[float]:
        """Probability of each label for one view; they add up to 1."""
        return softmax(self.logits(view))

    def judge(self, view: View) -> tuple[str, Scores]:
        """The best label, and the probability of each."""
        scores = self.scores(view)
        return self.labels[scores.index(max(scores))], dict(zip(self.labels, scores, strict=True))

    def explain(self, view: View, label: int) -> tuple[list[float], float]:
        """Each word's part of the logit of a label, and the intercept.

        Args:
            view: the sentence from its target.
            label: index in `labels`.

        Returns:
            One weight for each word of the view, and the rest (the intercept); together they add
            up to the logit. The weight of a term of several words is shared equally among them.
        """
        weights = [0.0] * len(view.words)
        for places, parts in self._weights(view):
            for i in places:
                weights[i] += parts[label] / len(places)
        return weights, self._table.intercept[label]

    def _weights(self, view: View) -> Iterator[tuple[list[int], list[float]]]:
        """The words of everything that weighs in a view, and its part of each logit."""
        table, tables, rows = self._table, self._model.tables, self._model.rows
        labels = len(self.labels)
        found: dict[int, list[Term]] = {}
        for term in find_terms(view, table.families):
            row = rows.get(term.text)
            if row is not None:
                found.setdefault(row, []).append(term)
        lines: list[list[float]] = tables.matrix[list(found), table.first : table.first + labels + 1].tolist()
        norm = math.sqrt(sum(line[labels] for line in lines))
        for terms, line in zip(found.values(), lines, strict=True):
            if line[labels]:  # a term of this head
                places = [i for term in terms for i in range(term.first, term.last)]
                yield places, [part / norm for part in line[:labels]]
        for polarity in find_polarities(view):
            weights = tables.sums[polarity.sum, table.first_sum : table.first_sum + labels]
            yield list(range(polarity.first, polarity.last)), (polarity.value * weights).tolist()


def softmax(logits: Sequence[float]) -> list[float]:
    """Probabilities from decision values."""
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]
