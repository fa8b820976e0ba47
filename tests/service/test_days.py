"""Days: one way to write them, in every interface."""

from datetime import date

import pytest

from service.days import read_day


def test_a_day_is_written_with_hyphens() -> None:
    assert read_day("2016-02-29") == date(2016, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "20160301", "2016-W09-2", "2016-3-1", "2015-02-29", "2016-03-01\n", "2016-03-01T00:00", "२०१६-०३-०१"]
)
def test_other_ways_and_days_that_never_were_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_day(text)
