"""Comparison of two releases on the same sentences: which is better, and whose label flips."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact, load_artifact
from models.errors import ArtifactError
from models.releases import current_folder
from training.assess import EXAMPLES, scores_of
from training.evaluate import LABELS
from training.metrics import bootstrap, macro_f1
from training.records import Record
from training.release import PREDICTIONS
from training.store import ReleaseError

HEADS = ("stance", "sentiment")
Key = tuple[str, str]  # digest of the text, target


@dataclass(frozen=True, slots=True)
class Guess:
    """One label given to one sentence, beside the right one."""

    gold: str
    label: str


@dataclass(frozen=True, slots=True)
class Flip:
    """A sentence to which two releases give different labels.

    Attributes:
        head: "stance" or "sentiment".
        digest: of the text.
        target: the target judged; empty for sentiment.
        gold: the label given by people.
        old, new: the labels of the two releases.
        text: the sentence; None when only its digest is known.
    """

    head: str
    digest: str
    target: str
    gold: str
    old: str
    new: str
    text: str | None

    @property
    def kind(self) -> str:
        """Whether the flip mends an error, breaks what was right, or swaps one error for another."""
        return "mended" if self.new == self.gold else "broken" if self.old == self.gold else "other"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        return {
            name: getattr(self, name) for name in ("head", "target", "gold", "old", "new", "kind", "text", "digest")
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Attributes:
        old, new: versions.
        basis: which sentences it was made on, in words.
        differences: by head, then by `overall` or target: count, both macro-F1, their difference
            (new - old) with its 95 % interval by paired bootstrap over sentences, and the verdict.
        flips: every sentence whose label flips.
        left_out: test sentences that one of the two was trained on.
    """

    old: str
    new: str
    basis: str
    differences: dict[str, dict[str, dict[str, Any]]]
    flips: list[Flip]
    left_out: int = 0

    @property
    def worse(self) -> list[str]:
        """Heads in which the new release is significantly worse."""
        return [head for head, each in self.differences.items() if each["overall"]["verdict"] == "worse"]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        out = {name: getattr(self, name) for name in ("old", "new", "basis", "differences", "left_out", "worse")}
        return out | {"flips": [flip.as_dict() for flip in self.flips]}


def find_release(name: str, root: Path) -> Path:
    """Folder of a release: a version in `root`, "current", or a path to a folder.

    Raises:
        ArtifactError: there is no such release.
    """
    if name == "current":
        return current_folder(root)
    if (root / name / "manifest.json").is_file():
        return root / name
    if (Path(name) / "manifest.json").is_file():
        return Path(name)
    raise ArtifactError(f"No release {name!r}: no version in {root} and no folder with a manifest.json.")


def compare(old: Path, new: Path, test: Sequence[Record], texts: Mapping[str, str], seed: int = 0) -> Comparison:
    """Compare two releases.

    Args:
        old, new: their folders.
        test: labelled sentences to score both on; none compares their cross-validated labels on the
            sentences that both were trained on.
        texts: text by digest, to show flips when `test` is empty.
        seed: of the bootstrap.

    Raises:
        ArtifactError: a release cannot be loaded.
        ReleaseError: there is nothing on which both can be compared fairly.
    """
    if test:
        seen = set(trained_on(old)) | set(trained_on(new))
        fair = [record for record in test if record.digest not in seen]
        if not fair:
            raise ReleaseError("One of the two releases was trained on every test sentence. Name another --test FILE.")
        guesses = [score_release(load_artifact(folder), fair) for folder in (old, new)]
        texts = {record.digest: record.text for record in fair}
        basis, left_out = f"{len(fair)} test sentences", len(test) - len(fair)
    else:
        guesses = [cross_validated_labels(folder) for folder in (old, new)]
        basis, left_out = "cross-validated labels of sentences that both were trained on", 0
    differences, flips = {}, []
    for head in HEADS:
        one, two = guesses[0].get(head, {}), guesses[1].get(head, {})
        keys = [key for key in one if key in two and one[key].gold == two[key].gold]
        if keys:
            differences[head] = _differences(head, keys, one, two, seed)
            flips += [
                Flip(head, *key, one[key].gold, one[key].label, two[key].label, texts.get(key[0]))
                for key in keys
                if one[key].label != two[key].label
            ]
    if "stance" not in differences:
        raise ReleaseError(f"{old.name} and {new.name} share no labelled sentence. Name a --test FILE.")
    return Comparison(old.name, new.name, basis, differences, flips, left_out)


def score_release(artifact: Artifact, test: Sequence[Record]) -> dict[str, dict[Key, Guess]]:
    """The label that a release gives to each test example, by head."""
    found: dict[str, dict[Key, Guess]] = {}
    for head in HEADS:
        examples = EXAMPLES[head](test)
        if examples:
            order = [str(label) for label in artifact.pipelines[head].classes_]
            best = scores_of(artifact.pipelines[head], examples).argmax(axis=1)
            found[head] = {
                (example.record.digest, example.target or ""): Guess(example.label, order[k])
                for example, k in zip(examples, best, strict=True)
            }
    return found


def cross_validated_labels(folder: Path) -> dict[str, dict[Key, Guess]]:
    """The labels that cross-validation gave while a release was trained, by head.

    Raises:
        ReleaseError: the release does not hold them.
    """
    path = folder / PREDICTIONS
    if not path.is_file():
        raise ReleaseError(f"{folder} holds no {PREDICTIONS}, so it can only be compared on a --test FILE.")
    found: dict[str, dict[Key, Guess]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["head"], {})[row["digest"], row["target"]] = Guess(row["gold"], row["label"])
    return found


def trained_on(folder: Path) -> set[str]:
    """Digests of the texts that a release was trained on; empty when it does not say."""
    path = folder / PREDICTIONS
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {row["digest"] for row in csv.DictReader(file)}


def _differences(
    head: str, keys: Sequence[Key], old: Mapping[Key, Guess], new: Mapping[Key, Guess], seed: int
) -> dict[str, dict[str, Any]]:
    parts: dict[str, list[Key]] = {"overall": list(keys)}
    if head == "stance":
        for key in keys:
            parts.setdefault(key[1], []).append(key)
    return {name: _difference(LABELS[head], part, old, new, seed) for name, part in parts.items()}


def _difference(
    labels: Sequence[str], keys: Sequence[Key], old: Mapping[Key, Guess], new: Mapping[Key, Guess], seed: int
) -> dict[str, Any]:
    gold = [old[key].gold for key in keys]
    guesses = [[side[key].label for key in keys] for side in (old, new)]
    clusters = [key[0] for key in keys]
    # The same seed draws the same sentences for both: a paired bootstrap.
    drawn = [bootstrap(gold, guess, labels, clusters, seed) for guess in guesses]
    low, high = np.quantile(drawn[1] - drawn[0], (0.025, 0.975))
    one, two = (macro_f1(gold, guess, labels) for guess in guesses)
    return {
        "count": len(keys),
        "old": round(one, 4),
        "new": round(two, 4),
        "difference": round(two - one, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "verdict": "better" if low > 0 else "worse" if high < 0 else "no significant difference",
    }
