"""Tokens of a sentence, with their offsets.

One pattern serves mention detection and features alike. It is made for text as real pages
print it: dotted abbreviations ("U.S.", "U. S."), possessives as a token of their own,
hyphenated compounds in parts ("Russian-backed" is three tokens) and words that lost the space
between them ("StateJohn").
"""

import re
from itertools import chain
from typing import TypeVar

Value = TypeVar("Value")

TOKEN = re.compile(
    r"[A-Z]?[a-zß-öø-ÿ]+(?:['’]t\b)?"  # a word, or the first half of "StateJohn"
    r"|[A-Z]\.(?:\s?[A-Z]\.)+"  # U.S., U. S., F.B.I.
    r"|[A-Z]+(?![a-z])"  # US, NATO, the US of "USSenator"
    r"|['’][sS]\b"  # the possessive
    r"|\d+(?:[.,]\d+)*"
    r"|[^\W_]+"  # any other script
    r"|[^\w\s]"
    r"|_+"
)
_SPACED = re.compile(r"[A-Z]\.\s[A-Z]\.")  # the only tokens that reach over white space
_KEPT = 1 << 15  # pieces of text remembered at most, so that memory stays flat
_LONGEST_KEPT = 24


class _Pieces(dict[str, tuple[str, ...]]):
    """Tokens of a piece of text between white space; pieces are few and come again and again."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        words = tuple(TOKEN.findall(piece))
        return _keep(self, piece, words)


class _Lows(dict[str, str]):
    """A token in lower case, with straight apostrophes and no space inside ("U. S." and "U.S." are one)."""

    def __missing__(self, word: str) -> str:
        low = "".join(word.lower().replace("’", "'").split())
        return _keep(self, word, low)


def _keep(cache: dict[str, Value], key: str, value: Value) -> Value:
    if len(key) <= _LONGEST_KEPT:
        if len(cache) >= _KEPT:
            cache.clear()
        cache[key] = value
    return value


_PIECES, _LOWS = _Pieces(), _Lows()


class Tokens:
    """The tokens of one sentence.

    Attributes:
        words: the tokens as written.
        lows: the same in lower case, with straight apostrophes and no inner space.
    """

    __slots__ = ("_starts", "lows", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        words: list[str]
        if _SPACED.search(text) is None:
            words = list(chain.from_iterable(map(_PIECES.__getitem__, text.split())))
        else:
            words = TOKEN.findall(text)
        self.words = words
        self.lows = list(map(_LOWS.__getitem__, words))
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offset of each token's first code point in the sentence; found when first asked for."""
        if self._starts is None:
            # Every character but white space belongs to a token, so the next match is the token itself.
            find, at, starts = self.text.find, 0, []
            for word in self.words:
                at = find(word, at)
                starts.append(at)
                at += len(word)
            self._starts = starts
        return self._starts

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets (start, end) in the sentence of the tokens `first` to `last` (exclusive)."""
        words, find = self.words, self.text.find
        start = find(words[first])
        # What stands only once in the text is found without looking at all that comes before it.
        if self._starts is not None or find(words[first], start + 1) != -1:
            start = self.starts[first]
        end = start + len(words[first])
        for i in range(first + 1, last):
            end = find(words[i], end) + len(words[i])
        return start, end


def tokenize(text: str) -> Tokens:
    """Split a sentence into tokens; offsets count Unicode code points of `text`."""
    return Tokens(text)
