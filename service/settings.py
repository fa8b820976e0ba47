"""Settings of the service: typed, from the environment, each with its doc line.

Every variable begins with STANCEWIRE_. An unknown one or a bad value stops the start and is
named; the table in `docs/service.md` is made of the doc lines here.
"""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.errors import StancewireError
from models.releases import RELEASED

PREFIX = "STANCEWIRE_"
Listed = Annotated[tuple[str, ...], NoDecode]
_NOT_OURS = {PREFIX + "CORPORA"}  # of `python -m training fetch`; no mistake where both run in one environment
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}:[0-9a-f]{64}(:\d+(\.\d+)?)?")


class SettingsError(StancewireError):
    """A setting that is unknown or has a bad value; the message names the variable and the mend."""

    code = "bad_settings"


class Settings(BaseSettings):
    """All settings. Lists are written with commas: `STANCEWIRE_TRUSTED_HOSTS=a.example,b.example`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 listens on all.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes that share the port.")

    releases: Path = Field(RELEASED, description="Folder of released models; its file CURRENT names the one served.")
    model: Path | None = Field(None, description="One artifact folder to serve instead of the released one.")
    targets: Listed = Field((), description="Targets files (TOML) to add to the built-in targets.")
    reload_seconds: float = Field(2.0, ge=0, description="How often to look for another released model; 0 never looks.")

    max_body_bytes: int = Field(8_388_608, ge=1024, description="Largest request body.")
    max_text: int = Field(2_000_000, ge=100, description="Longest text, in code points.")
    max_sentences: int = Field(50_000, ge=1, description="Most sentences in one text.")
    max_documents: int = Field(1_000, ge=1, description="Most documents in one batch.")
    max_in_flight: int = Field(512, ge=1, description="Most requests at once in one server process; 503 beyond.")
    max_buffered_bytes: int = Field(
        134_217_728, ge=1024, description="Most bytes of request bodies held at once in one server process; 503 beyond."
    )
    deadline_seconds: float = Field(60.0, gt=0, description="Longest time to work on one request; 503 beyond.")
    body_seconds: float = Field(30.0, gt=0, description="Longest time for a body (of a stream: its next bytes); 408.")
    header_seconds: float = Field(20.0, gt=0, description="Longest time for a connection's request line and headers.")

    heavy_processes: int = Field(
        2, ge=0, le=32, description="Helper processes for heavy texts, in each server process; 0 works in a thread."
    )
    heavy_bytes: int = Field(8_192, ge=0, description="A body beyond this many bytes goes to a helper process.")
    huge_bytes: int = Field(262_144, ge=0, description="A body beyond this many bytes leaves a helper free for others.")
    heavy_queue: int = Field(128, ge=1, description="Most heavy requests waiting or at work; 503 beyond.")

    api_keys: Listed = Field(
        (), description="Accepted keys as name:sha256 or name:sha256:requests-per-second; none leaves the service open."
    )
    trusted_hosts: Listed = Field((), description="Host names to answer to (*.example.org too); none answers to all.")
    cors_origins: Listed = Field((), description="Origins that browsers may call from; none turns CORS off.")
    docs: bool = Field(True, description="Serve /docs and /openapi.json.")

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_texts: bool = Field(False, description="Also log request bodies (at most 1,000 bytes of each).")
    log_file: Path | None = Field(None, description="File to append the log to instead of standard error.")
    traces: bool = Field(False, description="Export OpenTelemetry traces (needs the extra `otel`; OTEL_* apply).")

    graceful_seconds: float = Field(30.0, ge=0, description="Longest wait for begun requests when told to stop.")
    drain_seconds: float = Field(0.0, ge=0, description="How long to go on serving, not ready, when told to stop.")
    runtime: Path | None = Field(
        None, description="Folder that server processes share metrics and rate limits in; made and removed by `serve`."
    )

    @field_validator("targets", "api_keys", "trusted_hosts", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("api_keys")
    @classmethod
    def _check_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for place, key in enumerate(value, start=1):
            if not _KEY.fullmatch(key):
                raise ValueError(
                    f"entry {place} is not name:sha256 or name:sha256:rate; make one with `python -m service.keys NAME`"
                )
        return value

    @model_validator(mode="after")
    def _check_sizes(self) -> "Settings":
        if self.max_buffered_bytes < self.max_body_bytes:
            raise ValueError("MAX_BUFFERED_BYTES must not be less than MAX_BODY_BYTES")
        return self


def load_settings(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read the settings from the environment; those given here come first.

    Raises:
        SettingsError: a STANCEWIRE_ variable is unknown, or a value is bad.
    """
    environ = os.environ if environ is None else environ
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known | _NOT_OURS:
            near = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(known))}."
            raise SettingsError(f"Unknown setting {name}. {hint} Remove it or mend its name.", field=name)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else PREFIX + "*"
        # The value of a key must not end in a log.
        shown = "" if "API_KEYS" in name or not first["loc"] else f" (it is {first['input']!r})"
        raise SettingsError(f"Bad setting {name}{shown}: {first['msg']}.", field=name) from None
