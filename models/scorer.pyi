from collections.abc import Collection

from models.mentions import Mention
from models.tables import HeadTable, Tables

LONGEST: int

class Head:
    def __init__(self, table: HeadTable) -> None: ...

class Scorer:
    def __init__(self, tables: Tables) -> None: ...
    def read(
        self, lows: list[str], mentions: list[Mention], wanted: Collection[str], whole: Head, toward: Head
    ) -> tuple[tuple[str, dict[str, float]], list[tuple[str, str, dict[str, float]]]]: ...
    def logits(self, words: list[str], head: Head) -> list[float]: ...
