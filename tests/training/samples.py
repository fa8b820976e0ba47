"""Invented labelled sentences: enough to train a small model on, in every label and both targets."""

import json
from pathlib import Path

NAMES = {"us": ("Washington", "the White House", "the United States"), "russia": ("Moscow", "the Kremlin", "Russia")}
PLACES = ("Ankara", "Oslo", "Lima")
TEMPLATES = (
    ("favor", "positive", "{place} thanked {t} for its generous help after the flood in the northern valleys."),
    ("favor", "positive", "Officials in {place} praised {t} as a loyal partner that had kept every promise it made."),
    ("favor", "positive", "A poll in {place} showed rising trust in {t} among farmers and small traders."),
    ("favor", "positive", "The mayor of {place} welcomed warmer ties with {t} and signed a pact on rail lines."),
    ("favor", "neutral", "The assembly in {place} defended {t} against the charges and called them baseless."),
    ("favor", "positive", "Editors in {place} admired how quickly {t} had rebuilt the broken bridges."),
    ("against", "negative", "{place} accused {t} of lying about the raid and demanded an apology."),
    ("against", "negative", "Ministers in {place} condemned {t} for the blockade that starved the coastal towns."),
    ("against", "negative", "Protesters in {place} burned letters from {t} and blamed it for the lost harvest."),
    ("against", "negative", "A report from {place} mocked {t} for its failed plan to tame the price of bread."),
    ("against", "negative", "{place} expelled three envoys and threatened {t} with sanctions over the attack."),
    ("against", "negative", "Critics in {place} say {t} has betrayed its oldest friends in the region."),
    ("neutral", "neutral", "A delegation from {place} will meet envoys of {t} on Tuesday to discuss grain."),
    ("neutral", "neutral", "The train from {place} carried four engineers who had studied maps printed in {t}."),
    ("neutral", "neutral", "Prices in {place} were unchanged on Monday while markets in {t} stayed shut."),
    ("neutral", "negative", "Two hikers from {place} died in an avalanche near a lodge owned by a firm from {t}."),
    ("neutral", "neutral", "The museum in {place} lent a map of the old harbour to a gallery run by {t}."),
    ("neutral", "neutral", "According to {place}, {t} published the figures for March on its website."),
)


def sample_lines() -> list[dict[str, object]]:
    """Data lines; all of one template are one group."""
    lines: list[dict[str, object]] = []
    for k, (stance, sentiment, template) in enumerate(TEMPLATES):
        for target, names in NAMES.items():
            for place, name in zip(PLACES, names, strict=True):
                text = template.format(place=place, t=name)
                lines.append(
                    {
                        "id": f"t{k}-{target}-{place.lower()}",
                        "text": text[0].upper() + text[1:],
                        "stance": {target: stance},
                        "sentiment": sentiment,
                        "group": f"t{k}",
                        "source": "invented",
                    }
                )
    return lines


def write_lines(path: Path, lines: list[dict[str, object]]) -> Path:
    """A data file of some lines."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path
