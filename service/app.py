"""The HTTP application. Nothing is loaded at import: `create_app` makes it, its start loads the model."""

import asyncio
import importlib.util
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from types import FrameType
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from service import errors, logs, openapi
from service.engine import Engine
from service.gate import Direct, Gate
from service.keys import KeyRing
from service.metrics import Metrics
from service.routes import docs, health, huggingface, inference_v2, metrics, model, page, stance, stream, tei
from service.settings import Settings, SettingsError, load_settings
from service.work import Job, answer_batch, answer_stance

# To add routes, write service/routes/<name>.py with a `router` and list it here.
ROUTERS: list[APIRouter] = [
    *(stance.router, stream.router, model.router, health.router, metrics.router),
    *(page.router, huggingface.router, tei.router, inference_v2.router),
]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application.

    Args:
        settings: of the service; those of the environment when not given.

    Raises:
        SettingsError: a setting is unknown or bad.
    """
    settings = settings or load_settings()
    app = FastAPI(
        title="Stancewire",
        version=_version(),
        description="Stance toward the U.S., Russia and any target you add, and sentiment, for every sentence of news.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
        telemetry=_telemetry(settings),
    )
    engine, figures = Engine(settings), Metrics()
    engine.on_done.append(figures.count_work)
    engine.on_swap.append(figures.count_model)
    app.state.settings, app.state.engine, app.state.metrics = settings, engine, figures
    for router in ROUTERS + ([docs.router] if settings.docs else []):
        app.include_router(router)
    errors.install(app)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    app.add_middleware(Gate, engine=engine, metrics=figures, keys=KeyRing(settings), direct=_direct(engine))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "x-api-key", "x-request-id"],
        )
    return app


def _direct(engine: Engine) -> dict[str, Direct]:
    """The routes that carry the traffic, past the router; with traces on, all go through it and have spans."""

    async def one(body: bytes, job: Job) -> bytes:
        return await engine.run(answer_stance, body, size=len(body), job=job)

    async def batch(body: bytes, job: Job) -> bytes:
        return await engine.run(answer_batch, body, size=len(body), job=job)

    return {} if engine.settings.traces else {"/v1/stance": one, "/v1/stance/batch": batch}


def _version() -> str:
    try:
        return version("stancewire")
    except PackageNotFoundError:
        return "0"


def _telemetry(settings: Settings) -> Any:
    """Traces as FastAPI makes them; metrics and logs are ours."""
    if settings.traces and importlib.util.find_spec("opentelemetry.sdk") is None:
        raise SettingsError(
            "STANCEWIRE_TRACES needs the extra `otel`: pip install 'stancewire[otel]', or set it to false.",
            "STANCEWIRE_TRACES",
        )
    return {"tracing": settings.traces, "auto_configure": settings.traces, "metrics": False, "logs": False}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    logs.configure(app.state.settings)
    engine: Engine = app.state.engine
    _say_when_stopping(engine)
    await engine.start()
    try:
        yield
    finally:
        await engine.stop()
        logs.SINK.flush()


def _say_when_stopping(engine: Engine) -> None:
    """When told to stop, be not ready first, so that load balancers look elsewhere; then stop as usual."""
    if threading.current_thread() is not threading.main_thread():
        return
    usual = signal.getsignal(signal.SIGTERM)
    if not callable(usual):
        return
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: FrameType | None) -> None:
        engine.stopping = True
        loop.call_soon_threadsafe(loop.call_later, engine.settings.drain_seconds, usual, number, frame)

    signal.signal(signal.SIGTERM, stop)
