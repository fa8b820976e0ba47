"""One error body everywhere: {"error": {"code", "message", "field"}}."""

from typing import Any, TypeVar

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.errors import StancewireError

JSON = "application/json"
Body = TypeVar("Body", bound=BaseModel)


class BadJSONError(StancewireError):
    """A body that is no JSON."""

    status = 400
    code = "not_json"


class BadRequestError(StancewireError):
    """A request that cannot be read."""

    status = 400
    code = "bad_request"


class InvalidInputError(StancewireError):
    """JSON that is not of the documented shape."""

    status = 422
    code = "invalid_input"


class EmptyTextError(StancewireError):
    """A text with nothing to read."""

    status = 422
    code = "empty_text"


class TooLargeError(StancewireError):
    """A body, text or batch beyond a limit."""

    status = 413
    code = "too_large"

    def __init__(self, message: str, field: str | None = None, code: str = "too_large") -> None:
        super().__init__(message, field)
        self.code = code


class UnauthorizedError(StancewireError):
    """No key, or a wrong one."""

    status = 401
    code = "unauthorized"


class SlowBodyError(StancewireError):
    """A body that did not come in time."""

    status = 408
    code = "request_timeout"


class RetryLaterError(StancewireError):
    """The service cannot take the request now.

    Attributes:
        retry_after: seconds to wait before another try.
    """

    status = 503
    code = "overloaded"

    def __init__(self, message: str, code: str = "overloaded", status: int = 503, retry_after: int = 1) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


def error_body(error: StancewireError) -> dict[str, Any]:
    """The JSON shape of an error."""
    return {"error": {"code": error.code, "message": error.message, "field": error.field}}


def error_response(error: StancewireError, path: str = "") -> Response:
    """The answer that stands for an error.

    Args:
        path: of the request. Under /v2 clients of the Open Inference Protocol take nothing but a string as
            `error`, so there `code` and `field` stand beside the message.
    """
    headers = {}
    if error.status in (429, 503):
        headers["retry-after"] = str(getattr(error, "retry_after", 1))
    if error.status == 401:
        headers["www-authenticate"] = 'Bearer realm="stancewire"'
    body = error_body(error)
    if path == "/v2" or path.startswith("/v2/"):
        body = {"error": error.message, "code": error.code, "field": error.field}
    return Response(dump(body), error.status, headers, JSON)


def dump(data: Any) -> bytes:
    """JSON bytes. A lone surrogate, which no JSON in UTF-8 can hold, becomes a question mark."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return orjson.dumps(_without_surrogates(data))


def _without_surrogates(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_without_surrogates(value) for value in data]
    return data


def parse_body(model: type[Body], body: bytes) -> Body:
    """A request body, checked by its model.

    Raises:
        StancewireError: it is no JSON, or a key or value is not allowed.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise from_validation(error) from None


def from_validation(error: ValidationError | RequestValidationError) -> StancewireError:
    """The first thing that a validation found, as one of our errors."""
    found = error.errors(include_url=False) if isinstance(error, ValidationError) else error.errors()
    first = found[0]
    kind, message = first["type"], str(first["msg"])
    place = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
    field = ".".join(place) or None
    if kind == "json_invalid":
        reason = first.get("ctx", {}).get("error", message)
        return BadJSONError(f'The body is no JSON in UTF-8: {reason}. Send an object such as {{"text": "…"}}.')
    if kind == "extra_forbidden":
        return InvalidInputError(f"Unknown key {place[-1]!r}. Remove it, or see /docs for the keys.", field)
    if kind == "missing":
        return InvalidInputError(f"The key {place[-1]!r} is missing.", field)
    if kind in ("model_type", "model_attributes_type", "dataclass_type"):
        message = 'must be an object such as {"text": "…"}'
    where = f"{field}: " if field else "The body: "
    return InvalidInputError(f"{where}{message}.", field)


def install(app: FastAPI) -> None:
    """Give the application its one handler."""
    app.add_exception_handler(StancewireError, _handle)
    app.add_exception_handler(RequestValidationError, _handle)
    app.add_exception_handler(HTTPException, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    if isinstance(error, StancewireError):
        return error_response(error, request.url.path)
    if isinstance(error, RequestValidationError):
        return error_response(from_validation(error), request.url.path)
    assert isinstance(error, HTTPException)
    response = error_response(_from_http(request, error), request.url.path)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _from_http(request: Request, error: HTTPException) -> StancewireError:
    path, method = request.url.path, request.method
    known = {
        404: ("not_found", f"There is nothing at {path}. See /docs for the routes."),
        405: ("method_not_allowed", f"{path} does not answer to {method}. See /docs for the routes."),
    }
    code, message = known.get(error.status_code, ("http_error", str(error.detail)))
    out = StancewireError(message)
    out.status, out.code = error.status_code, code
    return out
