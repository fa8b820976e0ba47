"""Starting the server, with one process or several."""

import sys
from typing import Any

import uvicorn

from models.errors import StancewireError
from models.releases import current_folder
from service.loading import load_reader, model_key
from service.settings import Settings, load_settings


def serve(**given: Any) -> int:
    """Serve until told to stop.

    Args:
        given: settings that come before those of the environment; None leaves one alone.

    Returns:
        The exit code: 0, or 1 when it could not start (the reason is on standard error).
    """
    try:
        settings = load_settings(**{name: value for name, value in given.items() if value is not None})
        folder = settings.model or current_folder(settings.releases)
        load_reader(folder, settings, model_key(folder, settings))
    except StancewireError as error:
        print(f"stancewire: {error.message}", file=sys.stderr)
        return 1
    _run(settings)
    return 0


def _run(settings: Settings) -> None:
    uvicorn.run(
        "service.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http="httptools",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.graceful_seconds),
    )


if __name__ == "__main__":
    sys.exit(serve())
