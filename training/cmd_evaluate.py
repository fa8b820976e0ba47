"""`python -m training evaluate`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from models.artifact import load_artifact
from training import assess
from training.config import FILE, Config, load_config
from training.console import note, out, print_head, print_json, progress
from training.defaults import data_paths
from training.fit import Step
from training.records import DataError, Record
from training.tables import read_data
from training.validate import crossing, shared_groups

_STEPS = {
    "read": 1, "stance: cross-validation": 50, "stance: fit": 10, "sentiment: cross-validation": 25,
    "sentiment: fit": 5, "score": 10,
}  # fmt: skip
_SECONDS_PER_SENTENCE = 0.005
_HEADS = ("stance", "sentiment")


def command(
    train: Annotated[
        list[Path] | None, typer.Option(help="Fit the configuration on this file; may be repeated.")
    ] = None,
    test: Annotated[list[Path] | None, typer.Option(help="Score this file; may be repeated.")] = None,
    model: Annotated[Path | None, typer.Option(help="Score a finished artifact instead of fitting one.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="Cross-validate this file or folder.", show_default="datasets/")
    ] = None,
    config: Annotated[Path, typer.Option(help="Configuration.", show_default="training/config.toml")] = FILE,
    allow_leaks: Annotated[
        bool, typer.Option("--allow-leaks", help="Leave training sentences that stand in the test file out and go on.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Measure: macro-F1 with intervals for each target, beside the baselines.

    With --train and --test, fits the released configuration on the one and scores the other. With
    --model and --test, scores an artifact. With neither, cross-validates by group on the data.
    Sentences of the test file never help to train: the same sentence in both files stops the run,
    near-duplicates are left out of training and counted.

    Example: python -m training evaluate --train datasets/ --test my_labels.jsonl
    """
    _check(train, test, model, data)
    settings = load_config(config)
    with progress(_STEPS, quiet=json) as step:
        step("read")
        if model is not None:
            figures = _score_artifact(model, read_data(test or ()))
        elif train and test:
            figures = _fit_and_score(read_data(train), read_data(test), settings, allow_leaks, step)
        else:
            figures = _cross_validate(read_data(data_paths(data)), settings, step)
    if json:
        print_json(figures)
        return
    for name in _HEADS:
        if figures[name] is not None:
            print_head(name, figures[name], figures["method"])
    for name, reason in figures["skipped"].items():
        out.print(f"{name}: skipped. {reason}", highlight=False)
    if figures.get("shared_groups"):
        note(
            f"{figures['shared_groups']} groups have the same name in both files. If they are the same articles, "
            "the figures are too good: let each group stand in one file."
        )
    if figures.get("left_out"):
        note(f"{figures['left_out']} training sentences were left out: the test file has (nearly) the same.")


def _check(train: Any, test: Any, model: Any, data: Any) -> None:
    if model is not None and (train or data or not test):
        raise DataError("--model goes with --test FILE and with nothing else.")
    if model is None and bool(train) != bool(test):
        raise DataError("--train and --test go together. To score a finished model, name it with --model DIR.")
    if train and data:
        raise DataError("--data is what cross-validation reads; with --train and --test leave it out.")


def _score_artifact(folder: Path, test: Sequence[Record]) -> dict[str, Any]:
    artifact = load_artifact(folder)
    figures = assess.artifact_on_test(artifact, test)
    skipped = {name: "No test sentence is labelled for it." for name in _HEADS if figures[name] is None}
    return figures | {"method": f"model {artifact.version}", "skipped": skipped, "data": {"test": _count(test)}}


def _fit_and_score(
    train: Sequence[Record], test: Sequence[Record], config: Config, allow_leaks: bool, step: Step
) -> dict[str, Any]:
    kept = without_leaks(train, test, allow_leaks)
    figures: dict[str, Any] = {"method": "trained on other sentences", "skipped": {}}
    for name in _HEADS:
        figures[name] = None
        try:
            head = assess.fit_small(name, kept, config, step)
        except DataError as error:
            figures["skipped"][name] = error.message
            continue
        figures[name] = assess.on_test(name, head.pipeline, head.threshold, test, head.examples, config.seed)
        if figures[name] is None:
            figures["skipped"][name] = "No test sentence is labelled for it."
    if figures["stance"] is None and figures["sentiment"] is None:
        raise DataError(f"Nothing to measure. {' '.join(figures['skipped'].values())}")
    step("score")
    figures |= {"left_out": len(train) - len(kept), "configuration": config.as_dict()}
    figures["shared_groups"] = len({one.group for one, _ in shared_groups(kept, test)})
    return figures | {"data": {"train": _count(kept), "test": _count(test)}}


def without_leaks(train: Sequence[Record], test: Sequence[Record], allow: bool = False) -> list[Record]:
    """The training sentences that have no twin among the test sentences.

    Raises:
        DataError: the same sentence stands in both, and that is not allowed.
    """
    pairs = list(crossing(train, test))
    same = [(one, two) for one, two, similarity in pairs if one.digest == two.digest]
    if same and not allow:
        shown = "; ".join(f"{one.where} = {two.where}" for one, two in same[:20])
        more = f"; and {len(same) - 20} more" if len(same) > 20 else ""
        raise DataError(
            f"{len(same)} test sentences stand in the training data too, so the figures would lie: {shown}{more}. "
            "Delete them on one side, or pass --allow-leaks to leave them out of training."
        )
    leaking = {one.where for one, _, _ in pairs}
    return [record for record in train if record.where not in leaking]


def _cross_validate(records: Sequence[Record], config: Config, step: Step) -> dict[str, Any]:
    figures: dict[str, Any] = {"skipped": {}, "method": f"{config.folds}-fold cross-validation by group"}
    for name in _HEADS:
        figures[name] = None
        try:
            head = assess.fit_small(name, records, config, step)
            if head.held_out is None:
                raise DataError("Too few groups or labels to cross-validate; name a --test file.")
            figures[name] = assess.cross_validated(name, head, config)
        except DataError as error:
            figures["skipped"][name] = error.message
    if figures["stance"] is None and figures["sentiment"] is None:
        raise DataError(f"Nothing to measure. {' '.join(figures['skipped'].values())}")
    step("score")
    return figures | {"configuration": config.as_dict(), "data": {"train": _count(records)}}


def _count(records: Sequence[Record]) -> dict[str, int]:
    return {
        "sentences": len(records),
        "stances": sum(len(record.stance) for record in records),
        "sentiments": sum(record.sentiment is not None for record in records),
    }
