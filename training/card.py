"""The model card: what a release is, for people; written from the manifest whenever one is saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from training.assess import scores_of
from training.examples import stance_examples
from training.records import Record
from training.release import Run

# What is hard, in invented sentences: what, sentence, target, label that people give.
_HARD = (
    ("irony", "Another triumph for Moscow's diplomats: not one guest came to the dinner.", "russia", "against"),
    ("double negation", "Hardly anyone in Oslo doubts that Washington kept its word.", "us", "favor"),
    ("the outer voice", "The mayor's praise of the Kremlin alarmed his own voters.", "russia", "against"),
    ("actor and act far apart", "The bridge that the U.S., for all its promises, left to rust fell.", "us", "against"),
    ("knowledge of the world", "The historian compared Moscow to Carthage in its last year.", "russia", "against"),
    ("contrast", "Unlike Russia, she said, the United States had sent doctors.", "russia", "against"),
    ("reported defence", "The committee found no proof that Moscow had poisoned the wells.", "russia", "favor"),
    ("idiom", "In Lima they say Washington could not find its own pocket.", "us", "against"),
)


def write_card(run: Run) -> str:
    """Text of MODEL_CARD.md."""
    manifest, metrics = run.manifest, run.metrics
    parts = [
        f"# {manifest['name']} {run.version}",
        "Stance toward each target that a sentence of English news text mentions (favor, against, neutral), and the "
        "sentiment of the sentence. TF-IDF features seen from the target and multinomial logistic regression "
        "(scikit-learn); the model sees a masked target and never which one it is.",
        *_data(manifest),
        *_figures("Stance", metrics["stance"], manifest["method"]),
        *_figures("Sentiment", metrics["sentiment"], manifest["method"]),
        *_held_out(metrics.get("held_out", {})),
        *_calibration(manifest, metrics),
        "## Symmetry",
        _symmetry(metrics["symmetry"]),
        "## Known failures",
        *_failures(run),
        *_use(),
        *_proof(manifest),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", r"\|") for cell in line) + " |" for line in lines)


def _data(manifest: Mapping[str, Any]) -> list[str]:
    rows = [
        (each["file"], each["sentences"], each["stances"], each["sentiments"], f"`{each['sha256'][:16]}`")
        for each in manifest["training"]
    ]
    parts = ["## Data", _table(("file", "sentences", "stances", "sentiments", "SHA-256"), rows)]
    sources = manifest.get("sources", {})
    if sources:
        named = ", ".join(f"{name} ({count})" for name, count in sources.items())
        parts.append(f"Sentences by source: {named}.")
    if "persent" in sources:
        parts.append("PerSenT is a research corpus without a stated licence; without it, train on `datasets/` alone.")
    settings = "\n".join(f"{name} = {value!r}" for name, value in manifest["configuration"].items())
    return [*parts, "## Configuration", f"```\n{settings}\n```"]


def _figures(title: str, figures: Mapping[str, Any], method: str) -> list[str]:
    labels = list(figures["overall"]["f1"])
    rows = [("**all**", figures["overall"]), *figures.get("targets", {}).items()]
    rows += [(f"*{name}*", each) for name, each in figures.get("baselines", {}).items()]
    cells = [
        (name, _span(each), *(f"{each['f1'][label]:.3f}" for label in labels), f"{each['accuracy']:.3f}", each["count"])
        for name, each in rows
    ]
    head = ("", "macro-F1 (95 %)", *(f"F1 {label}" for label in labels), "accuracy", "n")
    return [f"## {title}", f"By {method}; baselines in italics, on the same sentences.", _table(head, cells)]


def _span(each: Mapping[str, Any]) -> str:
    return f"{each['macro_f1']:.3f} ({each['low']:.3f}–{each['high']:.3f})"


def _held_out(files: Mapping[str, Any]) -> list[str]:
    rows = [
        (file, f"{head}, {part}", _span(each), each["count"])
        for file, heads in files.items()
        for head, figures in heads.items()
        if figures
        for part, each in (("all", figures["overall"]), *figures.get("targets", {}).items())
    ]
    return ["## Held-out files", _table(("file", "", "macro-F1 (95 %)", "n"), rows)] if rows else []


def _calibration(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[str]:
    sure = metrics["stance"]["confident"]
    reached = f"{sure['precision']:.1%} of them are right" if sure["precision"] is not None else "none reaches it"
    rows = [
        (f"{b['low']:.1f}–{b['high']:.1f}", b["count"], f"{b['score']:.3f}", f"{b['accuracy']:.3f}")
        for b in metrics["stance"]["calibration"]["bins"]
    ]
    return [
        "## Calibration",
        f"Scores are calibrated by temperature on cross-validated scores ({manifest['calibration']['stance']:.3f} for "
        f"stance, {manifest['calibration']['sentiment']:.3f} for sentiment){_shifts(manifest['shift'])}. "
        "Expected calibration error: "
        + ", ".join(f"{head} {metrics[head]['calibration']['error']:.3f}" for head in ("stance", "sentiment"))
        + f". A stance is called confident from a score of {sure['threshold']:.2f}: {sure['coverage']:.1%} are, "
        f"and {reached}.",
        _table(("score of the stance", "n", "mean score", "share right"), rows),
    ]


def _shifts(shifts: Mapping[str, Mapping[str, float]]) -> str:
    """How readily labels are given, in words; empty where nothing was changed."""
    told = [f"{head} {label} {value:+.2f}" for head, labels in shifts.items() for label, value in labels.items()]
    return f", and the logits moved for the best macro-F1 on printed text ({', '.join(told)})" if told else ""


def _symmetry(figures: Mapping[str, Any]) -> str:
    if not figures["count"]:
        return "No sentence of the training data names the U.S. or Russia in a way that can be swapped."
    return (
        f"When the names of the U.S. and of Russia change places in the text (“Washington” and “Moscow”, “American” "
        f"and “Russian”), {figures['broken']} of {figures['count']} labels do not follow ({figures['share']:.1%}). "
        "Leaders' names cannot be swapped; sentences with them are not counted."
    )


def _failures(run: Run) -> list[str]:
    records = [Record(what, text, {target: label}) for what, text, target, label in _HARD]
    examples = stance_examples(records)
    scores = scores_of(run.model.stance.pipeline, examples)
    given = [run.model.stance.labels[k] for k in scores.argmax(axis=1)]
    rows = [
        (each.record.id, each.record.text, each.target, each.label, f"{label} ({top:.2f})")
        for each, label, top in zip(examples, given, scores.max(axis=1), strict=True)
    ]
    wrong = sum(label != each.label for each, label in zip(examples, given, strict=True))
    return [
        f"Sentences invented to be hard, with what this release says: {wrong} of {len(rows)} are wrong.",
        _table(("what is hard", "sentence", "target", "people", "this release"), rows),
        "A sentence that means a target and does not name it (“They were cheered”) gets no stance at all.",
    ]


def _use() -> list[str]:
    return [
        "## Use",
        "For measuring how news text speaks of countries over many sentences. Single labels are often wrong, as the "
        "figures above say: read sums and shares, with their errors, and look at sentences before you quote one.",
        "It must not be used to judge, rank or moderate people or their writings, to decide about access, employment, "
        "asylum or prosecution, to steer propaganda, or as evidence of what an author believes: it reads what a "
        "sentence says, or quotes, about a target, not what anybody thinks. It reads English only.",
        "## Licence",
        "Code: Apache-2.0. Data in `datasets/`: CC0. Other corpora keep their own terms; their text is no part of this "
        "release.",
    ]


def _proof(manifest: Mapping[str, Any]) -> list[str]:
    libraries = ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())
    return [
        "## Reproduce",
        "The same data, configuration and libraries give the same figures: `python -m training train` with the files "
        "above. The report that this run wrote beside the releases shows more: mistakes, slices, terms.",
        _table(
            ("", ""),
            [
                ("inputs", f"`{manifest['inputs_sha256']}`"),
                ("metrics", f"`{manifest['metrics_sha256']}`"),
                ("libraries", f"{libraries}, Python {manifest['python']}"),
            ],
        ),
    ]
