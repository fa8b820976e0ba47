import pytest

from training.console import interval, print_head, progress

SCORE = {
    "macro_f1": 0.5614,
    "low": 0.54,
    "high": 0.5821,
    "f1": {"negative": 0.5, "neutral": 0.6, "positive": 0.4},
    "accuracy": 0.6,
    "count": 12345,
}


def test_a_figure_stands_with_its_interval() -> None:
    assert interval(SCORE) == "0.561 (.540-.582)"


def test_a_table_fits_eighty_columns_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    figures = {
        "overall": SCORE,
        "targets": {f"target_{k:02d}": SCORE for k in range(12)},
        "baselines": {"plain TF-IDF + LR": SCORE},
        "calibration": {"error": 0.03},
        "confident": {"threshold": 0.7, "coverage": 0.2, "precision": None},
    }
    print_head("sentiment", figures, "5-fold cross-validation by group")
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert printed.count("12345") == 12
    assert "2 further targets" in printed
    assert "none reaches it" in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_progress_counts_the_share_of_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    with progress({"read": 1, "fit": 3}, guess=90, quiet=True) as step:
        step("read")
        step("fit")
        step("a step without a share")
    assert capsys.readouterr().out == ""
