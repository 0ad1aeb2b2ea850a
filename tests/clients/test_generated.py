"""Clients generated from `/openapi.json` make a right call of every operation (statement 117).

The generators are looked for on the PATH and where NODE_PATH points. What they make runs against the real server.
"""

import json
import os
import shutil
import subprocess
import urllib.request
from datetime import date, timedelta
from pathlib import Path

import pytest
from serving import served

HERE = Path(__file__).parent
NODE = Path(os.environ.get("NODE_PATH", "node_modules")).absolute()
GENERATOR = "openapi-python-client"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """The server with its demo, which has every section of the free products."""
    with served(tmp_path_factory.mktemp("generated") / "c", "--demo") as (_, base):
        yield base


@pytest.fixture
def document(host, tmp_path) -> Path:
    """The description, as it is served."""
    file = tmp_path / "openapi.json"
    file.write_bytes(urllib.request.urlopen(f"{host}/openapi.json", timeout=60).read())
    return file


def run(*command: object, folder: Path) -> str:
    ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=folder, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def check(told: dict) -> None:
    """Each operation was understood: what came is what the address means, in the client's own types."""
    assert told["index"] == 15
    country, days, words = told["forecast"]
    assert (country, bool(words)) == ("Vereinigtes Königreich", True)
    assert days >= 5
    assert told["current"][1:] == ["°F", "demo"]
    assert -40 < told["current"][0] < 120
    assert (told["many"], told["days_of_many"]) == (["GB", "FR"], [1, 1])
    assert told["hourly"] == 6
    first = date.fromisoformat(told["daily"][0])
    assert told["daily"] == [str(first + timedelta(n)) for n in range(3)]
    assert told["nowcast"] == told["alerts"] == ["not_available"]
    assert (told["air"], told["search"]) == ("owm", 2643743)
    assert (told["places"], told["place"], told["saved"], told["replace"]) == (["Home"], "Home", "Home", "Work")
    assert (told["remove"], told["end"]) == (204, 204)
    assert told["unknown_token"] == [401, "unknown_token"]
    assert told["mistake"] == [400, "bad_parameter", "lon"]


@pytest.mark.needs(GENERATOR)
def test_a_generated_python_client(host, document, tmp_path):
    """openapi-python-client makes a client without a warning; the client calls every operation."""
    program = Path(shutil.which(GENERATOR)).resolve()
    told = run(program, "generate", "--path", document, "--meta", "none", "--output-path", "weatherglass_client",
               folder=tmp_path)  # fmt: skip
    assert "WARNING" not in told
    check(
        json.loads(run(program.parent / "python", HERE / "drive_generated_python.py", tmp_path, host, folder=tmp_path))
    )


@pytest.mark.needs(NODE / "openapi-fetch")
def test_a_generated_typescript_client(host, document, tmp_path):
    """openapi-typescript makes types that the calls of openapi-fetch fit, by the compiler; they are made, and right."""
    (tmp_path / "node_modules").symlink_to(NODE)
    shutil.copy(HERE / "drive_generated_fetch.ts", tmp_path / "drive.ts")
    run("node", NODE / "openapi-typescript/bin/cli.js", document, "-o", "schema.d.ts", folder=tmp_path)
    options = ("--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck")
    declared = tmp_path / "node.d.ts"
    declared.write_text("declare const process: { argv: string[] };\n")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    source = (tmp_path / "drive.ts").read_text().replace('"./schema"', '"./schema.js"')
    (tmp_path / "drive.ts").write_text(source)
    run("node", NODE / "typescript/bin/tsc", *options, "drive.ts", "node.d.ts", folder=tmp_path)
    told = json.loads(run("node", "drive.js", host, folder=tmp_path))
    check(told)
    assert told["table"] == "date"
