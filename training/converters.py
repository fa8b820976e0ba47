"""Public corpora as labelled sentences.

What these corpora call sentiment toward somebody, or of one toward another, comes near to our stance
but is not the same; the source of every record (`newsmtsc-polarity/…`, `dse-directed/…`) says so, and
`[weights]` in the configuration can weigh them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from training.lines import json_lines, tab_lines
from training.records import DataError, Record, digest

_POLARITY = {2: "against", 4: "neutral", 6: "favor"}
# Class of DSE: the stance toward p and toward q.
_DIRECTED = {
    "0": ("neutral", "neutral"),
    "1": ("neutral", "favor"),
    "2": ("favor", "neutral"),
    "3": ("neutral", "against"),
    "4": ("against", "neutral"),
}
_ARTICLE = re.compile(r".*?_-?\d+_-?\d+(?=_-?\d+_)")
_TWEET_STANCE = {"FAVOR": "favor", "AGAINST": "against", "NONE": "neutral"}
_TWEET_TONE = {
    "pos": "positive", "positive": "positive", "neg": "negative", "negative": "negative",
    "other": "neutral", "neither": "neutral",
}  # fmt: skip
TARGET = "target"  # the key under which the stance toward a person or other entity stands


def newsmtsc(path: Path, name: str) -> Iterator[Record]:
    """Sentences of NewsMTSC, one record for each person judged, with the place of its main mention.

    The stance is the sentence's sentiment toward that person; sentences of one article are one group.

    Args:
        path: a file such as `train.jsonl`.
        name: the corpus file, for the source.

    Raises:
        DataError: a line is not as in NewsMTSC.
    """
    for where, line in json_lines(path):
        try:
            text, gid = line["sentence_normalized"], line["primary_gid"]
            for target in line["targets"]:
                yield Record(
                    id="newsmtsc/" + " ".join(target["Input.gid"].split()),
                    text=text,
                    stance={TARGET: _POLARITY[int(target["polarity"])]},
                    spans={TARGET: (whole_words(text, target["from"], target["to"]),)},
                    group=article_of(gid),
                    source=f"newsmtsc-polarity/{name}",
                    where=where,
                )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(f"{where}: no line of NewsMTSC ({error!r}).") from error


def article_of(gid: str) -> str:
    """The group of a NewsMTSC sentence: its article, which is the first part of its id."""
    found = _ARTICLE.match(gid.replace("\n", " "))
    return f"newsmtsc/{found.group() if found else gid}"


def dse(path: Path, name: str) -> list[Record]:
    """Sentences of DSE, one record for each sentence and entity, exact duplicates merged.

    Class 1 (p favors q) is favor toward q and neutral toward p, and so on. An entity that stands in
    several pairs of one sentence takes the label that is not neutral; favor and against drop it.

    Raises:
        DataError: a line is not as in DSE.
    """
    merged: dict[tuple[str, tuple[int, int]], Record | None] = {}
    for where, fields in tab_lines(path):
        text, spans = without_brackets(fields[0])
        if len(fields) != 4 or fields[3] not in _DIRECTED:
            raise DataError(f"{where}: no line of DSE; expected sentence, p, q and a class from 0 to 4.")
        if len(spans) != 2:
            continue  # which words are p and q cannot be told
        name_of_sentence = digest(text)
        for span, label in zip(_p_then_q(fields, text, spans), _DIRECTED[fields[3]], strict=True):
            key = (name_of_sentence, span)
            new = Record(
                id=f"dse/{name_of_sentence}-{span[0]}-{span[1]}",
                text=text,
                stance={TARGET: label},
                spans={TARGET: (span,)},
                group=name_of_sentence,
                source=f"dse-directed/{name}",
                where=where,
            )
            merged[key] = _stronger(merged[key], new) if key in merged else new
    return [record for record in merged.values() if record is not None]


def _stronger(old: Record | None, new: Record) -> Record | None:
    if old is None or new.stance == old.stance or new.stance[TARGET] == "neutral":
        return old
    return new if old.stance[TARGET] == "neutral" else None


def _p_then_q(
    fields: Sequence[str], text: str, spans: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The spans of p and q: in their order in the sentence, unless the names say otherwise."""
    first, second = spans
    swapped = text[slice(*first)].startswith(fields[2]) and text[slice(*second)].startswith(fields[1])
    return (second, first) if swapped and fields[1] != fields[2] else (first, second)


def without_brackets(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence of DSE without the brackets around its entities, and where these stand, whole words."""
    sentence = " ".join(sentence.split())
    text, spans, start = "", [], None
    for piece in re.split(r"([\[\]])", sentence):
        if piece == "[" and start is None:
            start = len(text)
        elif piece == "]" and start is not None:
            spans.append((start, len(text)))
            start = None
        else:
            text += piece
    return text, [whole_words(text, *span) for span in spans if span[0] < span[1]]


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends, begun and ended with whole words."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def semeval(path: Path) -> Iterator[Record]:
    """Tweets of SemEval-2016 Task 6: stance toward a claim, a person or a cause.

    The key of the stance is the target's name in lower case with `_`. Where the tweet names the
    target the place is given; otherwise it is meant but not named.

    Args:
        path: `trainingdata-all-annotations.txt`, or another file with the columns ID, Target, Tweet,
            Stance and perhaps Sentiment.

    Raises:
        DataError: a line is not as in that corpus.
    """
    lines = tab_lines(path, "cp1252")
    _, header = next(lines, ("", []))
    columns = [name.strip().lower() for name in header]
    if columns[:4] != ["id", "target", "tweet", "stance"]:
        raise DataError(f"{path}: expected the columns ID, Target, Tweet, Stance of SemEval-2016 Task 6.")
    for where, fields in lines:
        row = dict(zip(columns, fields, strict=False))
        if row.get("stance") == "UNKNOWN":
            continue  # a test file without its labels
        if row.get("stance") not in _TWEET_STANCE:
            raise DataError(f"{where}: stance {row.get('stance')!r}; expected {', '.join(_TWEET_STANCE)}.")
        text = " ".join(row["tweet"].replace("#SemST", " ").split())
        if text:
            yield _tweet(row, text, path.stem, where)


def _tweet(row: Mapping[str, str], text: str, name: str, where: str) -> Record:
    key = re.sub(r"\W+", "_", row["target"].lower()).strip("_")
    named = re.compile(re.escape(row["target"].split()[-1]), re.IGNORECASE) if row["target"] in _PEOPLE else None
    spans = tuple(whole_words(text, *found.span()) for found in named.finditer(text)) if named else ()
    return Record(
        id=f"semeval/{name}-{row['id']}",
        text=text,
        stance={key: _TWEET_STANCE[row["stance"]]},
        sentiment=_TWEET_TONE.get(row.get("sentiment", "").strip().lower()),
        spans={key: spans},
        source=f"semeval-2016/{name}",
        where=where,
    )


_PEOPLE = ("Hillary Clinton", "Donald Trump")  # the others are claims, which a tweet seldom names


def is_semeval(path: Path) -> bool:
    """Whether a text file is of SemEval-2016 Task 6."""
    with path.open("rb") as file:
        return file.read(200).lower().startswith(b"id\ttarget\ttweet\tstance")
