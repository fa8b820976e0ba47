"""Requests from many clients at once, and what became of them."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

SMALL = b'{"text": "Ankara accused Moscow on Tuesday."}'
HEAVY = json.dumps({"text": "Ankara accused Moscow on Tuesday. " * 1_000}).encode()


@dataclass
class Load:
    """Clients in threads, each on a connection of its own that it keeps as long as the server does.

    Attributes:
        sent: requests that were sent whole.
        answered: those that got a whole answer, by status.
        versions: answers by version of the model.
        lost: requests that were sent whole and got none.
        refused: connections that nobody took.
        closed: answers that told the client to come back on another connection.
    """

    port: int
    bodies: tuple[bytes, ...] = (SMALL,)
    retry: bool = True
    sent: int = 0
    lost: int = 0
    refused: int = 0
    closed: int = 0
    answered: Counter[int] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    _threads: list[threading.Thread] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, clients: int = 4) -> "Load":
        """Begin to send."""
        for place in range(clients):
            body = self.bodies[place % len(self.bodies)]
            self._threads.append(threading.Thread(target=self._client, args=(body,), daemon=True))
            self._threads[-1].start()
        return self

    def stop(self) -> "Load":
        """Let every client finish what it has begun."""
        self._end.set()
        for thread in self._threads:
            thread.join()
        return self

    def tell(self, name: str) -> None:
        """Print the counts."""
        print(
            f"\n{name}: sent {self.sent}, answered {self.answered.total()} {dict(self.answered)}, lost {self.lost}, "
            f"connections refused {self.refused}, versions {dict(self.versions)}"
        )

    def _client(self, body: bytes) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._end.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    connection.connect()
            except OSError:
                connection = None
                with self._lock:
                    self.refused += 1
                if not self.retry:
                    return
                time.sleep(0.02)
                continue
            if not self._ask(connection, body):
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, body: bytes) -> bool:
        """Send one request; False when the connection is used up."""
        try:
            connection.request("POST", "/v1/stance", body, {"content-type": "application/json"})
        except OSError:
            return False  # not sent whole
        with self._lock:
            self.sent += 1
        try:
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            with self._lock:
                self.lost += 1
            return False
        with self._lock:
            self.answered[response.status] += 1
            if response.status == 200:
                self.versions[json.loads(answer)["model"]["version"]] += 1
            self.closed += response.will_close
        return not response.will_close
