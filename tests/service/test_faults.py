"""Faults against a real server process: what was accepted is answered, whatever breaks around it.

Each test prints how many requests were sent, answered and lost (`pytest -s`).
"""

import json
import os
import re
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from models.releases import set_current
from tests.service.live import Server, children, command, serving
from tests.service.load import HEAVY, SMALL, Load


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def metric(server: Server, name: str) -> float:
    """The value of one metric; 0 when it is not there."""
    with urllib.request.urlopen(f"{server.url}/metrics") as answer:
        found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def copy_version(releases: Path, version: str) -> Path:
    """The tiny model again, as another version."""
    old = next(path for path in releases.iterdir() if path.is_dir())
    new = releases / version
    shutil.copytree(old, new)
    manifest = json.loads((new / "manifest.json").read_text())
    (new / "manifest.json").write_text(json.dumps(manifest | {"version": version}))
    return new


def raw(server: Server, data: bytes, seconds: float = 30) -> bytes:
    """All that comes back for some bytes, until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        connection.sendall(data)
        return everything(connection)


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    out = b""
    while piece := connection.recv(65536):
        out += piece
    return out


def helpers(server: Server) -> list[int]:
    """Helper processes of a server."""
    return [pid for pid in children(server.process.pid) if "service.helper" in command(pid)]


def test_a_deleted_artifact_is_served_on(releases: Path, tmp_path: Path) -> None:
    with serving(tmp_path, releases=releases, reload_seconds=0.2) as server:
        load = Load(server.port, (SMALL, HEAVY)).start()
        time.sleep(1)
        shutil.rmtree(releases)
        for pid in helpers(server):  # their successors find no files
            os.kill(pid, signal.SIGKILL)
        before = load.answered[200]
        assert eventually(lambda: load.answered[200] > before + 50)
        load.stop().tell("artifact deleted")
        assert load.lost == 0
        assert set(load.answered) == {200}
        assert eventually(lambda: "model_refused" in server.logged())


def test_a_truncated_artifact_is_refused_and_the_old_one_stays(releases: Path, tmp_path: Path) -> None:
    with serving(tmp_path, releases=releases, reload_seconds=0.2) as server:
        load = Load(server.port).start()
        model = copy_version(releases, "10.0.0") / "model.joblib"
        model.write_bytes(model.read_bytes()[:1000])
        set_current("10.0.0", releases)
        assert eventually(lambda: metric(server, 'stancewire_model_loads_total{result="refused"}') == 1)
        load.stop().tell("artifact truncated")
        assert load.lost == 0
        assert set(load.answered) == {200}
        assert set(load.versions) == {"9.9.9"}
        assert eventually(lambda: "does not match the digest" in server.logged())  # lines are written aside


def workers(server: Server) -> list[int]:
    """Server processes under their supervisor."""
    return [pid for pid in children(server.process.pid) if "spawn_main" in command(pid)]


def all_ready(server: Server, count: int) -> bool:
    """Whether so many server processes have loaded the model."""
    return eventually(lambda: metric(server, 'stancewire_model_processes{version="9.9.9"}') == count, 60)


def test_a_swap_loses_nothing_and_is_taken_up_by_every_process(releases: Path, tmp_path: Path) -> None:
    with serving(tmp_path, releases=releases, reload_seconds=0.2, workers=2) as server:
        assert all_ready(server, 2)
        load = Load(server.port, (SMALL, SMALL, SMALL, HEAVY)).start()
        for version in ("10.0.0", "10.0.1", "10.0.2"):
            copy_version(releases, version)
            set_current(version, releases)
            name = f'stancewire_model_processes{{version="{version}"}}'
            assert eventually(lambda name=name: metric(server, name) == 2)
        done = load.answered.total()
        assert eventually(lambda: load.answered.total() > done + 20)
        load.stop().tell("artifact swapped three times")
        assert load.lost == 0
        assert set(load.answered) == {200}
        assert load.versions["10.0.2"] > 0


def test_a_full_disk_costs_log_lines_and_no_answers(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, log_file="/dev/full") as server:
        load = Load(server.port).start()
        assert eventually(lambda: metric(server, "stancewire_log_lines_dropped") > 10)
        load.stop().tell("disk full on log")
        assert load.lost == 0
        assert set(load.answered) == {200}


def test_clients_that_go_away_leave_nothing_behind(server: Server) -> None:
    head = b"POST /v1/stance HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
    load = Load(server.port).start()
    for body in (HEAVY, HEAVY[:100], b""):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(head % len(HEAVY) + body)
    # The request that asks for the metrics is itself one.
    load.stop().tell("clients that disconnect (their own requests not counted)")
    assert eventually(lambda: metric(server, "stancewire_requests_in_flight") == 1)
    assert load.lost == 0
    assert set(load.answered) == {200}


def test_a_client_of_one_byte_a_second_is_sent_away(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, body_seconds=1, header_seconds=1) as server:
        load = Load(server.port).start()
        for start in (b"POST /v1/stance HTTP/1.1\r\nhost: x\r\ncontent-length: 44\r\n\r\n", b""):
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
                connection.sendall(start)
                connection.sendall(b"P")
                answer = everything(connection)
            assert b" 408 " in answer.splitlines()[0]
            assert b'"code":"request_timeout"' in answer
        load.stop().tell("clients of one byte a second (their own requests not counted)")
        assert load.lost == 0
        assert set(load.answered) == {200}


def test_a_client_that_lies_about_its_length_hurts_only_itself(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, body_seconds=1) as server:
        load = Load(server.port).start()
        head = b"POST /v1/stance HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
        longer = raw(server, head % (len(SMALL) + 10) + SMALL)
        assert b'"code":"request_timeout"' in longer
        shorter = raw(server, head % (len(SMALL) - 10) + SMALL)
        assert b'"code":"not_json"' in shorter
        assert shorter.count(b"HTTP/1.1 ") <= 2
        for length in (b"-1", b"x", b"1, 2", b"99999999999999999999999"):
            answer = raw(server, b"POST /v1/stance HTTP/1.1\r\nhost: x\r\ncontent-length: " + length + b"\r\n\r\n")
            assert b" 400 " in answer.splitlines()[0]
            assert b'"code":"bad_request"' in answer
        load.stop().tell("clients that lie about their length (their own requests not counted)")
        assert load.lost == 0
        assert set(load.answered) == {200}


def test_a_stop_under_load_finishes_what_was_begun(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, workers=2, drain_seconds=1.5) as server:
        assert all_ready(server, 2)
        load = Load(server.port, (SMALL, SMALL, SMALL, HEAVY), retry=False).start(8)
        time.sleep(1)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        load.stop().tell("told to stop under load")
        assert server.process.wait(30) in (0, -signal.SIGTERM)
        assert load.lost == 0
        assert set(load.answered) == {200}
        assert not helpers(server)


def test_a_killed_server_process_is_replaced_and_costs_at_most_what_it_had_in_hand(
    artifact_folder: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, model=artifact_folder, workers=2) as server:
        assert all_ready(server, 2)
        clients = 8
        load = Load(server.port).start(clients)
        time.sleep(1)
        killed = workers(server)[0]
        orphans = children(killed)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: metric(server, 'stancewire_model_loads_total{result="taken"}') == 3, 60)
        assert all_ready(server, 2)
        # What it had in hand is lost to clients that do not ask again. A proxy does it for them: see test_proxy.py.
        load.stop().tell("server process killed (what it had in hand is cut off; clients ask again)")
        assert load.lost <= clients
        assert set(load.answered) == {200}
        assert eventually(lambda: not any("service.helper" in command(pid) for pid in orphans))


def test_a_process_killed_while_it_is_asked_for_a_sign_of_life_is_replaced(
    artifact_folder: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, model=artifact_folder, workers=2) as server:
        assert all_ready(server, 2)
        killed = workers(server)[0]
        os.kill(killed, signal.SIGSTOP)
        time.sleep(1.5)  # the supervisor asks twice a second, and waits now
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: len(set(workers(server)) - {killed}) == 2)
        assert all_ready(server, 2)


def test_a_killed_helper_costs_no_answer(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder) as server:
        load = Load(server.port, (HEAVY,)).start()
        for _ in range(3):
            time.sleep(0.5)
            for pid in helpers(server):
                os.kill(pid, signal.SIGKILL)
        before = load.answered[200]
        assert eventually(lambda: load.answered[200] > before + 5)
        load.stop().tell("helpers killed")
        assert load.lost == 0
        assert set(load.answered) == {200}
        assert "helper_died" in server.logged()


def test_heavy_work_whose_client_went_away_is_not_begun(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, heavy_processes=1, heavy_queue=20) as server:
        body = json.dumps({"text": "Ankara accused Moscow on Tuesday. " * 10_000}).encode()
        head = b"POST /v1/stance HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
        for _ in range(3):  # thrice what the queue holds
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", server.port)) as connection:
                    connection.sendall(head + body)
        load = Load(server.port, (HEAVY,)).start(1)
        assert eventually(lambda: load.answered[200] > 0)
        load.stop().tell("sixty books whose clients went away, then one that stays")
        assert load.lost == 0
        assert eventually(lambda: metric(server, "stancewire_requests_in_flight") == 1)
        assert metric(server, "stancewire_documents_total") < 30
