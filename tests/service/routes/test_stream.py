"""The stream: a line in, a line out."""

import json
from collections.abc import Callable, Iterator

from starlette.testclient import TestClient

from tests.service.live import Server

GOOD = b'{"id": 1, "text": "Ankara accused Moscow."}\n'


def test_each_line_has_an_answer_line_and_a_bad_one_an_error_line(client: TestClient) -> None:
    lines = [GOOD, b"no json\n", b"\n", b'{"text": ""}\n', b"[1]\r\n", b'{"text": "\xff"}\n', GOOD.strip()]
    response = client.post("/v1/stance/stream", content=b"".join(lines))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson"
    answers = [json.loads(line) for line in response.text.splitlines()]
    codes = [answer["error"]["code"] if "error" in answer else None for answer in answers]
    assert codes == [None, "not_json", "empty_text", "invalid_input", "not_json", None]
    assert answers[1]["error"]["field"] == "line 2"
    assert answers[2]["error"]["field"] == "line 4.text"
    assert answers[0] == answers[5]


def test_lines_may_be_cut_anywhere(client: TestClient) -> None:
    data = GOOD * 5

    def pieces() -> Iterator[bytes]:
        for i in range(0, len(data), 7):
            yield data[i : i + 7]

    answers = client.post("/v1/stance/stream", content=pieces()).text.splitlines()
    assert [json.loads(answer)["id"] for answer in answers] == [1] * 5


def test_a_line_beyond_the_limit_costs_no_other(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_body_bytes=1024)
    answers = client.post("/v1/stance/stream", content=GOOD + b"x" * 5000 + b"\n" + GOOD).text.splitlines()
    assert ["error" in json.loads(answer) for answer in answers] == [False, True, False]


def test_a_stream_larger_than_any_body_passes_with_bounded_memory(server: Server) -> None:
    import http.client
    import threading
    from pathlib import Path

    def resident() -> int:
        return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4096

    line = json.dumps({"text": "It rained. " * 300, "targets": []}).encode() + b"\n"
    count = 3_000  # 10 MB in, more out; the limit of a body is 8 MB
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.putrequest("POST", "/v1/stance/stream")
    connection.putheader("transfer-encoding", "chunked")
    connection.endheaders()
    before = resident()

    def send() -> None:
        for _ in range(count // 10):
            piece = line * 10
            connection.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.send(b"0\r\n\r\n")

    thread = threading.Thread(target=send)
    thread.start()
    response = connection.response_class(connection.sock, method="POST")
    response.begin()
    answers = sum(piece.count(b"\n") for piece in iter(lambda: response.read(65536), b""))
    thread.join()
    connection.close()
    assert answers == count
    assert resident() - before < 50_000_000
