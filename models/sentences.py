"""Sentences of a text, with offsets.

The splitter is sentencex, made for newswire ("U.S.", "Mr.", quotes, brackets). On top of it a
line break ends a sentence where a heading or a blank line does, and what is too long to be a
sentence is cut, so that cost stays linear whatever the text.
"""

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

LONGEST = 2_000  # code points; the longest real sentence of our corpora has about 1,200
_WRAPPED_LINE = 60  # a line that breaks off later than this may be wrapped text
_TERMINATORS = frozenset(".!?…:;,-–—\"'”’)]")


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every sentence, in code points, without the white space around it.

    Args:
        text: any text without lone surrogates.
    """
    one_line = len(text) <= LONGEST and "\n" not in text
    for piece in get_sentence_boundaries("en", text) if one_line else _by_line(text):
        start, end = piece["start_index"], piece["end_index"]
        yield from _cut(text, start, end)


def _by_line(text: str) -> Iterator[dict[str, int]]:
    for piece in get_sentence_boundaries("en", text):
        start, end = piece["start_index"], piece["end_index"]
        line = start
        while (newline := text.find("\n", line, end)) != -1:
            if _breaks(text, line, newline, end):
                yield {"start_index": start, "end_index": newline}
                start = newline + 1
            line = newline + 1
        yield {"start_index": start, "end_index": end}


def _breaks(text: str, line: int, newline: int, end: int) -> bool:
    """Whether a line break ends a sentence: a blank line does, and a short line such as a heading."""
    following = text[newline + 1 : min(end, newline + 81)]
    if not following or following[0] in "\r\n" or not following.strip():
        return True
    before = text[max(line, newline - 200) : newline].rstrip()
    if not before:
        return True
    return newline - line < _WRAPPED_LINE and before[-1] not in _TERMINATORS and following.lstrip()[0].isupper()


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space != -1 else start + LONGEST
        yield start, cut
        start = cut
        while text[start].isspace():
            start += 1
    if start < end:
        yield start, end
