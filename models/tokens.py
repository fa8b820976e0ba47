"""Tokens of a sentence, with their offsets.

One pattern serves mention detection and features alike. It is made for text as real pages
print it: dotted abbreviations ("U.S.", "U. S."), possessives as a token of their own,
hyphenated compounds in parts ("Russian-backed" is three tokens) and words that lost the space
between them ("StateJohn").
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"[A-Z]?[a-zß-öø-ÿ]+(?:['’]t\b)?"  # a word, or the first half of "StateJohn"
    r"|[A-Z]\.(?:\s?[A-Z]\.)+"  # U.S., U. S., F.B.I.
    r"|[A-Z]+(?![a-z])"  # US, NATO, the US of "USSenator"
    r"|['’][sS]\b"  # the possessive
    r"|\d+(?:[.,]\d+)*"
    r"|[^\W_]+"  # any other script
    r"|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one sentence.

    Attributes:
        words: the tokens as written.
        lows: the same in lower case, with straight apostrophes and no inner space.
        starts: offset of each token's first code point in the sentence.
        ends: offset one past each token's last code point.
    """

    words: list[str]
    lows: list[str]
    starts: list[int]
    ends: list[int]


def normalize(word: str) -> str:
    """Lower case, straight apostrophe, no space inside ("U. S." and "U.S." are one token)."""
    return "".join(word.lower().replace("’", "'").split())


def tokenize(text: str) -> Tokens:
    """Split a sentence into tokens; offsets count Unicode code points of `text`."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in TOKEN.finditer(text):
        start, end = match.span()
        words.append(text[start:end])
        starts.append(start)
        ends.append(end)
    if "’" in text or ". " in text or ".\xa0" in text:
        lows = [normalize(word) for word in words]
    else:
        lows = [word.lower() for word in words]
    return Tokens(words, lows, starts, ends)
