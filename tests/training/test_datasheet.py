import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.training.conftest import Command
from tests.training.samples import write_lines
from training.datasheet import SECTIONS, changed_pairs, kappa, read_folder, renew, sections
from training.records import DataError, digest

ROOT = Path(__file__).parent.parent.parent
LINES: list[dict[str, Any]] = [
    {"text": "Oslo thanked Moscow.", "stance": {"russia": "favor"}, "sentiment": "positive", "group": "p1",
     "tags": ["genre:wire", "topic:trade", "from:norway", "decade:1990s", "rule:metonym"]},
    {"text": "Oslo blamed Moscow.", "stance": {"russia": "against"}, "sentiment": "negative", "group": "p1",
     "tags": ["genre:wire", "topic:trade", "from:norway", "decade:1990s"]},
    {"text": "China and the United States met.", "stance": {"china": "neutral", "us": "neutral"},
     "tags": ["genre:social", "from:new_zealand"]},
]  # fmt: skip
REAL = {"text": "A campaign in Moscow was ended.", "stance": {"russia": "neutral"}, "sentiment": "neutral"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "d" / "heldout").mkdir(parents=True)
    (tmp_path / "d" / "annotations").mkdir()
    write_lines(tmp_path / "d" / "first.jsonl", LINES)
    write_lines(tmp_path / "d" / "heldout" / "h.jsonl", [{"text": "The Washington Post closed.", "stance": {}}])
    line = {"digest": digest(REAL["text"]), "stance": REAL["stance"], "sentiment": "neutral", "source": "dse/train"}
    write_lines(tmp_path / "d" / "annotations" / "pool.jsonl", [line | {"read": 2}])
    (tmp_path / "d" / "agreement.csv").write_text(
        "part,head,target,first,second,count\n"
        "real,stance,us,favor,favor,40\nreal,stance,us,neutral,neutral,40\nreal,stance,us,favor,neutral,20\n"
    )
    return tmp_path / "d"


def test_counts_are_those_of_the_files(folder: Path) -> None:
    found = sections(read_folder(folder))
    assert "| `first.jsonl` | 3 | 4 | 2 | 1 | 1 | 2 |" in found["counts"]
    assert "| `heldout/h.jsonl` | 1 | 0 | 1 | 0 | 0 | 0 |" in found["counts"]
    assert "| **all invented** | 4 | 4 | 3 | 1 | 1 | 2 |" in found["counts"]
    assert "one label of which differs | 1 |" in found["counts"]
    assert "other than the U.S. and Russia | 1 |" in found["counts"]
    assert "(false friends of names) | 1 |" in found["counts"]
    assert "| `russia` | 1 | 1 | 0 | 0 | 0 | 1 |" in found["targets"]
    assert "| not labelled | 2 | 0 |" in found["targets"]
    assert "| wire | 2 |" in found["tags"]
    assert "Seen from 2 places: norway 2, new zealand 1." in found["tags"]
    assert "| dse | 1 | 1 | 1 | 0 | 0 | 1 |" in found["annotations"]


def test_what_is_not_at_hand_is_left_out(folder: Path) -> None:
    assert list(sections(read_folder(folder))) == [name for name in SECTIONS if name != "comparison"]
    real = write_lines(
        folder.parent / "real.jsonl", [REAL, {"text": "Moscow sleeps.", "stance": {"russia": "neutral"}}]
    )
    data = read_folder(folder, [real])
    assert [record.text for record in data.real] == [REAL["text"]]  # the other is not annotated
    assert "| sentences with a target | 3 | 1 |" in sections(data)["comparison"]
    (folder / "agreement.csv").unlink()
    (folder / "annotations" / "pool.jsonl").unlink()
    assert list(sections(read_folder(folder))) == ["counts", "targets", "tags", "skeletons"]


def test_kappa_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    pairs = {("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15, ("c", "b"): 3}
    first = [one for (one, _), count in pairs.items() for _ in range(count)]
    second = [two for (_, two), count in pairs.items() for _ in range(count)]
    total, equal, value = kappa(pairs)
    assert (total, equal) == (53, pytest.approx(35 / 53))
    assert value == pytest.approx(cohen_kappa_score(first, second))
    assert kappa({("a", "a"): 3}) == (3, 1.0, 1.0)


def test_agreement_is_told_by_part_target_and_label(folder: Path) -> None:
    found = sections(read_folder(folder))["agreement"]
    assert "| real, stance | 100 | 80.0 % | 0.615 |" in found
    assert "| real, stance: favor or not | 100 | 80.0 % |" in found
    assert "`us`" not in found  # fewer than 200
    (folder / "agreement.csv").write_text("part,head\nreal,stance\n")
    with pytest.raises(DataError, match="needs the columns part, head, target"):
        read_folder(folder)


def test_pairs_of_a_group_differ_in_the_label_of_one_target(folder: Path) -> None:
    [first, second, third] = read_folder(folder).files["first.jsonl"]
    assert changed_pairs([first, second, third]) == [(first, second)]
    assert changed_pairs([first, first]) == []


def test_tables_are_renewed_between_their_markers() -> None:
    text = "a\n<!-- counts -->\nold\n<!-- /counts -->\nb\n<!-- tags -->\nkept\n<!-- /tags -->\n"
    once = renew(text, {"counts": "new \\1"}, "x")
    assert once == "a\n<!-- counts -->\n\nnew \\1\n\n<!-- /counts -->\nb\n<!-- tags -->\nkept\n<!-- /tags -->\n"
    assert renew(once, {"counts": "new \\1"}, "x") == once
    with pytest.raises(DataError, match="x has no place for 'skeletons'"):
        renew(text, {"skeletons": ""}, "x")


def test_the_datasheet_of_the_project_has_a_place_for_every_table() -> None:
    text = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
    for name in SECTIONS:
        assert text.count(f"<!-- {name} -->\n") == text.count(f"<!-- /{name} -->") == 1


def test_every_tag_of_the_project_has_one_spelling() -> None:
    tags = {tag for record in read_folder(ROOT / "datasets").invented for tag in record.tags}
    assert [tag for tag in tags if not re.fullmatch(r"(genre|topic|from|decade|rule):[a-z0-9]+(_[a-z]+)*", tag)] == []
    assert len({tag.replace("_", "") for tag in tags}) == len(tags)  # "new_zealand" and "newzealand"
    assert tags & {f"from:{name}" for name in ("czech_republic", "eu", "saudi", "uae", "uk", "un", "us")} == set()


def test_the_line_that_the_datasheet_shows_is_good(command: Command, tmp_path: Path) -> None:
    text = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "a.jsonl"
    path.write_text(text.partition("```json\n")[2].partition("\n```")[0] + "\n", encoding="utf-8")
    assert command("validate", path)[0] == 0


def test_the_command_prints_and_writes_the_tables(command: Command, folder: Path) -> None:
    code, out, _ = command("datasheet", "--data", folder)
    assert (code, out.startswith("## counts\n\n| file | sentences |")) == (0, True)
    _, out, _ = command("datasheet", "--data", folder, "--json")
    found = json.loads(out)
    code, _, err = command("datasheet", "--data", folder, "--write")
    assert (code, "README.md does not exist" in err) == (1, True)
    places = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in SECTIONS)
    (folder / "README.md").write_text(places, encoding="utf-8")
    code, _, err = command("datasheet", "--data", folder, "--write")
    assert (code, "renewed" in err) == (0, True)
    written = (folder / "README.md").read_text(encoding="utf-8")
    assert all(text in written for text in found.values())


def test_an_empty_folder_is_told(command: Command, tmp_path: Path) -> None:
    code, _, err = command("datasheet", "--data", tmp_path)
    assert (code, "holds no .jsonl file" in err) == (1, True)
