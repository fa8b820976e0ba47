"""Tokens of a sentence, with their offsets.

One pattern serves mention detection and features alike. It is made for text as real pages
print it: dotted abbreviations ("U.S.", "U. S."), possessives as a token of their own,
hyphenated compounds in parts ("Russian-backed" is three tokens) and words that lost the space
between them ("StateJohn").
"""

import re

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


class Tokens:
    """The tokens of one sentence.

    Attributes:
        words: the tokens as written.
        lows: the same in lower case, with straight apostrophes and no inner space.
    """

    __slots__ = ("_starts", "lows", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        words: list[str] = TOKEN.findall(text)
        self.words = words
        self.lows = text_lows = [word.lower() for word in words]
        if "’" in text or ". " in text or ".\xa0" in text:
            self.lows = [_normalize(low) for low in text_lows]
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
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])


def _normalize(low: str) -> str:
    """Straight apostrophe, no space inside ("U. S." and "U.S." are one token)."""
    return "".join(low.replace("’", "'").split())


def tokenize(text: str) -> Tokens:
    """Split a sentence into tokens; offsets count Unicode code points of `text`."""
    return Tokens(text)
