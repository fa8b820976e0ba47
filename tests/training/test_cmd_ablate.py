"""The command that measures what each kind of feature is worth."""

import json
from pathlib import Path

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines
from tests.training.test_ablate import TEST
from training.ablate import FILE


def test_the_command_prints_tables_markdown_and_json(command: Command, data_file: Path, tmp_path: Path) -> None:
    test = write_lines(tmp_path / "fresh.jsonl", TEST)
    args = ("ablate", "--data", data_file, "--test", test, "--name", "no frames", "--name", "C=3", "--jobs", 1)
    code, out, _ = command(*args)
    assert code == 0
    for word in ("cross-validation: macro-F1 of 108", "fresh: macro-F1 of 5", "released", "no frames", "C=3"):
        assert word in out
    code, out, _ = command(*args, "--seeds", 0, "--json")
    found = json.loads(out)["results"]
    assert (code, [each["name"] for each in found]) == (0, ["released", "no frames", "C=3"])
    assert set(found[0]["measures"]) == {"fresh"}
    log = tmp_path / "LOG.md"
    log.write_text("# Log\n<!-- ablations -->\n<!-- /ablations -->\n", encoding="utf-8")
    code, out, _ = command(*args, "--seeds", 0, "--markdown", "--log", log)
    assert out.strip() in log.read_text(encoding="utf-8")
    assert out.splitlines()[0] == "| change | fresh | kept |"
    assert len(out.splitlines()) == 5


def test_the_command_lists_the_ablations_and_names_what_is_wrong(command: Command, data_file: Path) -> None:
    code, out, _ = command("ablate", "--list")
    assert (code, "no frames: " in out) == (0, True)
    code, _, err = command("ablate", "--data", data_file, "--seeds", 0)
    assert (code, "Nothing to measure on" in err) == (1, True)
    code, _, err = command("ablate", "--data", data_file, "--name", "nonsense")
    assert (code, "no ablation 'nonsense'" in err, str(FILE) in err) == (1, True, True)


def test_two_test_files_of_one_name_are_refused(command: Command, data_file: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one, two = (write_lines(folder / "x.jsonl", sample_lines()[:6]) for folder in (tmp_path, tmp_path / "b"))
    code, _, err = command("ablate", "--data", data_file, "--test", one, "--test", two)
    assert (code, "Two --test files have the same name" in err) == (1, True)
