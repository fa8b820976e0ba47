"""The table for people: what is marked in it, and what a text cannot do to a terminal."""

import io

import pytest
from rich.console import Console

from models.analysis import Evidence, Stance
from models.analyzer import Analyzer
from service.show import clean, deciding, has_colours, print_analysis

NAMES = {"us": "United States", "russia": "Russia"}


def stance(*weights: tuple[str, float]) -> Stance:
    pieces = tuple(Evidence(text, 0, 1, weight) for text, weight in weights)
    return Stance("us", "favor", {}, True, (), pieces, 0.0)


def printed(analyzer: Analyzer, text: str, width: int = 90, explain: bool = False, terminal: bool = False) -> str:
    out = io.StringIO()
    colours = "standard" if terminal else None
    console = Console(file=out, width=width, force_terminal=terminal, color_system=colours)  # type: ignore[arg-type]
    print_analysis(console, analyzer.analyze(text, explain=explain), NAMES, explain)
    return out.getvalue()


def test_the_few_strongest_words_for_the_label_decided() -> None:
    marked = deciding(stance(("a", 2.0), ("!", 1.9), ("b", 1.5), ("c", 0.5), ("d", 0.45), ("e", -3.0)))
    assert [piece.text for piece in marked] == ["a", "b", "c"]


def test_weak_words_decided_nothing() -> None:
    assert [piece.text for piece in deciding(stance(("a", 2.0), ("b", 0.39)))] == ["a"]
    assert deciding(stance(("a", -1.0))) == []
    assert deciding(Stance("us", "favor", {}, True, ())) == []


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\x9b2Jb", "a\nb\tc", "a\x7f\x00\u2028b"])
def test_a_text_is_one_line_that_steers_nothing_and_keeps_its_places(text: str) -> None:
    found = clean(text)
    assert len(found) == len(text)
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in found)


@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize("width", [40, 70, 90, 140])
def test_no_line_is_wider_than_the_terminal(analyzer: Analyzer, width: int, explain: bool) -> None:
    text = "Ankara accused Moscow and Washington on Tuesday of " + "very " * 30 + "much. It rained."
    assert max(len(line) for line in printed(analyzer, text, width, explain).splitlines()) <= width


def test_without_colours_marks_are_written(analyzer: Analyzer) -> None:
    out = printed(analyzer, "Ankara accused Moscow on Tuesday.", 140, explain=True)
    assert "*Moscow*" in out
    assert "[accused" in out
    assert "\x1b" not in out


def test_with_colours_they_are_drawn(analyzer: Analyzer) -> None:
    out = printed(analyzer, "Ankara accused Moscow on Tuesday.", 140, explain=True, terminal=True)
    assert "\x1b[" in out
    assert "*Moscow*" not in out
    assert not has_colours(Console(file=io.StringIO(), force_terminal=True, color_system="standard", no_color=True))


def test_a_text_without_targets_says_which_ones_there_are(analyzer: Analyzer) -> None:
    assert "No sentence mentions a target (United States, Russia)." in printed(analyzer, "It rained.")


def test_the_bar_shows_shares_in_letters_and_is_always_full(analyzer: Analyzer) -> None:
    text = "Ankara praised Moscow. Ankara accused Moscow. Ankara telephoned Moscow."
    row = next(line for line in printed(analyzer, text, 100).splitlines() if "(russia)" in line)
    bar = row.split()[-1]
    assert len(bar) == 24
    assert set(bar) <= {"+", ".", "-"}
    summary = analyzer.analyze(text).summary()["russia"]
    assert {label: bar.count(sign) for label, sign in (("favor", "+"), ("neutral", "."), ("against", "-"))} == {
        label: round(8 * summary[label]) for label in ("favor", "neutral", "against")
    }
