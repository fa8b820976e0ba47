"""The training configuration: `config.toml`, checked and typed."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.pipeline import HeadConfig
from training.records import DataError

FILE = Path(__file__).with_name("config.toml")


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
    try:
        for head in ("stance", "sentiment"):
            table = dict(values.get(head, {}))
            _check_keys(table, HeadConfig, f"{where}, [{head}]")
            table |= {key: tuple(table[key]) for key in ("families", "printed") if key in table}
            values[head] = HeadConfig(**table)
        _check_keys(values, Config, where)
        return Config(**values)
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: {error}.") from error


def _check_keys(table: Mapping[str, Any], kind: Any, where: str) -> None:
    known = [item.name for item in fields(kind)]
    for key in table:
        if key not in known:
            raise DataError(f"{where}: unknown key {key!r}; known are {', '.join(known)}.")
