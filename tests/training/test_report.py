import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from training import release, slices
from training.config import Config
from training.report import previous_manifest, save_report, write_report


@pytest.fixture(scope="module")
def html(run: release.Run, config: Config) -> str:
    return write_report(run, config, run.manifest | {"version": "before"}, jobs=1)


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href") and not str(v).startswith("#")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_whole_file_that_fetches_nothing(html: str) -> None:
    checker = _Checker()
    checker.feed(html)
    assert (checker.open, checker.fetched) == ([], [])
    assert "<script" not in html
    assert not re.search(r"url\(|@import|https?://", html)


def test_the_report_has_every_part(html: str, run: release.Run) -> None:
    for part in ("Confusion", "reliability", "learning curve", "Slices", "Strongest terms", "Most confidently wrong"):
        assert part in html
    assert "previous, before" in html
    assert "plain TF-IDF + LR" in html
    assert html.count("<svg") == 6
    assert run.manifest["metrics_sha256"] in html


def test_text_is_escaped(run: release.Run, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"text": "<b>Moscow</b>", "target": "us", "gold": "favor", "label": "against", "score": 0.9, "where": "a:1"}
    monkeypatch.setattr(slices, "confidently_wrong", lambda head, most=25: [row])
    assert "&lt;b&gt;Moscow" in write_report(run, config, jobs=1)


def test_a_report_replaces_the_old_one_whole(tmp_path: Path) -> None:
    path = save_report("old", tmp_path / "deep" / "r.html")
    save_report("new", path)
    assert path.read_text() == "new"
    assert [each.name for each in path.parent.iterdir()] == ["r.html"]


def test_no_release_is_no_error(tmp_path: Path) -> None:
    assert previous_manifest(tmp_path) is None
