"""What comes before a body: request lines and headers that are broken, endless or slow."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.live import Server, serving
from tests.service.load import SMALL
from tests.service.test_faults import everything, raw

HEAD = b"POST /v1/stance HTTP/1.1\r\nhost: x\r\n"
REQUEST = HEAD + b"content-length: %d\r\n\r\n" % len(SMALL) + SMALL
ASIDE = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"


@pytest.fixture(scope="module")
def server(artifact_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits one second for a head."""
    with serving(tmp_path_factory.mktemp("protocol"), model=artifact_folder, header_seconds=1) as server:
        yield server


def refusal(answer: bytes) -> tuple[int, str]:
    """Status and code of the one answer that came, which closes the connection and has the one error body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in head
    assert f"content-length: {len(body)}".encode() in head
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "field"}
    return int(head.split()[1]), error["code"]


def status(connection: socket.socket) -> int:
    """Status of the next answer, which is taken whole."""
    with http.client.HTTPResponse(connection) as response:
        response.begin()
        response.read()
        return response.status


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",  # the beginning of TLS
        HEAD + b"content-length: x\r\n\r\n",
        HEAD + b"a header without a colon\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_what_is_no_http_is_refused_in_the_one_error_body(server: Server, data: bytes) -> None:
    assert refusal(raw(server, data)) == (400, "bad_request")


@pytest.mark.parametrize("start", [b"GET /", ASIDE + b"x: "], ids=["request line", "header"])
def test_a_head_without_end_is_refused(server: Server, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(start + b"a" * 60_000)
        connection.sendall(b"a" * 5_536)
        connection.settimeout(30)
        assert refusal(everything(connection)) == (431, "head_too_large")


def test_a_large_head_within_the_limit_passes(server: Server) -> None:
    answer = raw(server, ASIDE + b"x: " + b"a" * 60_000 + b"\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_each_request_of_a_connection_has_its_own_limit(server: Server) -> None:
    large = ASIDE + b"x: " + b"a" * 40_000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for _ in range(3):
            connection.sendall(large + b"\r\n")
            assert status(connection) == 200


@pytest.mark.parametrize("data", [b"", b"P", HEAD], ids=["nothing", "a byte", "half a head"])
def test_a_client_that_does_not_finish_its_head_is_sent_away(server: Server, data: bytes) -> None:
    assert refusal(raw(server, data)) == (408, "request_timeout")


def test_a_client_that_does_not_finish_its_second_head_is_sent_away_too(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(REQUEST)
        assert status(connection) == 200
        connection.sendall(b"POST /v1")
        assert refusal(everything(connection)) == (408, "request_timeout")


def test_waiting_for_a_body_is_not_waiting_for_a_head(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(REQUEST[:-5])
        connection.settimeout(1.5)  # longer than a head may take
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(30)
        connection.sendall(REQUEST[-5:])
        assert status(connection) == 200


def test_nothing_gets_between_the_pieces_of_an_answer_on_its_way(server: Server) -> None:
    body = json.dumps({"text": "Ankara accused Moscow on Tuesday. " * 2_000}).encode()
    answer = raw(server, HEAD + b"content-length: %d\r\n\r\n" % len(body) + body + ASIDE + b"x: " + b"a" * 70_000)
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert len(json.loads(rest)["sentences"]) == 2_000


def test_head_and_body_of_an_answer_come_at_once(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for _ in range(50):
            connection.sendall(REQUEST)
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in head


def test_a_head_without_a_body_comes_too(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for _ in range(2):
            connection.sendall(b"HEAD /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            assert connection.recv(65536).endswith(b"\r\n\r\n")
        connection.sendall(HEAD + b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n" % len(SMALL))
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(SMALL)
        assert status(connection) == 200
        connection.sendall(b"POST /v1/stance/stream HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")  # before any line is sent
