import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.analyzer import Analyzer
from service.chart import make_chart
from service.report import add_up, cut, write_report
from tests.service.shell import Run

TEXT = "Ankara thanked Moscow on Tuesday. Oslo condemned Washington. Rain fell in Lisbon."


class Page(HTMLParser):
    """What a browser would see: tags with attributes, and the text of every sentence."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.sentences: list[str] = []
        self._inside = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag == "span":
            if values.get("class") == "t":
                self.sentences.append("")
            if self._inside or values.get("class") == "t":
                self._inside += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._inside:
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.sentences[-1] += data

    def having(self, tag: str, **values: str) -> list[dict[str, str | None]]:
        """Attributes of the tags with these values."""
        return [found for name, found in self.tags if name == tag and values.items() <= found.items()]


def documents(path: Path, count: int, dated: bool = True) -> Path:
    lines = [
        {"id": i, "title": f"Paper {i}", "text": TEXT, **({"date": f"2016-{i % 12 + 1:02d}-03"} if dated else {})}
        for i in range(count)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_an_article_becomes_a_page_with_every_sentence_and_its_stance(analyzer: Analyzer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    assert write_report(analyzer, str(tmp_path / "a.txt"), tmp_path / "a.html") == 1
    page = Page(tmp_path / "a.html")
    assert page.sentences == [sentence.text for sentence in analyzer.analyze(TEXT).sentences]
    rows = page.having("li", **{"class": "s"})
    assert [(row.get("data-russia"), row.get("data-us")) for row in rows] == [
        ("favor", None),
        (None, "against"),
        (None, None),
    ]
    assert [box["id"] for box in page.having("input", type="radio")] == ["t-russia", "t-us"]


def test_deciding_words_and_mentions_are_marked(analyzer: Analyzer) -> None:
    sentence = analyzer.analyze(TEXT, explain=True).sentences[0]
    pieces = cut(sentence)
    assert "".join(piece.text for piece in pieces) == sentence.text
    assert any(piece.text == "Moscow" and "m-russia" in piece.classes for piece in pieces)
    thanked = next(piece for piece in pieces if "thanked" in piece.text)
    assert "e-russia" in thanked.classes
    assert re.fullmatch(r"russia, favor: \+\d+\.\d\d", thanked.title)


def test_the_page_needs_nothing_from_outside_and_runs_no_script(analyzer: Analyzer, tmp_path: Path) -> None:
    write_report(analyzer, str(documents(tmp_path / "in.jsonl", 3)), tmp_path / "out.html")
    page = Page(tmp_path / "out.html")
    policy = page.having("meta", **{"http-equiv": "Content-Security-Policy"})
    assert [meta["content"] for meta in policy] == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not page.having("script")
    assert not page.having("link")
    addresses = [values[key] for _, values in page.tags for key in ("src", "href") if values.get(key)]
    assert addresses
    assert all(address is not None and address.startswith("#d") for address in addresses)


def test_markup_in_a_text_stays_text(analyzer: Analyzer, tmp_path: Path) -> None:
    text = '<script>alert(1)</script> "Ankara" thanked <b>Moscow</b> & co.'
    line = {"text": text, "title": '<img src=x onerror="alert(1)">', "id": "</li>"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line))
    write_report(analyzer, str(tmp_path / "in.jsonl"), tmp_path / "out.html", title="<i>")
    page = Page(tmp_path / "out.html")
    assert page.sentences[0] == text
    assert not page.having("img")
    assert not page.having("script")
    assert not page.having("i", onerror="alert(1)")


def test_totals_count_all_documents_though_only_some_are_shown(analyzer: Analyzer, tmp_path: Path) -> None:
    write_report(analyzer, str(documents(tmp_path / "in.jsonl", 30)), tmp_path / "out.html", most=2)
    page = Page(tmp_path / "out.html")
    assert len(page.having("article")) == 2
    assert len(page.sentences) == 6
    assert page.having("div", **{"aria-label": "30 favor, 0 neutral, 0 against"})
    assert page.having("div", **{"aria-label": "0 favor, 0 neutral, 30 against"})
    assert "Net stance by day" in (tmp_path / "out.html").read_text()


def test_documents_that_cannot_be_read_are_named(run: Run, tmp_path: Path) -> None:
    source = documents(tmp_path / "in.jsonl", 2)
    source.write_text(source.read_text() + "bad\n")
    ran = run("report", source, tmp_path / "out.html", "--title", "Two papers")
    assert (ran.code, ran.err) == (0, f"{tmp_path / 'out.html'}: 2 documents. Open it in a browser.\n")
    text = (tmp_path / "out.html").read_text()
    assert "<h1>Two papers</h1>" in text
    assert "Not read: 1" in text
    assert "line 3: no valid JSON" in text


def test_an_article_without_targets_says_so(run: Run, tmp_path: Path) -> None:
    ran = run("report", "-", tmp_path / "out.html", stdin=b"Rain fell in Lisbon.")
    assert ran.code == 0
    assert "No sentence mentions a target (United States, Russia)" in (tmp_path / "out.html").read_text()


def counts(favor: int, against: int, neutral: int) -> dict[str, float]:
    sentences = favor + against + neutral
    return {
        "sentences": sentences,
        "favor": favor,
        "against": against,
        "neutral": neutral,
        "net": (favor - against) / sentences,
    }


def test_summaries_add_up() -> None:
    total = add_up([{"us": counts(1, 2, 0)}, {"us": counts(3, 0, 2), "russia": counts(0, 1, 0)}])
    assert total == {"us": counts(4, 2, 2), "russia": counts(0, 1, 0)}


@pytest.mark.parametrize(
    ("days", "heading", "points"),
    [
        ([date(2016, 3, 1), date(2016, 1, 1), date(2016, 1, 1)], "Net stance by day", 2),
        ([date(2000 + i % 4, i % 12 + 1, i % 28 + 1) for i in range(300)], "Net stance by month", 12),
        ([date(1900 + i, 1, 1) for i in range(61)] + [date(1900, 2, 1)], "Net stance by year", 61),
        ([None] * 5, "Net stance by document", 5),
        ([None] * 121, "Net stance by 3 documents", 41),
    ],
)
def test_the_chart_chooses_days_months_years_or_documents(days: list[date | None], heading: str, points: int) -> None:
    chart = make_chart([(f"d{i}", day, {"us": counts(1, 0, 1)}) for i, day in enumerate(days)], ["us", "russia"])
    assert chart.heading == heading
    assert list(chart.series) == ["us"]
    assert len(chart.series["us"]) == points
    places = [point.x for point in chart.series["us"]]
    assert places == sorted(places)
    assert all(0 <= point.x <= chart.width and 0 <= point.y <= chart.height for point in chart.series["us"])
    assert "net +0.50" in chart.series["us"][0].title


def test_a_favourable_net_stands_above_an_unfavourable_one() -> None:
    chart = make_chart([("a", None, {"us": counts(2, 0, 0)}), ("b", None, {"us": counts(0, 2, 0)})], ["us"])
    favor, against = chart.series["us"]
    assert favor.y < chart.y(0) < against.y
