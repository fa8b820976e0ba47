"""The command that searches for better settings."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.conftest import Command


def test_the_command_prints_its_table(command: Command, data_file: Path, tmp_path: Path) -> None:
    args = ("tune", "stance", "--data", data_file, "--trials", 3, "--state", tmp_path / "s.jsonl")
    code, out, _ = command(*args)
    assert code == 0
    assert "as configured" in out
    assert "Best of 3:\n[stance]\n" in out
    code, out, _ = command(*args, "--json")
    assert (code, len(json.loads(out)["trials"])) == (0, 3)


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install ray")
def test_a_ray_cluster_finds_the_same(command: Command, data_file: Path, tmp_path: Path) -> None:
    args = ["tune", "stance", "--data", str(data_file), "--trials", "3", "--json", "--state"]
    _, here, _ = command(*args, tmp_path / "here.jsonl")
    there = subprocess.run(
        [sys.executable, "-m", "training", *args, str(tmp_path / "there.jsonl"), "--ray", "local"],
        capture_output=True,
        text=True,
        check=True,
    )
    start = there.stdout.index("{")  # ray may say something of its own first
    assert json.loads(there.stdout[start : there.stdout.rindex("}") + 1]) == json.loads(here)
