"""Invented sentences in the formats of the public corpora."""

import csv
import json
from pathlib import Path

from tests.training.samples import write_lines

MTSC = (
    ("allsides_7_3_1", "The clerk praised Ada Moss before the vote on grain.", "Ada Moss", 6.0),
    ("allsides_7_3_2", "Critics said Ada Moss had lied about the harvest.", "Ada Moss", 2.0),
    ("polusa_v1_55_-1_4", "Later Ben Yarrow flew to Lima.", "Ben Yarrow", 4.0),
)


def mtsc_line(gid: str, text: str, *targets: tuple[str, float]) -> dict[str, object]:
    """A line of NewsMTSC."""
    found = []
    for mention, polarity in targets:
        start = text.index(mention)
        found.append(
            {
                "Input.gid": f"{gid}_{mention}_{start}_{start + len(mention)}",
                "from": start,
                "to": start + len(mention),
                "mention": mention,
                "polarity": polarity,
            }
        )
    return {"primary_gid": found[0]["Input.gid"], "sentence_normalized": text, "targets": found}


def write_mtsc(path: Path, articles: int = 1) -> Path:
    """A NewsMTSC file; more articles repeat the sentences with other names."""
    lines = []
    for n in range(articles):
        for gid, text, mention, polarity in MTSC:
            name = mention if n == 0 else f"{mention}{n}"
            lines.append(
                mtsc_line(
                    gid.replace("7_3", f"7_{n + 3}").replace("55", f"{n + 55}"),
                    text.replace(mention, name),
                    (name, polarity),
                )
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_lines(path, lines)


def write_dse(path: Path, *lines: str) -> Path:
    """A DSE file; `|` stands for the tabs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line.replace("|", "\t") + "\n" for line in lines), encoding="utf-8")
    return path


def write_persent(path: Path, *documents: str) -> Path:
    """A PerSenT file with some documents."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("DOCUMENT_INDEX", "TITLE", "TARGET_ENTITY", "DOCUMENT", "MASKED_DOCUMENT", "TRUE_SENTIMENT"))
        for number, document in enumerate(documents):
            writer.writerow((number, "A title", "Ada Moss", document, "", "Neutral"))
    return path


def write_annotations(path: Path, *lines: dict[str, object]) -> Path:
    """A file of labels by digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
