import json
from pathlib import Path
from xml.etree import ElementTree

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines
from tests.training.test_ablate import TEST


def test_it_prints_a_table_and_writes_a_chart(command: Command, tmp_path: Path) -> None:
    lines = sample_lines()
    data, real = write_lines(tmp_path / "a.jsonl", lines[::2]), write_lines(tmp_path / "b.jsonl", lines[1::2])
    test, chart = write_lines(tmp_path / "fresh.jsonl", TEST), tmp_path / "new" / "curve.svg"
    args = ["learning-curve", "--data", data, "--real", real, "--test", test, "--size", 20, "--seeds", 2]
    args += ["--jobs", 1, "--chart", chart]
    code, out, _ = command(*args)
    assert (code, "fresh: macro-F1 of stance" in out, "both, all" in out) == (0, True, True)
    root = ElementTree.parse(chart).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 3
    _, out, _ = command(*args, "--json")
    assert len(json.loads(out)["points"]) == 6
    _, out, _ = command(*args, "--markdown")
    assert out.startswith("| trained on | sentences | fresh |")


def test_it_wants_a_test_file(command: Command, data_file: Path) -> None:
    code, _, err = command("learning-curve", "--data", data_file)
    assert (code, "name a --test FILE" in err) == (1, True)


def test_it_renews_the_table_of_a_datasheet(command: Command, data_file: Path, tmp_path: Path) -> None:
    readme, test = tmp_path / "README.md", write_lines(tmp_path / "fresh.jsonl", TEST)
    args = ("learning-curve", "--data", data_file, "--test", test, "--size", 20, "--seeds", 1, "--jobs", 1)
    args = (*args, "--chart", tmp_path / "c.svg", "--readme", readme)
    code, _, err = command(*args)
    assert (code, "README.md does not exist" in err) == (1, True)
    readme.write_text("# A\n<!-- learning-curve -->\n<!-- /learning-curve -->\nB\n", encoding="utf-8")
    assert command(*args)[0] == 0
    text = readme.read_text(encoding="utf-8")
    assert "| invented, all | 108 |" in text
    assert text.endswith("<!-- /learning-curve -->\nB\n")
