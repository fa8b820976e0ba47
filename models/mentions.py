"""Mentions: where a sentence names a target."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from models.targets import Alias, Target
from models.tokens import Tokens

_GIVEN_NAMES = frozenset(Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8").split())
_HONORIFICS = frozenset(("mr", "mrs", "ms", "miss", "dr", "judge", "justice", "coach", "officer"))
_DATELINE_MARKS = frozenset(("(", "—", "–"))
ANY_CAPITALISED = "^"


class Mention(NamedTuple):
    """One mention: its target, and the tokens `first` to `last` (exclusive) that it covers."""

    target: str
    first: int
    last: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _FalseFriend:
    words: tuple[str, ...]
    target: str
    anchor: int  # position of the word by which it is looked up


class MentionFinder:
    """Finds the mentions of a set of targets in tokenized sentences.

    Attributes:
        targets: ids of the targets it knows.
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        targets = tuple(targets)
        self.targets = frozenset(target.id for target in targets)
        # Aliases by their first word, then by their second; those of one word have "".
        self._aliases: dict[str, dict[str, list[tuple[Alias, Target]]]] = {}
        self._false_friends: dict[str, dict[str, list[_FalseFriend]]] = {}
        for target in targets:
            for alias in target.aliases:
                second = alias.words[1] if len(alias.words) > 1 else ""
                self._aliases.setdefault(alias.words[0], {}).setdefault(second, []).append((alias, target))
            for words in target.false_friends:
                anchor = next(i for i, word in enumerate(words) if word != ANY_CAPITALISED)
                following = words[anchor + 1].lower() if anchor + 1 < len(words) else ANY_CAPITALISED
                by_next = self._false_friends.setdefault(words[anchor].lower(), {})
                by_next.setdefault(following, []).append(_FalseFriend(words, target.id, anchor))
        for by_second in self._aliases.values():
            for entries in by_second.values():
                entries.sort(key=lambda entry: (-len(entry[0].words), entry[0].weak))

    def find(
        self,
        tokens: Tokens,
        named: Collection[str] = (),
        on: date | None = None,
    ) -> list[Mention]:
        """Mentions in a sentence, in order, none overlapping another.

        Args:
            tokens: the sentence.
            named: ids of targets that the text around already names, so that their weak aliases count.
            on: day of the text; leaders out of office on it are no mention.

        Returns:
            The mentions; the longest alias wins where several begin at one token.
        """
        return settle(self.find_all(tokens, on), named)

    def find_all(self, tokens: Tokens, on: date | None = None) -> list[Mention]:
        """As `find`, with all weak mentions, whatever the text around names; `settle` decides on them."""
        aliases = self._aliases
        lows = tokens.lows
        candidates = [i for i, low in enumerate(lows) if low in aliases]
        found: list[Mention] = []
        if not candidates:
            return found
        blocked = self._blocked(tokens)
        end = 0
        for i in candidates:
            if i < end:
                continue
            by_second = aliases[lows[i]]
            longer = by_second.get(lows[i + 1], ()) if i + 1 < len(lows) else ()
            for alias, target in (*longer, *by_second.get("", ())):
                if self._matches(tokens, i, alias, target, on) and not (
                    blocked and _is_blocked(blocked, target.id, i, i + len(alias.words))
                ):
                    # A leader whose day in office is known needs no other naming.
                    weak = alias.weak and not (on and alias.since)
                    end = i + len(alias.words)
                    found.append(Mention(target.id, i, end, weak))
                    break
        return found

    def _matches(self, tokens: Tokens, i: int, alias: Alias, target: Target, on: date | None) -> bool:
        words = alias.words
        size = len(words)
        if size > 1 and tuple(tokens.lows[i : i + size]) != words:
            return False
        if alias.exact is not None:
            written = "".join(tokens.words[i : i + size])
            if "".join(written.split()) != alias.exact:
                return False
        elif not alias.lower and not tokens.words[i][0].isupper():
            return False
        if (
            on is not None
            and alias.since is not None
            and (on < alias.since or (alias.until is not None and on >= alias.until))
        ):
            return False
        if alias.surname and i > 0 and _is_a_person(tokens, i):
            return False
        return not (target.dateline and words[0] in target.dateline and _is_dateline(tokens, i + size))

    def _blocked(self, tokens: Tokens) -> list[tuple[str, int, int]]:
        lows = tokens.lows
        friends = self._false_friends
        blocked = []
        for i in [i for i, low in enumerate(lows) if low in friends]:
            by_next = friends[lows[i]]
            following = lows[i + 1] if i + 1 < len(lows) else ""
            for friend in (*by_next.get(following, ()), *by_next.get(ANY_CAPITALISED, ())):
                first = i - friend.anchor
                last = first + len(friend.words)
                inside = first >= 0 and last <= len(lows)
                if inside and all(_is_written(tokens, first + k, word) for k, word in enumerate(friend.words)):
                    blocked.append((friend.target, first, last))
        return blocked


def settle(found: list[Mention], named: Collection[str] = ()) -> list[Mention]:
    """The mentions of a sentence that count: weak ones only where the target is also named otherwise."""
    for mention in found:
        if mention.weak:
            strong = {mention.target for mention in found if not mention.weak}.union(named)
            return [mention for mention in found if not mention.weak or mention.target in strong]
    return found


def _is_blocked(blocked: Iterable[tuple[str, int, int]], target: str, first: int, last: int) -> bool:
    """Whether a mention lies in a false friend of its target that is longer."""
    return any(
        target == owner and begin < last and first < end and last - first < end - begin for owner, begin, end in blocked
    )


def _is_written(tokens: Tokens, i: int, word: str) -> bool:
    """Whether token `i` is `word`; a capital in `word` asks for one in the text."""
    if word == ANY_CAPITALISED:
        return tokens.words[i][0].isupper()
    return tokens.lows[i] == word.lower() and (not word[0].isupper() or tokens.words[i][0].isupper())


def _is_a_person(tokens: Tokens, i: int) -> bool:
    before = tokens.lows[i - 1]
    if before == "." and i > 1:
        before = tokens.lows[i - 2]
    return before in _HONORIFICS or (before in _GIVEN_NAMES and tokens.words[i - 1][0].isupper())


def _is_dateline(tokens: Tokens, after: int) -> bool:
    """Whether a city that ends before token `after` opens a wire report: "WASHINGTON (Wire) -"."""
    if after > 3 or after >= len(tokens.words):
        return False
    mark = tokens.words[after]
    capitals = tokens.words[after - 1].isupper()
    return mark in _DATELINE_MARKS or (mark == "-" and capitals) or (mark == "," and capitals and after == 1)
