"""The chart: where its points and marks stand."""

from datetime import date, timedelta

import pytest

from service.chart import BOTTOM, HEIGHT, LEFT, MOST_BUCKETS, RIGHT, TOP, WIDTH, Chart, make_chart


def row(sentences: int, favor: int, against: int) -> dict[str, dict[str, float]]:
    return {"us": {"sentences": sentences, "favor": favor, "against": against, "neutral": sentences - favor - against}}


def test_a_net_of_one_is_at_the_top_and_of_minus_one_at_the_bottom() -> None:
    assert (Chart.y(1), Chart.y(-1)) == (TOP, HEIGHT - BOTTOM)
    assert Chart.y(0) == (TOP + HEIGHT - BOTTOM) / 2


def test_documents_of_one_day_are_summed_by_sentences_not_averaged() -> None:
    days = [date(2016, 3, 1), date(2016, 3, 1), date(2016, 3, 2)]
    rows = [row(3, 3, 0), row(1, 0, 1), row(2, 1, 1)]
    chart = make_chart([("a", day, each) for day, each in zip(days, rows, strict=True)], ["us"])
    first, second = chart.series["us"]
    assert (first.y, second.y) == (Chart.y(0.5), Chart.y(0))
    assert first.title == "2016-03-01, us: net +0.50 in 4 sentences"
    assert first.r > second.r


def test_days_are_in_order_whatever_the_order_of_the_documents() -> None:
    days = [date(2016, 3, 1) + timedelta(days=i) for i in (2, 0, 1)]
    chart = make_chart([("a", day, row(1, 1, 0)) for day in days], ["us"])
    assert [point.title[:10] for point in chart.series["us"]] == ["2016-03-01", "2016-03-02", "2016-03-03"]
    assert [label for _, label in chart.ticks] == ["2016-03-01", "2016-03-02", "2016-03-03"]


@pytest.mark.parametrize("count", [1, 7, MOST_BUCKETS, MOST_BUCKETS + 1, 1_000])
def test_points_and_marks_stay_within_the_chart_and_are_few(count: int) -> None:
    chart = make_chart([(f"a document with a long name {i}", None, row(1, 1, 0)) for i in range(count)], ["us"])
    places = [point.x for point in chart.series["us"]]
    assert places == sorted(places)
    assert places[0] > LEFT
    assert places[-1] < WIDTH - RIGHT
    assert len(places) <= MOST_BUCKETS
    assert 1 <= len(chart.ticks) <= 6
    assert all(len(label) <= 16 for _, label in chart.ticks)


def test_a_target_that_nobody_mentions_has_no_series_and_a_day_without_it_no_point() -> None:
    documents = [("a", date(2016, 3, 1), row(1, 1, 0)), ("b", date(2016, 3, 2), {})]
    chart = make_chart(documents, ["us", "russia"])
    assert list(chart.series) == ["us"]
    assert len(chart.series["us"]) == 1
