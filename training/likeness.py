"""How alike two sets of sentences are: their shape, their words, and sentences cut from one pattern."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.mentions import Mention, MentionFinder
from models.tokens import Tokens, tokenize
from models.words import BE, FUNCTION_WORDS, NEGATIONS, QUOTES, SAY
from training.examples import default_finder, find_mentions
from training.records import Record

CORE = ("us", "russia")
_PARTICIPLE = re.compile(
    r".+ed|known|seen|shown|given|taken|held|made|built|found|told|killed|sent|hit|put|set|cut|shot|met|"
    r"driven|written|drawn|born|thrown|begun|broken|chosen|spoken|forgotten|sold|paid|led|left|lost|won|caught|brought|"
    r"bought|thought|kept|meant|done|torn|worn|sworn|struck|stolen|frozen|forbidden|understood"
)
_FREQUENT = 0.003  # share of the real sentences from which a word is frequent
_RARE = 0.25  # of that share: below it a word is rare in the others


@dataclass(frozen=True, slots=True)
class Sentence:
    """A record with its tokens and mentions, found once."""

    record: Record
    tokens: Tokens
    mentions: list[Mention]


def read_sentences(records: Sequence[Record], finder: MentionFinder | None = None) -> list[Sentence]:
    """Tokens and mentions of records."""
    finder = finder or default_finder()
    found = []
    for record in records:
        tokens = tokenize(record.text)
        found.append(Sentence(record, tokens, find_mentions(record, tokens, finder)))
    return found


def passive(words: Sequence[str]) -> bool:
    """Whether a form of "be" is followed, with at most one word between, by what looks like a participle."""
    return any(word in BE and any(map(_PARTICIPLE.fullmatch, words[i + 1 : i + 3])) for i, word in enumerate(words))


SHARES: Mapping[str, Callable[[Sentence], bool]] = {
    "both the U.S. and Russia": lambda each: all(target in each.record.stance for target in CORE),
    "two targets or more": lambda each: len(each.record.stance) > 1,
    "a quotation mark": lambda each: any(word in QUOTES for word in each.tokens.words),
    "a verb of saying": lambda each: any(word in SAY for word in each.tokens.lows),
    "a passive": lambda each: passive(each.tokens.lows),
    "a negation": lambda each: any(word in NEGATIONS for word in each.tokens.lows),
    "a number": lambda each: any(word[0].isdigit() for word in each.tokens.words),
}


def shape(sentences: Sequence[Sentence]) -> dict[str, str]:
    """Length and shares of a set of sentences, by name, as text; only those with a target are looked at."""
    chosen = [each for each in sentences if each.record.stance]
    if not chosen:
        return {}
    lengths = np.quantile([len(each.record.text.split()) for each in chosen], (0.1, 0.5, 0.9))
    labels = [label for each in chosen for label in each.record.stance.values()]
    rows = {"sentences with a target": f"{len(chosen):,}", "words: median (10–90 %)": "{1:.0f} ({0:.0f}–{2:.0f})"}
    rows["words: median (10–90 %)"] = rows["words: median (10–90 %)"].format(*lengths)
    for label in ("neutral", "against", "favor"):
        rows[f"stances that are {label}"] = percent(labels.count(label), len(labels))
    for name, holds in SHARES.items():
        rows[f"sentences with {name}"] = percent(sum(map(holds, chosen)), len(chosen))
    toned = [each.record for each in chosen if each.record.sentiment in ("negative", "positive")]
    background = sum(set(record.stance.values()) == {"neutral"} for record in toned)
    rows["neutral toward all, of those with a tone"] = percent(background, len(toned))
    return rows


def percent(part: int, whole: int) -> str:
    """`12.3 %`."""
    return f"{100 * part / max(1, whole):.1f} %"


def missing_words(ours: Sequence[Sentence], real: Sequence[Sentence], most: int = 60) -> tuple[list[str], int, int]:
    """Words that are frequent in real sentences and rare in ours, the most frequent first.

    Returns:
        The first `most` of them, how many there are, and how many words are frequent at all. Names
        (words that are mostly capitalised inside the real sentences) are left out.
    """
    one, two = _document_counts(ours), _document_counts(real)
    names = _names(real)
    frequent = [word for word, count in two.most_common() if count >= _FREQUENT * len(real) and word not in names]
    rare = [word for word in frequent if one[word] / max(1, len(ours)) < _RARE * two[word] / len(real)]
    return rare[:most], len(rare), len(frequent)


def _document_counts(sentences: Sequence[Sentence]) -> Counter[str]:
    return Counter(word for each in sentences for word in {low for low in each.tokens.lows if _is_word(low)})


def _is_word(word: str) -> bool:
    return word.isalpha() and len(word) > 2 and word not in FUNCTION_WORDS


def _names(sentences: Sequence[Sentence]) -> set[str]:
    inner, capitalised = Counter[str](), Counter[str]()
    for each in sentences:
        for word, low in zip(each.tokens.words[1:], each.tokens.lows[1:], strict=True):
            inner[low] += 1
            capitalised[low] += word[0].isupper()
    return {word for word, count in inner.items() if 2 * capitalised[word] > count}


def skeleton(sentence: Sentence) -> str:
    """The sentence with targets, other names and numbers masked, in lower case, without punctuation."""
    masked = {i: "T" for mention in sentence.mentions for i in range(mention.first, mention.last)}
    parts: list[str] = []
    for i, (word, low) in enumerate(zip(sentence.tokens.words, sentence.tokens.lows, strict=True)):
        part = masked.get(i) or ("0" if word[0].isdigit() else "N" if i and word[0].isupper() else low)
        if not (part[0].isalnum() or part[0] == "'") or (parts and part == parts[-1] and part in ("T", "N", "0")):
            continue
        parts.append(part)
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Skeletons:
    """How many sentences are cut from the pattern of another: in all, and of another group."""

    sentences: int
    repeated: int
    across_groups: int


def repeated_skeletons(sentences: Sequence[Sentence]) -> Skeletons:
    """Count sentences whose skeleton another sentence has too.

    Members of one group are small edits of one another by design; a pattern that comes again
    outside of its group is counted by itself.
    """
    found: dict[str, list[str]] = {}
    for each in sentences:
        found.setdefault(skeleton(each), []).append(each.record.group or each.record.digest)
    twins = [groups for groups in found.values() if len(groups) > 1]
    across = sum(len(groups) for groups in twins if len(set(groups)) > 1)
    return Skeletons(len(sentences), sum(map(len, twins)), across)
