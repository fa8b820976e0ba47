"""API keys: hashes only, one rate each."""

import hashlib
import sys
from pathlib import Path

import pytest

from service import keys
from service.errors import RetryLaterError, UnauthorizedError
from service.keys import KeyRing, Rates
from service.settings import Settings


def entry(name: str, key: str, rate: str = "") -> str:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{name}:{digest}{rate and ':' + rate}"


def ring(*entries: str) -> KeyRing:
    return KeyRing(Settings(api_keys=entries))


def test_a_key_is_known_in_both_headers() -> None:
    known = ring(entry("ann", "aaa"), entry("bob", "bbb"))
    assert known.admit({b"authorization": b"Bearer bbb"}).name == "bob"
    assert known.admit({b"authorization": b"bearer aaa"}).name == "ann"
    assert known.admit({b"x-api-key": b"aaa"}).name == "ann"


@pytest.mark.parametrize(
    "headers",
    [{}, {b"x-api-key": b"ccc"}, {b"authorization": b"Basic aaa"}, {b"authorization": b"Bearer"}, {b"x-api-key": b""}],
)
def test_no_key_or_a_wrong_one_is_refused(headers: dict[bytes, bytes]) -> None:
    with pytest.raises(UnauthorizedError):
        ring(entry("ann", "aaa")).admit(headers)


def test_each_key_has_its_own_rate() -> None:
    known = ring(entry("slow", "aaa", "2"), entry("free", "bbb"))
    for _ in range(2):
        known.admit({b"x-api-key": b"aaa"})
    with pytest.raises(RetryLaterError) as caught:
        known.admit({b"x-api-key": b"aaa"})
    assert (caught.value.status, caught.value.code, caught.value.retry_after) == (429, "rate_limited", 1)
    for _ in range(50):
        known.admit({b"x-api-key": b"bbb"})


def test_a_rate_lets_so_many_through_and_then_one_at_a_time() -> None:
    rates = Rates(1, None)
    assert [rates.take(0, 5, 100.0) for _ in range(5)] == [0] * 5
    assert rates.take(0, 5, 100.0) == pytest.approx(0.2)
    assert rates.take(0, 5, 100.2) == 0
    assert rates.take(0, 5, 100.2) == pytest.approx(0.2)
    assert sum(rates.take(0, 5, 100.2 + i / 100) == 0 for i in range(1000)) == pytest.approx(50, abs=1)


def test_server_processes_share_their_rates(tmp_path: Path) -> None:
    first, second = Rates(2, tmp_path), Rates(2, tmp_path)
    taken = [rates.take(1, 4, 50.0) == 0 for rates in (first, second) * 4]
    assert sum(taken) == 4
    assert second.take(0, 4, 50.0) == 0


def test_a_made_key_is_accepted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["keys", "ann", "10"])
    keys.main()
    key, made = (line.split()[-1] for line in capsys.readouterr().out.splitlines())
    found = ring(made).admit({b"x-api-key": key.encode()})
    assert (found.name, found.rate) == ("ann", 10.0)
    assert key not in made
