import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.analyzer import Analyzer
from models.errors import StancewireError
from service import bulk as bulk_module
from service import documents
from service.bulk import Options, run_bulk
from tests.service.shell import Run


def quiet(done: int, total: int | None, documents: int) -> None:
    """No progress."""


def write_lines(path: Path, count: int) -> Path:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8") as file:
        for i in range(count):
            file.write(json.dumps({"id": i, "text": f"Ankara thanked Moscow {i} times on Tuesday."}) + "\n")
    return path


def read_lines(path: Path) -> list[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_every_document_gets_its_answer_in_order_on_several_processes(
    tmp_path: Path, artifact_folder: Path, analyzer: Analyzer
) -> None:
    source = write_lines(tmp_path / "in.jsonl", 700)
    seen: list[tuple[int, int | None, int]] = []
    options = Options(artifact_folder)
    done = run_bulk(str(source), str(tmp_path / "out.jsonl"), options, 2, lambda *each: seen.append(each))
    answers = read_lines(tmp_path / "out.jsonl")
    assert [answer["id"] for answer in answers] == list(range(700))
    assert answers[699] == analyzer.analyze("Ankara thanked Moscow 699 times on Tuesday.").as_dict(699)
    assert (done.documents, done.sentences, done.errors) == (700, 700, 0)
    assert seen == sorted(seen)
    assert seen[-1] == (source.stat().st_size, source.stat().st_size, 700)


def test_one_process_and_several_write_the_same_bytes(tmp_path: Path, artifact_folder: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl.gz", 200)
    for jobs in (1, 2):
        run_bulk(str(source), str(tmp_path / f"{jobs}.jsonl.gz"), Options(artifact_folder), jobs, quiet)
    assert (tmp_path / "1.jsonl.gz").read_bytes() == (tmp_path / "2.jsonl.gz").read_bytes()
    assert len(read_lines(tmp_path / "1.jsonl.gz")) == 200


@pytest.mark.parametrize(
    ("line", "id", "code", "field", "message"),
    [
        (b"nonsense", None, "bad_document", None, "line 2: no valid JSON"),
        (b"[1]", None, "bad_document", None, "expected an object"),
        (b'{"id": 7}', 7, "bad_document", "text", '"text" must be a string'),
        (b'{"id": 7, "text": " "}', 7, "bad_document", "text", '"text" must be a string'),
        (b'{"id": 7, "text": 5}', 7, "bad_document", "text", '"text" must be a string'),
        (b'{"id": 7, "text": "a\\u0000"}', 7, "bad_document", "text", "NUL character"),
        (b'{"text": "\\ud800"}', None, "bad_document", None, "no valid JSON"),
        (b'{"text": "caf\xe9"}', None, "bad_document", None, "no valid JSON"),
        (b'{"id": "a", "text": "Moscow", "targets": ["mars"]}', "a", "unknown_target", "targets", "line 2"),
        (b'{"id": "a", "text": "Moscow", "targets": "us"}', "a", "bad_document", "targets", '["us", "russia"]'),
        (b'{"id": "a", "text": "Moscow", "explain": 1}', "a", "bad_document", "explain", "true or false"),
        (b'{"id": "a", "text": "Moscow", "date": "May"}', "a", "bad_document", "date", "2016-03-01"),
        (b'{"text": "' + b"x" * 3000 + b'"}', None, "bad_document", "text", "longer than"),
    ],
)
def test_a_bad_line_becomes_an_error_line_in_its_place(
    tmp_path: Path,
    artifact_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: bytes,
    id: object,
    code: str,
    field: str | None,
    message: str,
) -> None:
    monkeypatch.setattr(documents, "LONGEST_LINE", 2048)
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "Moscow."}\n' + line + b'\n\n{"text": "Oslo.", "id": "last"}')
    done = run_bulk(str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), Options(artifact_folder), 1, quiet)
    first, error, last = read_lines(tmp_path / "out.jsonl")
    assert first["sentences"][0]["text"] == "Moscow."
    assert last["id"] == "last"
    assert error["id"] == id
    assert (error["error"]["code"], error["error"]["field"]) == (code, field)
    assert message in error["error"]["message"]
    assert (done.documents, done.errors) == (3, 1)


def test_a_document_decides_for_itself_what_the_options_leave_open(tmp_path: Path, artifact_folder: Path) -> None:
    document = {"text": "Ankara thanked Moscow and President Obama.", "title": "passed over"}
    lines = [document, document | {"targets": ["us"], "explain": True}, document | {"date": "2020-01-01T10:00:00Z"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run_bulk(str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), Options(artifact_folder), 1, quiet)
    plain, own, dated = read_lines(tmp_path / "out.jsonl")
    assert list(plain["summary"]) == ["russia", "us"]
    assert list(own["summary"]) == ["us"]
    assert own["sentences"][0]["stances"][0]["evidence"]
    assert list(dated["summary"]) == ["russia"]


def test_a_folder_of_text_files_is_read_by_name(tmp_path: Path, artifact_folder: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text("Ankara thanked Moscow.")
    (folder / "a.txt").write_bytes(b"caf\xe9")
    (folder / "deep" / "c.txt").write_text("Rain fell.")
    (folder / "other.md").write_text("No.")
    run_bulk(str(folder), str(tmp_path / "out.jsonl"), Options(artifact_folder), 1, quiet)
    answers = read_lines(tmp_path / "out.jsonl")
    assert [answer["id"] for answer in answers] == ["a.txt", "b.txt", "deep/c.txt"]
    assert "not UTF-8" in answers[0]["error"]["message"]


def test_nothing_is_left_behind_and_an_older_output_stays_when_a_run_fails(
    tmp_path: Path, artifact_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = gzip.compress(b'{"text": "Moscow."}\n' * 3000)
    (tmp_path / "in.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "out.jsonl").write_text("older")
    with pytest.raises(StancewireError, match="no whole gzip file"):
        run_bulk(str(tmp_path / "in.jsonl.gz"), str(tmp_path / "out.jsonl"), Options(artifact_folder), 1, quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl.gz", "out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "older"


def test_the_input_is_never_overwritten(tmp_path: Path, artifact_folder: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", 1)
    with pytest.raises(StancewireError, match="is the input itself"):
        run_bulk(str(source), str(tmp_path / "." / "in.jsonl"), Options(artifact_folder), 1, quiet)


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(tmp_path: Path, artifact_folder: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", 100)
    command = f"ulimit -f 8; exec {sys.executable} -m service.cli bulk {source} {tmp_path}/out.jsonl --jobs 1"
    environment = os.environ | {"STANCEWIRE_MODELS": str(artifact_folder)}
    ran = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr == f"stancewire: Cannot write {tmp_path}/out.jsonl: File too large.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_link_is_followed_and_a_pipe_is_not_replaced(tmp_path: Path, artifact_folder: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", 1)
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    run_bulk(str(source), str(tmp_path / "link.jsonl"), Options(artifact_folder), 1, quiet)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(read_lines(tmp_path / "real.jsonl")) == 1
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE) as reader:
        run_bulk(str(source), str(tmp_path / "pipe"), Options(artifact_folder), 1, quiet)
        out, _ = reader.communicate(timeout=30)
    assert out == (tmp_path / "real.jsonl").read_bytes()
    assert (tmp_path / "pipe").is_fifo()


def test_an_unknown_target_stops_before_anything_is_written(tmp_path: Path, artifact_folder: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", 1)
    with pytest.raises(StancewireError, match="Unknown target 'mars'"):
        run_bulk(str(source), str(tmp_path / "out.jsonl"), Options(artifact_folder, targets=["mars"]), 1, quiet)
    assert not (tmp_path / "out.jsonl").exists()


def test_no_more_is_read_ahead_than_a_few_chunks(
    tmp_path: Path, artifact_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    real = bulk_module.read_items

    def counted(source: str):
        for item in real(source):
            taken.append(1)
            yield item

    monkeypatch.setattr(bulk_module, "read_items", counted)
    monkeypatch.setattr(bulk_module, "CHUNK_DOCUMENTS", 5)
    ahead: list[int] = []
    source = write_lines(tmp_path / "in.jsonl", 500)
    out = str(tmp_path / "out.jsonl")
    options = Options(artifact_folder)
    run_bulk(str(source), out, options, 2, lambda done, total, documents: ahead.append(len(taken) - documents))
    assert len(taken) == 500
    assert max(ahead) <= 5 * (2 * 2 + 2)


def test_the_command_reads_and_writes_pipes_and_says_what_it_did(run: Run) -> None:
    ran = run("bulk", "-", "-", "--jobs", 1, stdin=b'{"text": "Moscow."}\nbad\n')
    assert ran.code == 0
    assert [list(json.loads(line)) for line in ran.out.splitlines()] == [
        ["id", "model", "sentences", "summary"],
        ["id", "error"],
    ]
    assert "2 documents" in ran.err
    assert "1 could not be read" in ran.err
    assert run("bulk", "-", "-", "--strict", "--jobs", 1, stdin=b"bad\n").code == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing_half_written(tmp_path: Path, artifact_folder: Path, stop: signal.Signals) -> None:
    source = write_lines(tmp_path / "in.jsonl", 200_000)
    command = [sys.executable, "-m", "service.cli", "bulk", str(source), str(tmp_path / "out.jsonl")]
    command += ["--models", str(artifact_folder), "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not any(path.stat().st_size for path in tmp_path.glob(".out*")):
            time.sleep(0.05)
        process.send_signal(stop)
        _, errors = process.communicate()
    assert process.returncode not in (0, None)
    assert b"Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
