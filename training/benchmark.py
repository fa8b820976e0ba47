"""NewsMTSC as a benchmark: our configuration beside published systems, on the same sentences."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.analysis import STANCES
from models.pipeline import fit_pipeline
from training import baselines
from training.config import Config
from training.converters import newsmtsc
from training.examples import Example, labels, stance_examples, views
from training.fetch import CorpusFile, find_files, load_catalogue
from training.fit import Step, cross_validate, source_weights, split_folds
from training.metrics import score
from training.records import DataError, Record

TESTS = {"rw": "devtest_rw.jsonl", "mt": "devtest_mt.jsonl"}
# Macro-F1 as published by Hamborg and Donnay (EACL 2021), tables of results; mt of BERT as a range.
PUBLISHED = {"RoBERTa GRU-TSC": {"rw": "83.1", "mt": "82.5"}, "BERT": {"rw": "80", "mt": "74-77"}}
# Macro-F1 that simple systems were measured to reach on the published tests.
MEASURED = {
    "plain TF-IDF + LR": {"rw": "59", "mt": "57.5"},
    "VADER": {"rw": "51", "mt": "48"},
}

Figures = dict[str, dict[str, Any]]


def benchmark(folder: Path, config: Config, step: Step = lambda name: None, jobs: int = -1) -> dict[str, Any]:
    """Score the configuration's stance head on NewsMTSC.

    Args:
        folder: what `fetch` wrote, or a folder with `newsmtsc/train.jsonl` or `newsmtsc.train.jsonl`.
        config: settings; 5-fold cross-validation by article where it says five folds.
        step: called as each step begins.
        jobs: processes; -1 takes all cores.

    Returns:
        `sets`: for "cv" (the training file by cross-validation), "rw" and "mt" (the published tests,
        where they are there) the score of each system; `published`: what others reached, in percent.

    Raises:
        DataError: the training file is not there.
    """
    files = _find(folder)
    step("read")
    train = stance_examples(newsmtsc(files["train.jsonl"], "train.jsonl"))
    step("cross-validation")
    sets = {"cv": _cross_validated(train, config, jobs)}
    present = {name: files[file] for name, file in TESTS.items() if file in files}
    if present:
        step("fit")
        weights = source_weights(train, config)
        pipeline = fit_pipeline(config.stance, views(train), labels(train), weights, config.seed)
        step("score")
        for name, path in present.items():
            test = stance_examples(_apart(newsmtsc(path, path.name), name))
            guessed = [str(label) for label in pipeline.predict(views(test))]
            sets[name] = _scores(test, {"ours": guessed} | _simple(test, baselines.plain_tfidf(train, test)), config)
    return {
        "sets": sets,
        "missing": [file for name, file in TESTS.items() if name not in sets],
        "published": PUBLISHED,
        "measured": MEASURED,
        "configuration": config.as_dict(),
    }


def _find(folder: Path) -> dict[str, Path]:
    catalogue = [load_catalogue()["newsmtsc"]]
    found: dict[CorpusFile, Path] = find_files(catalogue, folder)
    if not found and (folder / "fetched").is_dir():
        found = find_files(catalogue, folder / "fetched")
    by_name = {file.name: path for file, path in found.items()}
    if "train.jsonl" not in by_name:
        raise DataError(
            f"{folder} holds no NewsMTSC: no newsmtsc/train.jsonl and no newsmtsc.train.jsonl. "
            "Get it with `python -m training fetch newsmtsc`, then pass --data data/."
        )
    return by_name


def _apart(records: Any, name: str) -> list[Record]:
    found = list(records)
    if not found:
        raise DataError(f"The {name} test file of NewsMTSC holds no sentence.")
    return found


def _cross_validated(train: Sequence[Example], config: Config, jobs: int) -> Figures:
    kinds = sorted(set(labels(train)))
    logits = cross_validate(config.stance, train, config, jobs)
    folds = [(inside.tolist(), outside.tolist()) for inside, outside in split_folds(train, config)]
    plain = baselines.plain_tfidf_folds(train, folds, config.seed, jobs)
    guessed = {"ours": [kinds[k] for k in logits.argmax(axis=1)]}
    return _scores(train, guessed | _simple(train, plain), config)


def _simple(test: Sequence[Example], plain: list[str]) -> dict[str, list[str]]:
    return {
        "plain TF-IDF + LR": plain,
        "VADER": baselines.vader(test, "stance"),
        "always neutral": baselines.always_neutral(test),
    }


def _scores(test: Sequence[Example], guessed: Mapping[str, Sequence[str]], config: Config) -> Figures:
    clusters = [example.record.digest for example in test]
    return {name: score(labels(test), each, STANCES, clusters, config.seed).as_dict() for name, each in guessed.items()}
