"""The running service against its own OpenAPI document, with thousands of generated requests."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.service.live import Server

CASES = int(os.environ.get("CONTRACT_CASES", "300"))  # for each route and kind of data
# 413 stands for what is beyond a limit; schemathesis does not count it as a refusal by itself.
CONFIG = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 503]

# No schema can say that the shape of a tensor is the number of its data.
[[operations]]
include-path-regex = "^/v2/models/.*/infer$"
checks.positive_data_acceptance.expected-statuses = [200, 400, 404, 422]
"""
SENT: Counter[str] = Counter()


@schemathesis.serializer("application/x-ndjson")
def serialize_lines(context: Any, value: Any) -> bytes:
    """Lines of JSON, or whatever was generated in their place."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def schema(server: Server) -> Any:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json", config=SchemathesisConfig.from_str(CONFIG))


SETTINGS = hypothesis_settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_route_answers_as_documented_in_every_phase(server: Server, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", "--checks", "all"]
    options = ["--seed", "1", "-n", "50", "--no-color", "--exclude-path", "/v1/stance/stream"]
    done = subprocess.run(
        [*command, *options, f"{server.url}/openapi.json"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert found, done.stdout
    SENT["all routes, examples and coverage"] += int(found[1])


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        ("/v1/stance", GenerationMode.POSITIVE),
        ("/v1/stance", GenerationMode.NEGATIVE),
        ("/v1/stance/batch", GenerationMode.POSITIVE),
        ("/v1/stance/batch", GenerationMode.NEGATIVE),
        ("/v1/stance/stream", GenerationMode.POSITIVE),  # whatever is sent is answered line by line
    ],
    ids=str,
)
def test_generated_texts_are_answered_as_documented(schema: Any, path: str, mode: GenerationMode) -> None:
    @given(case=schema[path]["POST"].as_strategy(generation_mode=mode))
    @SETTINGS
    def check(case: Any) -> None:
        SENT[f"{case.method} {case.path}"] += 1
        case.call_and_validate()

    check()


def test_thousands_of_cases_were_sent() -> None:
    print(f"\ncases sent: {dict(SENT)}, together {SENT.total()}")
    assert SENT.total() >= 5 * CASES
