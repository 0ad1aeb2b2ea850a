"""schemathesis against the real server: what the description says is what the API does (93)."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from serving import served

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).parent / "schemathesis"
REFUSALS = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429, "5xx"]
"""
"""What it takes for a refusal, and 414: of a value that is too long the whole address may be too long first."""

CHECKS = ("--checks", "all", "--max-examples", "200", "--seed", "1")


def token(base: str) -> str:
    """Of a list with a place in it."""
    body = json.dumps({"name": "Home", "latitude": 51.51, "longitude": -0.13}).encode()
    request = urllib.request.Request(f"{base}/api/v1/places", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["token"]


@pytest.mark.needs(PROGRAM)
def test_schemathesis_finds_nothing(tmp_path):
    """All its checks, 200 examples for each operation, with the token of a saved list: no failure.

    `one_place` names a place in each valid request: the description says in words that one is needed.
    """
    (tmp_path / "schemathesis.toml").write_text(REFUSALS)
    quiet = {"errors": subprocess.DEVNULL, "WEATHER_CALLS_PER_MINUTE": "1000000"}
    with served(tmp_path / "c", "--demo", **quiet) as (process, base):
        told = subprocess.run(
            [PROGRAM, "run", f"{base}/openapi.json", *CHECKS, "-H", f"Authorization: Bearer {token(base)}"],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "one_place", "PYTHONPATH": str(Path(__file__).parent)},
            capture_output=True,
            text=True,
        )
        assert process.poll() is None
    assert told.returncode == 0, told.stdout[-8000:]
