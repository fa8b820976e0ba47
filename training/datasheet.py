"""The tables of the datasheet (datasets/README.md), in Markdown, from the data themselves.

They stand between markers (`<!-- counts -->` … `<!-- /counts -->`) and are renewed by
`python -m training datasheet --write`.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from models.analysis import STANCES
from training.likeness import CORE, missing_words, percent, read_sentences, repeated_skeletons, shape
from training.records import DataError, Record, digest, read_records, target_name

AGREEMENT = "agreement.csv"
_TAGS = ("genre", "topic", "decade", "rule")
NO_MENTION = "no mention"


@dataclass(frozen=True, slots=True)
class Data:
    """What the folder holds.

    Attributes:
        files: records of each file of invented sentences, by its path in the folder; held-out files last.
        annotations: lines of each file of labels over public text.
        agreement: counts of (part, head, target, first label, second label).
        real: annotated sentences with their text, where they are at hand.
    """

    files: dict[str, list[Record]]
    annotations: dict[str, list[dict[str, Any]]]
    agreement: dict[tuple[str, str, str, str, str], int]
    real: list[Record]

    @property
    def invented(self) -> list[Record]:
        """All invented sentences, the held-out ones too."""
        return [record for records in self.files.values() for record in records]


def read_folder(folder: Path, real: Sequence[Path] = ()) -> Data:
    """Read a data folder, and the text of annotated sentences where files of them are given.

    Raises:
        DataError: the folder holds no sentences, or a file is not as it must be.
    """
    paths = sorted(folder.glob("*.jsonl")) + sorted((folder / "heldout").glob("*.jsonl"))
    if not paths:
        raise DataError(f"{folder} holds no .jsonl file.")
    annotations = {}
    for path in sorted((folder / "annotations").glob("*.jsonl")):
        try:
            annotations[path.stem] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        except ValueError as error:
            raise DataError(f"{path} has a line that is no JSON: {error}.") from error
    known = {line["digest"] for lines in annotations.values() for line in lines}
    texts = read_records(*real) if real else []
    # Only sentences that the annotations name: not those that were added from elsewhere.
    chosen = [record for record in texts if not known or digest(record.text) in known]
    files = {str(path.relative_to(folder)): read_records(path) for path in paths}
    return Data(files, annotations, _read_agreement(folder / AGREEMENT), chosen)


def _read_agreement(path: Path) -> dict[tuple[str, str, str, str, str], int]:
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            return {(r["part"], r["head"], r["target"], r["first"], r["second"]): int(r["count"]) for r in rows}
    except (KeyError, ValueError) as error:
        raise DataError(f"{path}: needs the columns part, head, target, first, second and count ({error}).") from error


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)]
    lines += [f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def counts(data: Data) -> str:
    """Sentences, pairs and groups of each file; what the folder holds besides."""
    rows = [_count(f"`{name}`", records) for name, records in data.files.items()]
    rows.append(_count("**all invented**", data.invented))
    pairs = [pair for group in groups_of(data.invented) for pair in changed_pairs(group)]
    others = [each for each in data.invented if any(target not in CORE for target in each.stance)]
    facts = [
        ("minimal pairs: two sentences of one group, one label of which differs", len(pairs)),
        ("groups with such a pair", sum(any(changed_pairs(group)) for group in groups_of(data.invented))),
        ("sentences labelled for a country or bloc other than the U.S. and Russia", len(others)),
        ("such countries and blocs", len({target for each in others for target in each.stance} - set(CORE))),
        ("places, nearly all countries, from which sentences are seen", len(places(data.invented))),
        ("sentences with no target (false friends of names)", sum(not record.stance for record in data.invented)),
    ]
    return (
        table(("file", "sentences", "labelled pairs", "groups", "favor", "against", "neutral"), rows)
        + "\n\n"
        + table(("", "count"), facts)
    )


def _count(name: str, records: Sequence[Record]) -> tuple[object, ...]:
    labels = Counter(label for record in records for label in record.stance.values())
    groups = len({record.group or record.digest for record in records})
    return name, len(records), labels.total(), groups, *(labels[label] for label in ("favor", "against", "neutral"))


def groups_of(records: Sequence[Record]) -> list[list[Record]]:
    """Records that share a group, the groups of two or more."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.group:
            found.setdefault(record.group, []).append(record)
    return [group for group in found.values() if len(group) > 1]


def changed_pairs(group: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Pairs of one group that differ in the label of a target that both have."""
    return [
        (one, two)
        for one, two in combinations(group, 2)
        if any(one.stance[target] != two.stance[target] for target in one.stance.keys() & two.stance.keys())
    ]


def _tags(records: Sequence[Record]) -> Counter[tuple[str, str]]:
    pairs = (tag.partition(":") for record in records for tag in record.tags)
    return Counter((kind, name) for kind, _, name in pairs)


def targets(data: Data) -> str:
    """Labels of each target, invented and real, and the tone of the sentences."""
    stances: dict[str, list[Counter[str]]] = {}
    real = [line["stance"] for lines in data.annotations.values() for line in lines]
    for side, found in enumerate(([record.stance for record in data.invented], real)):
        for stance in found:
            for target, label in stance.items():
                stances.setdefault(target_name(target), [Counter(), Counter()])[side][label] += 1
    order = sorted(stances, key=lambda target: (target not in CORE, -sum(c.total() for c in stances[target]), target))
    rows = [(f"`{target}`", *(side[label] for side in stances[target] for label in STANCES)) for target in order]
    head = ("target", *(f"{part}: {label}" for part in ("invented", "real") for label in STANCES))
    tones = [Counter(record.sentiment or "not labelled" for record in data.invented)]
    lines = [line for part in data.annotations.values() for line in part]
    tones.append(Counter(line.get("sentiment") or "not labelled" for line in lines))
    tone_rows = [
        (name, *(tone[name] for tone in tones)) for name in ("negative", "neutral", "positive", "not labelled")
    ]
    return table(head, rows) + "\n\n" + table(("tone of the sentence", "invented", "real"), tone_rows)


def tags(data: Data) -> str:
    """How many invented sentences have each tag."""
    found = _tags(data.invented)
    parts = []
    for kind in _TAGS:
        rows = [(name, count) for (of, name), count in found.most_common() if of == kind]
        parts.append(table((kind, "sentences"), sorted(rows) if kind == "decade" else rows))
    seen = [f"{name} {count:,}" for name, count in places(data.invented).most_common()]
    return "\n\n".join([*parts, f"Seen from {len(seen)} places: {', '.join(seen)}."])


def places(records: Sequence[Record]) -> Counter[str]:
    """From where sentences are seen."""
    found = _tags(records).items()
    return Counter({name.replace("_", " "): count for (kind, name), count in found if kind == "from"})


def annotations(data: Data) -> str:
    """Labels over public text by source, and how many were read once and twice."""
    rows = []
    found: dict[str, list[dict[str, Any]]] = {}
    for lines in data.annotations.values():
        for line in lines:
            found.setdefault(line["source"].split("/")[0], []).append(line)
    for name, lines in sorted(found.items()):
        labels = Counter(label for line in lines for label in line["stance"].values())
        twice = sum(line.get("read", 1) > 1 for line in lines)
        rows.append((name, len(lines), twice, labels.total(), *(labels[label] for label in STANCES)))
    rows.append(("**all**", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True))))
    return table(("source", "sentences", "read twice", "labelled pairs", *STANCES), rows)


def comparison(data: Data) -> str:
    """Invented beside real sentences: shape, and words that ours lack."""
    ours, real = read_sentences(data.invented), read_sentences(data.real)
    one, two = shape(ours), shape(real)
    words, rare, frequent = missing_words(ours, real)
    text = table(("", "invented", "real"), [(name, one[name], two.get(name, "")) for name in one])
    if not frequent:
        return text
    return (
        f"{text}\n\nOf {frequent:,} words that stand in 0.3 % of the real sentences or more (names left out), {rare:,} "
        f"are less than a quarter as frequent in the invented ones; the most frequent of them: {', '.join(words)}."
    )


def skeletons(data: Data) -> str:
    """How many invented sentences repeat the pattern of another."""
    found = repeated_skeletons(read_sentences(data.invented))
    return (
        f"Of {found.sentences:,} invented sentences, {found.repeated:,} "
        f"({percent(found.repeated, found.sentences)}) are the same as another after targets, names and numbers are "
        f"masked; {found.across_groups:,} ({percent(found.across_groups, found.sentences)}) the same as one outside of "
        "their own group."
    )


def kappa(pairs: Mapping[tuple[str, str], int]) -> tuple[int, float, float]:
    """Number of pairs of labels, share of equal ones, and Cohen's kappa."""
    total = sum(pairs.values())
    equal = sum(count for (one, two), count in pairs.items() if one == two) / total
    first, second = Counter[str](), Counter[str]()
    for (one, two), count in pairs.items():
        first[one] += count
        second[two] += count
    chance = sum(first[label] * second[label] for label in first) / total**2
    return total, equal, (equal - chance) / (1 - chance) if chance < 1 else 1.0


def agreement(data: Data) -> str:
    """Agreement of two blind labellings: by part, for the frequent targets, and for each label."""
    rows: list[tuple[object, ...]] = []
    for part in ("invented", "real"):
        for head in ("stance", "sentiment"):
            found: dict[str, Counter[tuple[str, str]]] = {}
            for (of, kind, target, one, two), count in data.agreement.items():
                if (of, kind) == (part, head):
                    for name in ("", target) if target else ("",):
                        found.setdefault(name, Counter())[one, two] += count
            for name, pairs in sorted(found.items(), key=lambda item: -item[1].total()):
                if not name or pairs.total() >= 200:
                    rows.append(_agreed(f"{part}, {head}{f', `{name}`' if name else ''}", pairs))
            whole = found.get("", Counter())
            for label in sorted({one for one, _ in whole} - {NO_MENTION}):
                alike = Counter[tuple[str, str]]()
                for (one, two), count in whole.items():
                    alike[str(one == label), str(two == label)] += count
                rows.append(_agreed(f"{part}, {head}: {label} or not", alike))
    return table(("", "compared", "equal", "kappa"), rows)


def _agreed(name: str, pairs: Mapping[tuple[str, str], int]) -> tuple[object, ...]:
    total, equal, value = kappa(pairs)
    return name, total, f"{100 * equal:.1f} %", f"{value:.3f}"


SECTIONS: Mapping[str, Callable[[Data], str]] = {
    "counts": counts,
    "targets": targets,
    "tags": tags,
    "annotations": annotations,
    "agreement": agreement,
    "skeletons": skeletons,
    "comparison": comparison,
}


def sections(data: Data) -> dict[str, str]:
    """Every table that the data allow, by name: what needs data that are not at hand is left out."""
    missing = {
        "annotations": not data.annotations,
        "agreement": not data.agreement,
        "comparison": not data.real,
    }
    return {name: make(data) for name, make in SECTIONS.items() if not missing.get(name)}


def renew(text: str, found: Mapping[str, str], where: str) -> str:
    """A text with the parts between markers renewed; other parts, and tables left out, stay as they are.

    Raises:
        DataError: a marker is missing.
    """
    for name, part in found.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise DataError(f"{where} has no place for {name!r}: add the lines <!-- {name} --> and <!-- /{name} -->.")
        text = pattern.sub(lambda match, part=part: f"{match[1]}\n{part}\n\n{match[2]}", text)  # type: ignore[misc]
    return text
