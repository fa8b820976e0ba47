"""Targets: what a country, bloc or firm is called, and what only looks like it.

Read from `targets.toml` (data, not code); the comments at its head explain every key.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import TargetsFileError
from models.tokens import tokenize

CORE_FILE = Path(__file__).with_name("targets.toml")
MORE_FILE = Path(__file__).with_name("targets-more.toml")

_KEYS = {"name", "names", "lower", "weak", "dateline", "surname_of", "not", "leaders"}
_LEADER_KEYS = {"name", "surname", "from", "to", "bare"}
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CAPITALS = re.compile(r"[A-Z][A-Z.]{1,4}")
_TITLES = ("President", "Prime Minister", "Premier", "Chancellor")


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to name a target.

    Attributes:
        words: its tokens in lower case.
        exact: the text must be written exactly so (an abbreviation such as "US").
        lower: counts in lower case too.
        weak: counts only where the target is also named in another way.
        surname: also a family name, so no mention after a given name.
        since, until: days in office, when the alias is a leader; None is open.
    """

    words: tuple[str, ...]
    exact: str | None = None
    lower: bool = False
    weak: bool = False
    surname: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target with everything that names it, and the false friends that do not."""

    id: str
    name: str
    aliases: tuple[Alias, ...]
    false_friends: tuple[tuple[str, ...], ...] = ()
    dateline: frozenset[str] = field(default_factory=frozenset)


def load_targets(*paths: Path) -> dict[str, Target]:
    """Read targets files, later ones adding to (or replacing tables of) earlier ones.

    Args:
        paths: TOML files; none means the built-in file with the U.S. and Russia.

    Returns:
        Target by id, in the order of the files.

    Raises:
        TargetsFileError: a file is missing, no TOML, or has a key or value that is not allowed;
            the message names file, table and key.
    """
    targets: dict[str, Target] = {}
    for path in paths or (CORE_FILE,):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise TargetsFileError(f"Cannot read targets file {path}: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TargetsFileError(f"{path} is no valid TOML file: {error}.") from error
        for target_id, table in tables.items():
            targets[target_id] = _parse_target(path, target_id, table)
    return targets


def _parse_target(path: Path, target_id: str, table: Any) -> Target:
    where = f"{path}, table [{target_id}]"
    if not _ID.fullmatch(target_id):
        raise TargetsFileError(f"{where}: an id is lower-case letters, digits and _, as in [north_korea].")
    if not isinstance(table, dict):
        raise TargetsFileError(f"{where}: expected a table with at least `name` and `names`.")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise TargetsFileError(f"{where}: unknown key {unknown[0]!r}; allowed are {', '.join(sorted(_KEYS))}.")
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise TargetsFileError(f"{where}: `name` must be a non-empty string.")
    lists = {key: _strings(where, table, key) for key in _KEYS - {"name", "leaders"}}
    if not lists["names"] and not table.get("leaders"):
        raise TargetsFileError(f"{where}: `names` must list at least one alias.")
    low = {alias.lower() for alias in lists["lower"]}
    surnames = {alias.lower() for alias in lists["surname_of"]}
    aliases: list[Alias] = []
    for key in ("names", "weak"):
        for text in lists[key]:
            aliases.append(
                Alias(
                    words=_words(text),
                    exact=text if _CAPITALS.fullmatch(text) else None,
                    lower=text.lower() in low,
                    weak=key == "weak",
                    surname=text.lower() in surnames,
                )
            )
    written = {text.lower() for text in lists["names"] + lists["weak"]}
    aliases += [Alias(words=_words(text), lower=True) for text in lists["lower"] if text.lower() not in written]
    leaders = table.get("leaders", [])
    if not isinstance(leaders, list):
        raise TargetsFileError(f"{where}: `leaders` must be a list of tables.")
    for leader in leaders:
        aliases += _leader_aliases(where, leader)
    for text in lists["not"]:
        if set(text.split()) == {"^"}:
            raise TargetsFileError(f"{where}: `not` has {text!r}: beside ^ it must hold a word.")
    return Target(
        id=target_id,
        name=name.strip(),
        aliases=tuple(aliases),
        false_friends=tuple(tuple(tokenize(text).words) for text in lists["not"]),
        dateline=frozenset(text.lower() for text in lists["dateline"]),
    )


def _strings(where: str, table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise TargetsFileError(f"{where}: `{key}` must be a list of non-empty strings.")
    return value


def _leader_aliases(where: str, leader: Any) -> Iterable[Alias]:
    if not isinstance(leader, dict) or set(leader) - _LEADER_KEYS or not {"name", "surname", "from"} <= set(leader):
        raise TargetsFileError(
            f"{where}: a leader is {{ name = …, surname = …, from = YYYY-MM-DD, to = YYYY-MM-DD, bare = true }}; "
            "`to` and `bare` may be left out."
        )
    for key in ("name", "surname"):
        if not isinstance(leader[key], str) or not leader[key].strip():
            raise TargetsFileError(f"{where}: `{key}` of a leader must be a non-empty string.")
    since, until = leader["from"], leader.get("to")
    if type(since) is not date or not (until is None or type(until) is date):  # a datetime is a date too
        raise TargetsFileError(f"{where}: leader {leader['name']!r}: `from` and `to` are dates like 2009-01-20.")
    bare = bool(leader.get("bare", False))
    full, surname = leader["name"], leader["surname"]
    strong = [f"{title} {who}" for title in _TITLES for who in (full, surname)]
    strong += [f"{surname} administration", f"{surname} White House", f"{surname} presidency", f"{surname} government"]
    for text in strong:
        yield Alias(words=_words(text), since=since, until=until)
    for text in (full, surname):
        yield Alias(words=_words(text), since=since, until=until, weak=not bare)


def _words(text: str) -> tuple[str, ...]:
    return tuple(tokenize(text).lows)
