"""Two servers behind the real nginx, with the configuration of docs/service.md as it stands there."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.live import ROOT, Server, free_port, serving
from tests.service.load import SMALL, Load
from tests.service.test_faults import eventually

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PORTS = ("8000", "8001", "8002")  # of the documentation: nginx, and the two servers
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")


@dataclass
class Pair:
    """nginx, and the two servers behind it."""

    port: int
    folder: Path
    servers: list[Server]

    def restart(self, place: int, artifact_folder: Path) -> None:
        """Start a killed server again, where it was."""
        self.servers[place] = Server(self.folder, self.servers[place].port, model=artifact_folder)
        self.servers[place].wait()


def documented(ports: dict[str, int]) -> str:
    """The configuration of the documentation, with other ports."""
    text = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    (configuration,) = re.findall(r"^```nginx\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for old, new in ports.items():
        configuration, count = re.subn(rf"(listen |127\.0\.0\.1:){old}\b", rf"\g<1>{new}", configuration)
        assert count == 1
    return configuration


@contextmanager
def proxied(folder: Path, configuration: str, port: int) -> Iterator[None]:
    """nginx with a configuration, as Debian includes it; all that it writes goes to a folder."""
    (folder / "stancewire.conf").write_text(configuration)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;{' user root;' * (os.geteuid() == 0)}"
        f"events {{}} http {{ access_log off; {paths} include {folder}/stancewire.conf; }}"
    )
    process = subprocess.Popen([str(NGINX), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])

    def listens() -> bool:
        assert process.poll() is None, (folder / "error.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert eventually(listens)
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def pair(artifact_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The two servers and nginx."""
    folder = tmp_path_factory.mktemp("proxy")
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder, model=artifact_folder)) for _ in range(2)]
        ports = dict(zip(PORTS, (free_port(), *(server.port for server in servers)), strict=True))
        stack.enter_context(proxied(folder, documented(ports), ports["8000"]))
        pair = Pair(ports["8000"], folder, servers)
        yield pair
        for server in pair.servers:
            server.stop()


def ask(port: int, body: bytes, path: str = "/v1/stance") -> tuple[int, bytes]:
    """Status and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_killed_server_loses_nothing_behind_nginx(pair: Pair, artifact_folder: Path) -> None:
    load = Load(pair.port).start(16)
    for place in (0, 1, 0):
        time.sleep(0.5)
        before = load.answered.total()
        pair.servers[place].process.send_signal(signal.SIGKILL)
        pair.servers[place].process.wait()
        assert eventually(lambda before=before: load.answered.total() > before + 200)  # by the other one
        pair.restart(place, artifact_folder)
    load.stop().tell("one of two servers killed behind nginx, three times")
    assert load.sent > 600
    assert (load.lost, load.refused) == (0, 0)
    assert load.answered == {200: load.sent}


def test_both_servers_are_asked_again_after_a_restart(pair: Pair) -> None:
    before = [server.logged().count('"path":"/v1/stance"') for server in pair.servers]
    for _ in range(20):
        assert ask(pair.port, SMALL)[0] == 200
    assert eventually(
        lambda: all(
            server.logged().count('"path":"/v1/stance"') >= old + 5
            for server, old in zip(pair.servers, before, strict=True)
        )
    )


def test_streams_are_told_at_once_that_they_do_not_pass(pair: Pair) -> None:
    status, body = ask(pair.port, SMALL, "/v1/stance/stream")
    assert (status, json.loads(body)["error"]["code"]) == (501, "not_proxied")


def test_the_limit_of_a_body_is_that_of_the_servers(pair: Pair) -> None:
    most = 8 * 2**20
    for size, status in ((most, 400), (most + 1, 413)):
        found, body = ask(pair.port, b" " * size)
        assert found == status
        assert set(json.loads(body)["error"]) == {"code", "message", "field"}
    assert json.loads(body)["error"]["code"] == "body_too_large"


def test_without_any_server_clients_are_told_to_come_again(tmp_path: Path) -> None:
    ports = dict(zip(PORTS, (free_port(), free_port(), free_port()), strict=True))
    with proxied(tmp_path, documented(ports), ports["8000"]):
        status, body = ask(ports["8000"], SMALL)
    assert (status, json.loads(body)["error"]["code"]) == (503, "not_ready")
