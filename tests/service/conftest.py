"""Fixtures of the service: releases to serve, an application, a server process."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.releases import set_current
from service.app import create_app
from service.loading import load_reader, model_key
from service.settings import Settings
from service.work import Reader
from tests.service.live import Server, serving


@pytest.fixture
def releases(tmp_path: Path, artifact_folder: Path) -> Path:
    """A folder of releases with the tiny model as the current one."""
    root = tmp_path / "releases"
    shutil.copytree(artifact_folder, root / artifact_folder.name)
    set_current(artifact_folder.name, root)
    return root


@pytest.fixture(scope="session")
def settings(artifact_folder: Path) -> Settings:
    """Settings that serve the tiny model, with no helper processes."""
    return Settings(model=artifact_folder, heavy_processes=0, reload_seconds=0, log_level="error")


@pytest.fixture(scope="session")
def reader(artifact_folder: Path, settings: Settings) -> Reader:
    """The tiny model with the usual limits."""
    return load_reader(artifact_folder, settings, model_key(artifact_folder, settings))


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of an application in this process."""
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client_with(artifact_folder: Path) -> Iterator[Callable[..., TestClient]]:
    """Makes clients of applications with other settings."""
    made = []

    def make(**given: Any) -> TestClient:
        usual = {"model": artifact_folder, "heavy_processes": 0, "reload_seconds": 0, "log_level": "error"}
        made.append(TestClient(create_app(Settings(**{**usual, **given})), raise_server_exceptions=False))
        return made[-1].__enter__()

    yield make
    for client in made:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def server(artifact_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server process with the tiny model."""
    with serving(tmp_path_factory.mktemp("server"), model=artifact_folder) as server:
        yield server
