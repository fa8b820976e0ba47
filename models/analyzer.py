"""The way of a document: text, sentences, mentions, views, scores, analysis."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from models.analysis import Analysis, Evidence, Sentence, Sentiment, Span, Stance
from models.artifact import Artifact, load_compiled
from models.compiled import CompiledModel
from models.errors import UnknownTargetError
from models.mentions import Mention, MentionFinder, settle
from models.sentences import split_sentences
from models.targets import CORE_FILE, MORE_FILE, Target, load_targets
from models.tokens import Tokens, tokenize
from models.views import View, target_view, whole_view

NAME = "stancewire"


@dataclass(slots=True)
class _Spot:
    """A sentence before it is judged: where it stands in the text, its tokens and mentions."""

    index: int
    start: int
    end: int
    tokens: Tokens
    mentions: list[Mention]


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
        self._model = CompiledModel(artifact.tables)
        self._stance = self._model.heads["stance"]

    @classmethod
    def load(cls, folder: Path, targets: Mapping[str, Target] | None = None) -> "Analyzer":
        """Load an artifact and make an analyzer of it.

        Raises:
            ArtifactError: the artifact cannot be used; the message says why.
        """
        return cls(load_compiled(folder), targets)

    @property
    def version(self) -> str:
        """Version of the model."""
        return self.artifact.version

    @property
    def known_words(self) -> frozenset[str]:
        """Every word that the model knows by itself."""
        return self._model.known_words

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
        found = [self._finder.find_all(tokens, on) for _, _, tokens in pieces]
        named = {mention.target for mentions in found for mention in mentions if not mention.weak}
        sentences = [
            self._read(text, _Spot(index, start, end, tokens, settle(mentions, named)), wanted, explain)
            for index, ((start, end, tokens), mentions) in enumerate(zip(pieces, found, strict=True))
        ]
        return Analysis(NAME, self.version, tuple(sentences))

    def _wanted(self, targets: Collection[str] | None) -> Collection[str]:
        if targets is None:
            return self.targets
        for target in targets:
            if target not in self.targets:
                raise UnknownTargetError(target, list(self.targets))
        return set(targets)

    def _read(self, text: str, spot: _Spot, wanted: Collection[str], explain: bool) -> Sentence:
        tone, seen = self._model.read(spot.tokens, spot.mentions, wanted, "sentiment", "stance")
        stances = [self._report(text, spot, target, label, scores, explain) for target, label, scores in seen]
        whole = text[spot.start : spot.end]
        return Sentence(spot.index, whole, spot.start, spot.end, Sentiment(*tone), tuple(stances))

    def _report(
        self, text: str, spot: _Spot, target: str, label: str, scores: dict[str, float], explain: bool
    ) -> Stance:
        start, tokens, mentions = spot.start, spot.tokens, spot.mentions
        spans = tuple(
            [_span(text, start, *tokens.span(first, last)) for name, first, last, _ in mentions if name == target]
        )
        confident = scores[label] >= self.threshold
        if not explain:
            return Stance(target, label, scores, confident, spans)
        view = target_view(whole_view(tokens, mentions), mentions, target)
        weights, intercept = self._stance.explain(view, self._stance.labels.index(label))
        return Stance(target, label, scores, confident, spans, _merge(weights, view, tokens, text, start), intercept)


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
