"""The HTTP application. Nothing is loaded at import: `create_app` makes it, its start loads the model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from service import errors, logs
from service.engine import Engine
from service.routes import health, huggingface, inference_v2, model, page, stance, tei
from service.settings import Settings, load_settings

# To add routes, write service/routes/<name>.py with a `router` and list it here.
ROUTERS: list[APIRouter] = [
    *(stance.router, model.router, health.router),
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
        description="Stance toward the U.S., Russia and any target you add, and sentiment, for every sentence of news.",
        lifespan=_lifespan,
        docs_url="/docs" if settings.docs else None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
    )
    app.state.settings = settings
    app.state.engine = Engine(settings)
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    logs.configure(app.state.settings)
    engine: Engine = app.state.engine
    await engine.start()
    try:
        yield
    finally:
        await engine.stop()
        logs.SINK.flush()
