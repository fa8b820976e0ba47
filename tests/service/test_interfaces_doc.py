"""Every command and program of docs/interfaces.md is run as it stands there."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text(encoding="utf-8")
ADDRESS = "127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path, artifact_folder: Path) -> dict[str, str]:
    """An environment in which `stancewire` is this package with the tiny model."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "stancewire"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m service.cli "$@"\n')
    command.chmod(0o755)
    return os.environ | {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "STANCEWIRE_MODELS": str(artifact_folder),
    }


def test_every_shell_command_of_the_page_works(shell: dict[str, str], tmp_path: Path, server_url: str) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) > 12
    for command in commands:
        if command.startswith("stancewire serve"):
            command += " --help"  # served for real in test_cli.py
        command = command.replace(f"http://{ADDRESS}", server_url)
        ran = subprocess.run(
            ["bash", "-c", f"set -e -o pipefail; {command}"], cwd=tmp_path, env=shell, capture_output=True, text=True
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    for name in ("rows.csv", "answer.json", "stances.jsonl.gz", "stances.jsonl", "article.html", "year.html"):
        assert (tmp_path / name).stat().st_size > 100


def test_every_program_of_the_page_works(server_url: str) -> None:
    programs = blocks("python")
    assert len(programs) == 2
    for program in programs:
        assert ADDRESS in program
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(program.replace(ADDRESS, server_url.removeprefix("http://")), {})
        assert "favor" in out.getvalue()


def test_every_option_of_the_table_exists(shell: dict[str, str]) -> None:
    options = re.findall(r"^\| `(--[a-z-]+)", TEXT, re.MULTILINE)
    assert len(options) == 4
    shown = subprocess.run(["stancewire", "bulk", "--help"], env=shell, capture_output=True, text=True, check=True)
    assert all(option in shown.stdout for option in options)
