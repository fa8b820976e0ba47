"""API keys: only their hashes are kept, each has its own rate limit.

`python -m service.keys NAME [REQUESTS-PER-SECOND]` makes one.
"""

import fcntl
import hashlib
import hmac
import math
import mmap
import os
import secrets
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from service.errors import RetryLaterError, UnauthorizedError
from service.settings import PREFIX, Settings

_BURST = 1.0  # seconds of requests that may come at once


@dataclass(frozen=True, slots=True)
class Key:
    """One accepted key.

    Attributes:
        name: whose it is, for people.
        digest: SHA-256 of the key, in hexadecimal. Keys are long and random, so it needs no salt.
        rate: requests per second; None is without limit.
    """

    name: str
    digest: str
    rate: float | None


class KeyRing:
    """Tells known keys from others, and whether they ask too often."""

    def __init__(self, settings: Settings) -> None:
        self.keys = [_parse(entry) for entry in settings.api_keys]
        self._rates = Rates(len(self.keys), settings.runtime)

    def admit(self, headers: dict[bytes, bytes]) -> Key:
        """The key that a request carries, in `Authorization: Bearer` or `X-API-Key`.

        Raises:
            UnauthorizedError: it carries none, or an unknown one.
            RetryLaterError: the key's rate limit is reached (429).
        """
        given = headers.get(b"x-api-key", b"")
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if not given and scheme.lower() == b"bearer":
            given = token.strip()
        if not given:
            raise UnauthorizedError("An API key is needed. Send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`.")
        digest = hashlib.sha256(given).hexdigest()
        found: int | None = None
        for place, key in enumerate(self.keys):  # all of them, always: the time tells nothing
            if hmac.compare_digest(key.digest, digest):
                found = place
        if found is None:
            raise UnauthorizedError("That API key is not known. Check it for missing characters.")
        key = self.keys[found]
        if key.rate is not None:
            wait = self._rates.take(found, key.rate)
            if wait > 0:
                raise RetryLaterError(
                    f"The key {key.name!r} may make {key.rate:g} requests a second. Wait and try again.",
                    "rate_limited",
                    429,
                    math.ceil(wait),
                )
        return key


class Rates:
    """When each key may come again, shared by all server processes through a small file.

    For each key one number is kept: the time at which everything taken so far is paid off.
    """

    def __init__(self, count: int, folder: Path | None) -> None:
        self._file: int | None = None
        size = max(1, count) * 8
        if folder is None:
            self._times: bytearray | mmap.mmap = bytearray(size)
        else:
            self._file = os.open(folder / "rates", os.O_RDWR | os.O_CREAT, 0o600)
            os.ftruncate(self._file, size)
            self._times = mmap.mmap(self._file, size)

    def take(self, place: int, rate: float, now: float | None = None) -> float:
        """Take one request.

        Args:
            place: of the key.
            rate: requests per second.
            now: monotonic time in seconds, the same clock in all processes.

        Returns:
            Seconds to wait before it may be taken; 0 when it was.
        """
        now = time.monotonic() if now is None else now
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            paid = max(now, struct.unpack_from("d", self._times, place * 8)[0])
            wait: float = paid + 1 / rate - now - max(_BURST, 1 / rate)
            if wait > 1e-9:
                return wait
            struct.pack_into("d", self._times, place * 8, paid + 1 / rate)
            return 0.0
        finally:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


def _parse(entry: str) -> Key:
    name, digest, *rate = entry.split(":")
    return Key(name, digest, float(rate[0]) if rate and float(rate[0]) > 0 else None)


def main() -> None:
    """Make a key: the key itself for its user, and the entry for the settings."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m service.keys NAME [REQUESTS-PER-SECOND]")
    key = "sw_" + secrets.token_urlsafe(32)
    entry = ":".join([sys.argv[1], hashlib.sha256(key.encode()).hexdigest(), *sys.argv[2:]])
    print(f"The key, for its user (it is shown only now): {key}")
    print(f"The entry, for {PREFIX}API_KEYS:              {entry}")


if __name__ == "__main__":
    main()
