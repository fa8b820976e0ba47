"""Days as all interfaces write them: 2016-03-01."""

import re
from datetime import date

DAY = r"^\d{4}-\d{2}-\d{2}$"


def read_day(text: str) -> date:
    """The day. ISO 8601 has other ways to write one (weeks, no hyphens), which the interfaces do not document.

    Raises:
        ValueError: there is no such day, or it is written in another way.
    """
    if not re.fullmatch(DAY, text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)
