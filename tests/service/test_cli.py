import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from models.analyzer import Analyzer
from tests.service.shell import Run
from tests.service.test_loading import save_unreadable

ARTICLE = "Ankara thanked Moscow on Tuesday. Oslo condemned Washington and praised the Kremlin.\n\nRain fell in Lisbon."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_the_table_names_sentence_target_stance_and_score(run: Run, article: Path, analyzer: Analyzer) -> None:
    ran = run("classify", article)
    assert ran.code == 0
    assert ran.err == ""
    stance = analyzer.analyze(ARTICLE).sentences[0].stances[0]
    first = next(line for line in ran.out.splitlines() if "Ankara thanked Moscow" in line)
    assert first.split()[0] == "1"
    assert first.split()[-3:-1] == ["russia", "favor"]
    assert first.split()[-1].startswith(f"{stance.scores['favor']:.2f}")
    assert "3 sentences" in ran.out
    assert "Russia (russia)" in ran.out


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("more", [[], ["--explain"]])
def test_the_table_fits_the_width(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, more: list[str]
) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Ankara thanked Moscow and Washington " + "for its help " * 40 + "on Tuesday.\n" + "x" * 500)
    monkeypatch.setenv("COLUMNS", str(width))
    ran = run("classify", path, *more)
    assert ran.code == 0
    assert max(len(line) for line in ran.out.splitlines()) <= width


def test_a_pipe_gets_no_colours_and_explained_words_in_brackets(run: Run, article: Path) -> None:
    ran = run("classify", article, "--explain")
    assert "\x1b" not in ran.out
    assert "*Moscow*" in ran.out
    assert "[thanked" in ran.out


def test_a_terminal_gets_colours_unless_no_color_is_set(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;32mfavor" in run("classify", article).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;32m" not in run("classify", article).out


def test_control_characters_of_an_article_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_bytes(b"Ankara thanked \x1b[2JMoscow on Tuesday.\x07")
    assert "\x1b" not in run("classify", path, "--explain").out


def test_json_is_the_shape_of_the_http_contract(run: Run, article: Path, analyzer: Analyzer) -> None:
    ran = run("classify", article, "--format", "json", "--explain")
    assert json.loads(ran.out) == analyzer.analyze(ARTICLE, explain=True).as_dict()
    plain = json.loads(run("classify", article, "--format", "json").out)
    assert list(plain) == ["id", "model", "sentences", "summary"]
    assert "evidence" not in plain["sentences"][0]["stances"][0]


def test_jsonl_has_one_sentence_a_line(run: Run, article: Path, analyzer: Analyzer) -> None:
    lines = run("classify", article, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == analyzer.analyze(ARTICLE).as_dict()["sentences"]


def test_csv_has_one_row_a_stance_and_loses_no_sentence(run: Run, article: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("classify", article, "--format", "csv").out)))
    assert [(row["sentence"], row["target"]) for row in rows] == [
        ("0", "russia"),
        ("1", "us"),
        ("1", "russia"),
        ("2", ""),
    ]
    assert all(ARTICLE[int(row["start"]) : int(row["end"])] == row["text"] for row in rows)


def test_a_dash_and_no_name_read_standard_input(run: Run, article: Path) -> None:
    from_file = run("classify", article, "-f", "json").out
    assert run("classify", "-", "-f", "json", stdin=ARTICLE.encode()).out == from_file
    assert run("classify", "-f", "json", stdin=b"\xef\xbb\xbf" + ARTICLE.encode()).out == from_file


def test_targets_are_chosen(run: Run, article: Path) -> None:
    answer = json.loads(run("classify", article, "--targets", "us", "--format", "json").out)
    assert list(answer["summary"]) == ["us"]


def test_a_targets_file_adds_a_target(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_text('[norway]\nname = "Norway"\nnames = ["Norway", "Oslo"]\n')
    ran = run("classify", "--targets-file", table, "-f", "json", stdin=b"Ankara thanked Oslo and Moscow.")
    assert list(json.loads(ran.out)["summary"]) == ["norway", "russia"]


def test_the_date_decides_who_is_in_office(run: Run) -> None:
    text = b"Ankara thanked President Obama on Tuesday."
    then = json.loads(run("classify", "--date", "2015-05-01", "-f", "json", stdin=text).out)
    later = json.loads(run("classify", "--date", "2020-05-01", "-f", "json", stdin=text).out)
    assert (list(then["summary"]), list(later["summary"])) == (["us"], [])


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["classify", "no-such.txt"], b"", "Cannot read no-such.txt: No such file"),
        (["classify", "."], b"", "Cannot read .: Is a directory"),
        (["classify", "-"], b"caf\xe9 in Moscow", "not UTF-8: byte 3 is 0xe9"),
        (["classify", "-"], b" \n\t", "is empty"),
        (["classify", "-"], b"a\0b", "NUL character at position 1"),
        (["classify", "-", "--targets", "mars"], b"Moscow.", "Unknown target 'mars'"),
        (["classify", "-", "--date", "May 1"], b"Moscow.", "--date is 'May 1'"),
        (["classify", "-", "--models", "no-such"], b"Moscow.", "No released model in no-such"),
        (["classify", "-", "--targets-file", "no.toml"], b"Moscow.", "Cannot read targets file no.toml"),
        (["bulk", "no-such.jsonl", "out.jsonl"], b"", "Cannot read no-such.jsonl"),
        (["bulk", "-", "no/such/out.jsonl"], b"", "Cannot write no/such/out.jsonl"),
        (["report", "no-such.txt", "out.html"], b"", "Cannot read no-such.txt"),
        (["report", "-", "no/such.html"], b"Moscow.", "Cannot write no/such.html"),
    ],
)
def test_bad_input_gives_one_clear_line_and_exit_1(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    stdin: bytes,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments, stdin=stdin)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("stancewire: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_loads_but_cannot_read_is_one_clear_line(run: Run, artifact_folder: Path, tmp_path: Path) -> None:
    folder = save_unreadable(artifact_folder, tmp_path / "older")
    ran = run("classify", "-", "--models", folder, stdin=b"Moscow.")
    assert ran.code == 1
    assert "cannot read a sentence" in ran.err
    assert "python -m training train" in ran.err
    assert ran.err.count("\n") == 1


def test_a_text_without_targets_is_no_error(run: Run) -> None:
    ran = run("classify", stdin=b"Rain fell in Lisbon.")
    assert ran.code == 0
    assert "No sentence mentions a target" in ran.out


@pytest.mark.parametrize("text", ["Москва и США. Moscow.", "\U0001f600 Moscow \U0001f1f7\U0001f1fa", "‏שלום Moscow"])
def test_any_script_keeps_its_offsets(run: Run, text: str) -> None:
    answer = json.loads(run("classify", "-f", "json", stdin=text.encode()).out)
    assert answer["summary"]["russia"]["sentences"] == 1
    for sentence in answer["sentences"]:
        for stance in sentence["stances"]:
            for span in stance["mentions"]:
                assert text[span["start"] : span["end"]] == span["text"] == "Moscow"


def test_help_teaches_with_examples_for_every_command(run: Run) -> None:
    for command in ("classify", "bulk", "report", "serve"):
        ran = run(command, "--help")
        assert ran.code == 0
        assert f"stancewire {command}" in ran.out


def test_the_version_names_package_and_model(run: Run) -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("stancewire ")
    assert "model 9.9.9" in ran.out


def wait_until_open(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not open its port")


@pytest.mark.parametrize("by_option", [True, False])
def test_serve_answers_with_the_model_it_is_given_until_it_is_stopped(artifact_folder: Path, by_option: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANCEWIRE_")}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    if by_option:
        command += ["--models", str(artifact_folder)]
    else:
        environment["STANCEWIRE_MODELS"] = str(artifact_folder)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port}" in process.stdout.readline().decode()
            wait_until_open(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                assert client.get("/readyz").json()["version"] == "9.9.9"
                answer = client.post("/v1/stance", json={"text": "Ankara thanked Moscow."}).json()
                assert answer["summary"]["russia"]["favor"] == 1
        finally:
            process.terminate()
        process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)


def test_serve_names_a_bad_setting_in_one_line(artifact_folder: Path) -> None:
    command = [sys.executable, "-m", "service.cli", "serve", "--models", str(artifact_folder)]
    environment = os.environ | {"STANCEWIRE_PROT": "8000"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1
    assert ran.stderr.startswith("stancewire: Unknown setting STANCEWIRE_PROT. Did you mean STANCEWIRE_PORT?")
    assert ran.stderr.count("\n") == 1


def test_a_reader_that_leaves_early_is_no_error_on_the_screen(tmp_path: Path, artifact_folder: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(ARTICLE * 3000)
    environment = os.environ | {"STANCEWIRE_MODELS": str(artifact_folder)}
    command = [sys.executable, "-m", "service.cli", "classify", str(path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_shell_completion_can_be_shown(artifact_folder: Path) -> None:
    environment = os.environ | {"_STANCEWIRE_COMPLETE": "source_bash"}
    program = "import sys; from service.cli import main; sys.argv[0] = 'stancewire'; main()"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert "COMPREPLY" in shown.stdout
