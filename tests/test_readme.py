"""What the README shows is what a new user gets from the model that is shipped."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from models.analyzer import Analyzer
from models.releases import current_folder
from tests.service.shell import Run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shortened(value: Any) -> Any:
    """An answer with its numbers rounded as the README has them."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value]
    return round(value, 3) if isinstance(value, float) else value


def test_the_answer_it_shows_is_the_answer_of_the_shipped_model() -> None:
    [request] = [line for block in blocks("sh") for line in block.split("\n") if "-d '" in line]
    body = json.loads(request.partition("-d '")[2].partition("'")[0])
    [shown] = [json.loads(block.replace(", …]", "]")) for block in blocks("") if "…" in block]
    answer = shortened(Analyzer.load(current_folder()).analyze(body["text"], explain=body["explain"]).as_dict())
    for mine, its in zip(shown["sentences"][0]["stances"], answer["sentences"][0]["stances"], strict=True):
        its["evidence"] = its["evidence"][: len(mine["evidence"])]  # the weakest are left out
    assert answer == shown


def test_its_commands_on_an_article_work(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [block] = [block for block in blocks("sh") if "article.txt" in block]
    first, *commands = block.strip().split("\n")
    [text] = re.findall(r"printf '(.*)' > article\.txt", first)
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    for command in commands:
        program, *args = shlex.split(command)
        assert program == ".venv/bin/stancewire"
        ran = run(*args)
        assert (command, ran.code, ran.err if ran.code else "") == (command, 0, "")
    assert len(commands) == 3
    assert (tmp_path / "report.html").is_file()


def test_every_file_it_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_target_that_it_adds_is_read(run: Run, tmp_path: Path) -> None:
    [table] = blocks("toml")
    (tmp_path / "my-targets.toml").write_text(table, encoding="utf-8")
    ran = run("classify", "-f", "json", "--targets-file", tmp_path / "my-targets.toml", stdin=b"Lima thanked Oslo.")
    assert json.loads(ran.out)["summary"]["norway"]["sentences"] == 1
