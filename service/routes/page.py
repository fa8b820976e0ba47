"""The web page at `/`: own files only, no inline script, works with no internet."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse

STATIC = Path(__file__).parents[1] / "static"
# Only what comes from this service runs, is drawn or is called.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-cache",  # kept, but asked for again: a new release shows at once
}

router = APIRouter(include_in_schema=False)


@router.get("/")
def page() -> FileResponse:
    """The web page."""
    return FileResponse(STATIC / "index.html", headers=HEADERS)


@router.get("/static/{name}")
def page_file(name: Annotated[str, PathParameter(pattern=r"^(page\.css|page\.js|icon\.svg)$")]) -> FileResponse:
    """Style, script and icon of the web page."""
    return FileResponse(STATIC / name, headers=HEADERS)
