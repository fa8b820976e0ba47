"""Every command of docs/tutorial.md and docs/labels.md, in its order, on small data."""

import csv
import json
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.releases import current_version
from service.settings import Settings
from tests.service.shell import running
from tests.training.conftest import Command
from tests.training.corpora import write_dse, write_mtsc
from tests.training.samples import sample_lines, write_lines
from training.records import read_records

DOCS = Path(__file__).parents[2] / "docs"
ADDRESS = "http://127.0.0.1:8000"
VERBS = {"thanked": "favor", "praised": "favor", "blamed": "against", "scolded": "against", "told": "neutral"}
REASONS = (
    "after the long drought had spoiled half of the barley",
    "in a letter that three evening papers printed in full",
    "while the harbour was closed because of thick autumn fog",
    "at a dinner for retired judges and their oldest pupils",
    "when engineers reopened the northern tunnel to heavy lorries",
    "as fishermen counted their losses from the week of storms",
)


def commands(page: str) -> list[str]:
    """The shell commands of a page."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def run(line: str, command: Command, root: Path) -> None:
    """Run one command of the pages with the test's folder of releases."""
    args = shlex.split(line)[3:]
    if args[0] in ("train", "compare", "promote", "rollback"):
        args += ["--out", str(root)]
    if args[0] == "drift" or "review" in args:
        args += ["--releases", str(root)]
    code, _, err = command(*args)
    assert (line, code, err if code else "") == (line, 0, "")


@pytest.fixture
def desk(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:
    """A working folder with data and unlabelled text; the release `one` is served."""
    folder = tmp_path / "desk"
    (folder / "datasets").mkdir(parents=True)
    monkeypatch.chdir(folder)
    write_lines(folder / "datasets" / "a.jsonl", sample_lines())
    texts = [f"Ankara {verb} {who} {why}." for verb in VERBS for why in REASONS for who in ("Moscow", "Washington")]
    (folder / "news.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    assert command("promote", "one", "--out", root)[0] == 0
    return folder


@pytest.fixture
def address(root: Path, desk: Path) -> Iterator[str]:
    """Address of a service that serves the folder of releases."""
    with running(Settings(releases=root, reload_seconds=0.1, heavy_processes=0, log_level="error")) as url:
        yield url


def label(path: Path) -> None:
    """What a person does with the table: reads each sentence and fills the columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        [stance] = [stance for verb, stance in VERBS.items() if verb in row["text"]]
        for target in json.loads(row["targets"]):
            row[f"stance.{target}"] = stance
        row["sentiment"] = {"favor": "positive", "against": "negative"}.get(stance, "neutral")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def ask(line: str, address: str) -> dict[str, object]:
    """Run a `curl` command of the page against the test's service."""
    ran = subprocess.run(shlex.split(line.replace(ADDRESS, address)), capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(ran.stdout)
    return answer


def test_the_tutorial_works_from_the_first_command_to_the_last(
    command: Command, root: Path, desk: Path, address: str
) -> None:
    lines = commands("tutorial.md")
    assert len(lines) == 12
    asked, served = [line for line in lines if line.startswith("curl")][:2], []
    for line in lines:
        if not line.startswith("curl"):
            run(line, command, root)
        elif line == asked[0]:
            served.append(ask(line, address)["version"])
        else:
            assert ask(line, address)["sentences"]
        if "--for review" in line:
            label(desk / "review.csv")
        if " promote " in line:
            wait_for("mine", asked[0], address)
    assert served == ["one", "mine"]
    assert current_version(root) == "one"
    assert len(read_records(desk / "my_labels.jsonl")) > 20
    assert (desk / "reports" / "mine.html").is_file()
    wait_for("one", asked[0], address)


def wait_for(version: str, line: str, address: str) -> None:
    """Ask until the service has noticed the other release."""
    for _ in range(300):
        if ask(line, address)["version"] == version:
            return
        time.sleep(0.05)
    pytest.fail(f"the service does not serve {version}")


def test_every_command_about_labels_works(
    command: Command, root: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(desk / "my_test.jsonl", [{"text": "Lima spoke of Oslo."}])
    write_mtsc(desk / "corpora" / "newsmtsc.train.jsonl", articles=12)
    write_dse(desk / "corpora" / "dse" / "train.txt", "[Lima] blamed [Oslo] again.|Lima|Oslo|3")
    for name in ("ann.csv", "bob.csv"):
        args = ("--for", "review", "--count", 20, "--to", "csv", "--out", name, "--releases", root)
        assert command("export", "news.txt", *args)[0] == 0
        label(desk / name)
    monkeypatch.setenv("STANCEWIRE_CORPORA", "corpora")  # the tests download nothing
    lines = commands("labels.md")
    assert len(lines) == 10
    for line in lines:
        run(line.replace("--data data/", "--data corpora/") if "benchmark" in line else line, command, root)
    assert read_records(desk / "back.jsonl") != []
    assert (desk / "conflicts.jsonl").read_text(encoding="utf-8") == ""
    assert len(read_records(desk / "both.jsonl")) == 20
