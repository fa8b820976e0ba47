"""The training configuration: `config.toml`, checked and typed."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.pipeline import HeadConfig
from training.records import DataError

FILE = Path(__file__).with_name("config.toml")


def _whole(value: Any, least: int) -> bool:
    return type(value) is int and value >= least


def _number(value: Any, low: float = 0.0, high: float = float("inf")) -> bool:
    return type(value) in (int, float) and low <= value <= high


def _strings(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


_ALLOWED: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "seed": ("a whole number from 0", lambda value: _whole(value, 0)),
    "folds": ("a whole number from 2", lambda value: _whole(value, 2)),
    "confident": ("a number above 0, at most 1", lambda value: _number(value, high=1.0) and value > 0),
    "printed": ("a list of strings", _strings),
    "weights": (
        "a table of numbers from 0",
        lambda value: isinstance(value, Mapping) and all(map(_number, value.values())),
    ),
    "families": ("a list of strings", _strings),
    "min_df": ("a whole number from 1", lambda value: _whole(value, 1)),
    "polarity_weight": ("a number from 0", _number),
    "contrast": ("a number from 0 to 1", lambda value: _number(value, high=1.0)),
    "C": ("a number above 0", lambda value: _number(value) and value > 0),
    "balance": ("a number from 0", _number),
    "stance": ("a table", lambda value: isinstance(value, Mapping)),
    "sentiment": ("a table", lambda value: isinstance(value, Mapping)),
}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that decides how a model is trained.

    Attributes:
        seed: of every random choice.
        folds: of the cross-validation by group.
        confident: precision that the stances called confident must reach.
        stance, sentiment: settings of the two heads.
        weights: weight of training sentences by the first word of their source; 1 where not named.
    """

    seed: int = 13
    folds: int = 5
    confident: float = 0.8
    stance: HeadConfig = field(default_factory=HeadConfig)
    sentiment: HeadConfig = field(default_factory=HeadConfig)
    weights: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest."""
        return asdict(self)


def load_config(path: Path = FILE) -> Config:
    """Read a configuration.

    Raises:
        DataError: the file is missing, no TOML, or has a key or value that is not allowed.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"Cannot read configuration {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no valid TOML: {error}.") from error
    return config_from(data, str(path))


def config_from(data: Mapping[str, Any], where: str) -> Config:
    """Make a configuration of plain values, as in a manifest.

    Raises:
        DataError: a key or value is not allowed.
    """
    values = {key: value for key, value in data.items() if key != "tune"}  # read by training.tune
    _check(values, Config, where)
    try:
        for head in ("stance", "sentiment"):
            table = dict(values.get(head, {}))
            _check(table, HeadConfig, f"{where}, [{head}]")
            table |= {key: tuple(table[key]) for key in ("families", "printed") if key in table}
            values[head] = HeadConfig(**table)
        return Config(**values)
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: {error}.") from error


def _check(table: Mapping[str, Any], kind: Any, where: str) -> None:
    known = [item.name for item in fields(kind)]
    for key, value in table.items():
        if key not in known:
            raise DataError(f"{where}: unknown key {key!r}; known are {', '.join(known)}.")
        what, allowed = _ALLOWED[key]
        if not allowed(value):
            raise DataError(f"{where}: {key} is {value!r}; it must be {what}.")
