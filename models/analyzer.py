"""The way of a document: text, sentences, mentions, views, scores, analysis."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from models.analysis import Analysis, Evidence, Sentence, Sentiment, Span, Stance
from models.artifact import Artifact, load_artifact
from models.compiled import compile_pipelines
from models.errors import UnknownTargetError
from models.lexis import Entry
from models.mentions import Mention, MentionFinder
from models.sentences import split_sentences
from models.targets import CORE_FILE, MORE_FILE, Target, load_targets
from models.tokens import Tokens, tokenize
from models.views import TARGET, View, target_view, whole_view

NAME = "stancewire"


class Analyzer:
    """Reads texts with one model. Immutable once made, and safe to share between threads.

    Attributes:
        targets: the targets it reports, by id.
        artifact: the model.
        threshold: score from which a stance counts as confident.
    """

    def __init__(self, artifact: Artifact, targets: Mapping[str, Target] | None = None) -> None:
        self.artifact = artifact
        self.targets = dict(targets if targets is not None else load_targets(CORE_FILE))
        self.threshold = float(artifact.manifest.get("thresholds", {}).get("confident", 0.0))
        # Targets that are not reported are still known as rivals: the model was trained so.
        self._finder = MentionFinder((load_targets(CORE_FILE, MORE_FILE) | self.targets).values())
        self._lexis, heads = compile_pipelines(artifact.pipelines)
        self._target_entry = self._lexis.read((TARGET,))[0]
        self._stance, self._sentiment = heads["stance"], heads["sentiment"]

    @classmethod
    def load(cls, folder: Path, targets: Mapping[str, Target] | None = None) -> "Analyzer":
        """Load an artifact and make an analyzer of it.

        Raises:
            ArtifactError: the artifact cannot be used; the message says why.
        """
        return cls(load_artifact(folder), targets)

    @property
    def version(self) -> str:
        """Version of the model."""
        return self.artifact.version

    def analyze(
        self,
        text: str,
        targets: Collection[str] | None = None,
        explain: bool = False,
        on: date | None = None,
    ) -> Analysis:
        """Stances and sentiment of every sentence of a text.

        Args:
            text: any text without lone surrogates; offsets in the result count its code points.
            targets: ids to report; None reports all configured ones.
            explain: also give the evidence of each stance.
            on: day of the text; leaders out of office on it are no mention.

        Raises:
            UnknownTargetError: `targets` names one that is not configured.
        """
        wanted = self._wanted(targets)
        pieces = [(start, end, tokenize(text[start:end])) for start, end in split_sentences(text)]
        found = [self._finder.find(tokens, on=on) for _, _, tokens in pieces]
        if len(pieces) > 1:
            named = {mention.target for mentions in found for mention in mentions if not mention.weak}
            found = [self._finder.find(tokens, named, on) for _, _, tokens in pieces] if named else found
        sentences = tuple(
            self._read(index, text, start, end, tokens, mentions, wanted, explain)
            for index, ((start, end, tokens), mentions) in enumerate(zip(pieces, found, strict=True))
        )
        return Analysis(NAME, self.version, sentences)

    def _wanted(self, targets: Collection[str] | None) -> Collection[str]:
        if targets is None:
            return self.targets
        for target in targets:
            if target not in self.targets:
                raise UnknownTargetError(target, list(self.targets))
        return set(targets)

    def _read(
        self,
        index: int,
        text: str,
        start: int,
        end: int,
        tokens: Tokens,
        mentions: Sequence[Mention],
        wanted: Collection[str],
        explain: bool,
    ) -> Sentence:
        whole = whole_view(tokens, mentions)
        entries = self._lexis.read(whole.words)
        scores = self._sentiment.scores(whole, entries)
        sentiment = Sentiment(*_best(self._sentiment.labels, scores))
        stances = []
        for target in dict.fromkeys(mention.target for mention in mentions):
            if target in wanted:
                stances.append(self._stance_toward(target, text, start, tokens, mentions, whole, entries, explain))
        return Sentence(index, text[start:end], start, end, sentiment, tuple(stances))

    def _stance_toward(
        self,
        target: str,
        text: str,
        start: int,
        tokens: Tokens,
        mentions: Sequence[Mention],
        whole: View,
        entries: list[Entry],
        explain: bool,
    ) -> Stance:
        view = target_view(whole, mentions, target)
        read = entries.copy()
        for place, mention in zip(whole.slots, mentions, strict=True):
            if mention.target == target:
                read[place] = self._target_entry
        label, scores = _best(self._stance.labels, self._stance.scores(view, read))
        spans = tuple(
            _span(text, start, *tokens.span(mention.first, mention.last))
            for mention in mentions
            if mention.target == target
        )
        evidence, intercept = None, None
        if explain:
            weights, intercept = self._stance.explain(view, self._stance.labels.index(label))
            evidence = _merge(weights, view, tokens, text, start)
        return Stance(target, label, scores, scores[label] >= self.threshold, spans, evidence, intercept)


def _best(labels: Sequence[str], scores: Sequence[float]) -> tuple[str, dict[str, float]]:
    best = max(range(len(labels)), key=scores.__getitem__)
    return labels[best], dict(zip(labels, scores, strict=True))


def _span(text: str, offset: int, start: int, end: int) -> Span:
    return Span(text[offset + start : offset + end], offset + start, offset + end)


def _merge(weights: Sequence[float], view: View, tokens: Tokens, text: str, start: int) -> tuple[Evidence, ...]:
    """Words with their weights to pieces of text: neighbours that pull the same way become one piece."""
    strongest = max((abs(weight) for weight in weights), default=0.0)
    pieces: list[Evidence] = []
    open_piece: tuple[int, int, float] | None = None

    def close() -> None:
        if open_piece is not None:
            first, last, weight = open_piece
            span = _span(text, start, *tokens.span(first, last))
            pieces.append(Evidence(span.text, span.start, span.end, weight))

    for weight, (first, last) in zip(weights, view.tokens, strict=True):
        strong = abs(weight) >= 0.25 * strongest
        joins = (
            open_piece is not None and open_piece[2] * weight > 0 and strong and abs(open_piece[2]) >= 0.25 * strongest
        )
        if joins and open_piece is not None:
            open_piece = (open_piece[0], last, open_piece[2] + weight)
        else:
            close()
            open_piece = (first, last, weight) if weight else None
    close()
    return tuple(sorted(pieces, key=lambda piece: -abs(piece.weight)))
