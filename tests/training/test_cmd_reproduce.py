import json
from pathlib import Path

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines


def test_a_release_comes_out_the_same_to_the_byte(command: Command, root: Path, data_file: Path) -> None:
    code, out, _ = command("reproduce", "one", "--data", data_file, "--out", root)
    assert code == 0
    assert "The same figures, to the byte" in out
    assert json.loads(command("reproduce", "one", "--data", data_file, "--out", root, "--json")[1])["same"] is True


def test_other_figures_are_told_and_fail(command: Command, root: Path, data_file: Path) -> None:
    path = root / "one" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["metrics_sha256"] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    code, out, _ = command("reproduce", "one", "--data", data_file, "--out", root)
    assert code == 1
    assert "Other figures than the manifest of one" in out


def test_other_data_are_refused(command: Command, root: Path, tmp_path: Path) -> None:
    other = write_lines(tmp_path / "other.jsonl", sample_lines()[:-1])
    code, _, err = command("reproduce", "one", "--data", other, "--out", root)
    assert code == 1
    assert "was trained on sample.jsonl, with other contents" in err
