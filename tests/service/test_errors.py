"""The one error body: what it says of a request that is not as documented."""

import json

import pytest

from models.errors import StancewireError
from service.errors import RetryLaterError, UnauthorizedError, dump, error_response, parse_body
from service.schemas import BatchRequest, StanceRequest


@pytest.mark.parametrize(
    ("body", "status", "code", "field", "message"),
    [
        (b"", 400, "not_json", None, "The body is no JSON"),
        (b'{"text": "caf\xe9"}', 400, "not_json", None, "UTF-8"),
        (b"[1]", 422, "invalid_input", None, "must be an object"),
        (b"{}", 422, "invalid_input", "text", "'text' is missing"),
        (b'{"text": "a", "txet": 1}', 422, "invalid_input", "txet", "Unknown key 'txet'"),
        (b'{"text": 5}', 422, "invalid_input", "text", "valid string"),
        (b'{"text": "a", "targets": ["us", 5]}', 422, "invalid_input", "targets.1", "targets.1: "),
    ],
)
def test_the_first_fault_of_a_body_is_named(
    body: bytes, status: int, code: str, field: str | None, message: str
) -> None:
    with pytest.raises(StancewireError) as caught:
        parse_body(StanceRequest, body)
    error = caught.value
    assert (error.status, error.code, error.field) == (status, code, field)
    assert message in error.message


def test_a_body_as_documented_is_parsed() -> None:
    assert parse_body(BatchRequest, b'{"documents": [1, {}]}').documents == [1, {}]


def test_clients_are_told_when_to_come_again_and_how_to_sign_in() -> None:
    busy = error_response(RetryLaterError("Full.", "rate_limited", 429, 7))
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "7")
    assert "www-authenticate" not in busy.headers
    unknown = error_response(UnauthorizedError("No key."))
    assert (unknown.status_code, unknown.headers["www-authenticate"]) == (401, 'Bearer realm="stancewire"')
    assert "retry-after" not in unknown.headers


def test_only_under_v2_the_error_is_a_string() -> None:
    error = StancewireError("Wrong.", "text")
    for path in ("/v1/stance", "/v2x"):
        body = json.loads(bytes(error_response(error, path).body))
        assert body == {"error": {"code": "internal_error", "message": "Wrong.", "field": "text"}}
    for path in ("/v2", "/v2/models/stancewire/infer"):
        body = json.loads(bytes(error_response(error, path).body))
        assert body == {"error": "Wrong.", "code": "internal_error", "field": "text"}


def test_a_lone_surrogate_can_be_told_of() -> None:
    data = {"\ud800": ["a\udfff", ("é", 1)]}
    assert json.loads(dump(data)) == {"?": ["a?", ["é", 1]]}
