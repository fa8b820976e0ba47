"""The progress bar stands on standard error, and only where it is wanted."""

import pytest

from service.progress import byte_progress


@pytest.fixture
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich takes what is captured for a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.usefixtures("_terminal")
@pytest.mark.parametrize("total", [1000, None])
def test_a_bar_counts_documents_and_leaves_standard_output_alone(
    total: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    with byte_progress(quiet=False) as report:
        report(500, total, 1234)
    printed = capsys.readouterr()
    assert "1,234 documents" in printed.err
    assert printed.out == ""


@pytest.mark.usefixtures("_terminal")
def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with byte_progress(quiet=True) as report:
        report(500, 1000, 7)
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_not_even_a_blank_line_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with byte_progress(quiet=False) as report:
        report(500, 1000, 7)
    assert capsys.readouterr() == ("", "")
