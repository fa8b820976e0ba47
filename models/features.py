"""Features of a view: terms for a TF-IDF vectorizer.

A term is a role and an n-gram, written "role word word"; every kind of feature (a family) is
switched in the training configuration and earns its place in a measured ablation. What is here
is the reference: `models/scorer.pyx` finds the same terms faster.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from models.lexicon import Rating
from models.views import RIVAL, TARGET, View
from models.words import BE, CONJUNCTIONS, MARKS, NEGATIONS, POSSESSIVE, PREPOSITIONS, QUOTES, SAY

FAMILIES = ("words", "stems", "pairs", "window", "triples", "clause", "frames")
STEM = 6  # letters of a word that stand for it and its relatives: "condem" for condemn, condemned, condemnation
WINDOW = 6  # words on either side of a mention
FRAMES = ((-1, 1), (0, 2), (-2, 1), (0, 3), (-1, 2), (-2, 2), (-1, 3))  # around the target: first, last exclusive


@dataclass(frozen=True, slots=True)
class Term:
    """One occurrence of a term: its text, and the words of the view (first, last exclusive) it covers."""

    text: str
    first: int
    last: int


def find_terms(view: View, families: Sequence[str]) -> Iterator[Term]:
    """Every occurrence of every term of the given families in a view."""
    words = view.words
    size = len(words)
    if "words" in families:
        yield from _ngrams("w", words, range(size), 1)
    if "stems" in families:
        yield from (Term(f"s {word[:STEM]}", i, i + 1) for i, word in enumerate(words))
    if "pairs" in families:
        yield from _ngrams("w", words, range(size - 1), 2)
    for target, (first, last) in zip(view.targets, view.clauses, strict=True):
        if "window" in families:
            yield from _ngrams("l", words, range(max(0, target - WINDOW), target), 1)
            yield from _ngrams("r", words, range(target + 1, min(size, target + WINDOW + 1)), 1)
        if "triples" in families:
            yield from _ngrams("t", words, range(max(0, target - 2), min(target, size - 3) + 1), 3)
        if "clause" in families:
            yield from _ngrams("cl", words, range(first, target), 1)
            yield from _ngrams("cr", words, range(target + 1, last), 1)
    if "frames" in families and view.targets:
        yield from _frames(view)


def _ngrams(role: str, words: Sequence[str], starts: Iterable[int], size: int) -> Iterator[Term]:
    for i in starts:
        yield Term(f"{role} {' '.join(words[i : i + size])}", i, i + size)


def _frames(view: View) -> Iterator[Term]:
    slots = find_slots(view)
    where = {slot.first: k for k, slot in enumerate(slots)}
    for target in view.targets:
        k = where[target]
        for before, after in FRAMES:
            inside = slots[max(0, k + before) : k + after]
            names = ["<"] * max(0, -(k + before)) + [slot.name for slot in inside]
            names += [">"] * (after - before - len(names))
            yield Term(f"f {' '.join(names)}", inside[0].first, inside[-1].last)


@dataclass(frozen=True, slots=True)
class Slot:
    """One element of a sentence's frame: its class, and the words of the view it stands for."""

    name: str
    first: int
    last: int


def find_slots(view: View) -> list[Slot]:
    """A sentence boiled down to what shows who does what to whom.

    Mentions, rated words by their polarity, prepositions, forms of "be", negations, conjunctions,
    verbs of saying and punctuation stay; all else is left out.
    """
    rated = {each.first: each for each in view.rated}
    slots = []
    i = 0
    while i < len(view.words):
        each = rated.get(i)
        if each is not None:
            slots.append(Slot(polarity_class(each.rating, each.negated), i, each.last))
            i = each.last
            continue
        name = slot_class(view.words[i])
        if name:
            slots.append(Slot(name, i, i + 1))
        i += 1
    return slots


def slot_class(word: str) -> str:
    """Class of an unrated word in a frame; empty when it has none."""
    if word == TARGET:
        return "T"
    if word == RIVAL:
        return "R"
    if word in PREPOSITIONS or word in BE or word in NEGATIONS or word in CONJUNCTIONS or word == POSSESSIVE:
        return word
    if word in SAY:
        return "SAY"
    if word in QUOTES:
        return '"'
    return "," if word in MARKS else ""


@cache
def polarity_class(rating: Rating, negated: bool) -> str:
    """Class of a rated word: signs toward object and subject, else of its tone; ~ when negated."""
    name = "~" if negated else ""
    if rating.object:
        name += "O-" if rating.object < 0 else "O+"
    if rating.subject:
        name += "S-" if rating.subject < 0 else "S+"
    if not rating.object and not rating.subject:
        name += "G-" if rating.general < 0 else "G+"
    return name


@dataclass(frozen=True, slots=True)
class TermAnalyzer:
    """The analyzer of the TF-IDF vectorizer: a view in, its terms out."""

    families: tuple[str, ...]

    def __call__(self, view: View) -> list[str]:
        return [term.text for term in find_terms(view, self.families)]
