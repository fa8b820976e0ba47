"""GET /docs: the API to try out, with scripts of our own, so that it works with no internet."""

from importlib.resources import files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from models.errors import StancewireError

router = APIRouter(include_in_schema=False)
_STATIC = files("fastapi_offline") / "static"
_KINDS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stancewire: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  tryItOutEnabled: true,
});
"""


@router.get("/docs")
async def docs() -> Response:
    """The page."""
    return HTMLResponse(_PAGE)


@router.get("/docs/start.js")
async def start() -> Response:
    """The few lines that start it; apart from the page, so that the page allows no inline script."""
    return Response(_START, media_type="text/javascript")


@router.get("/docs/{name}")
async def static(request: Request, name: str) -> Response:
    """Scripts and style of Swagger UI."""
    if name not in _KINDS:
        error = StancewireError(f"There is nothing at {request.url.path}. See /docs for the routes.")
        error.status, error.code = 404, "not_found"
        raise error
    body = (_STATIC / name).read_bytes()
    return Response(body, media_type=_KINDS[name], headers={"cache-control": "public, max-age=86400"})
