"""The settings of `/docs/recipes`, as they are printed: each asks the server, and its paths lead to what is there."""

import html
import json
import re
import subprocess
import tomllib
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jinja2 import Environment, StrictUndefined
from serving import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def blocks(tmp_path_factory) -> Iterator[list[str]]:
    """What stands to be copied, in its order; the server runs on."""
    with served(tmp_path_factory.mktemp("programs") / "c", "--demo", errors=subprocess.DEVNULL) as (_, host):
        page = urllib.request.urlopen(f"{host}/docs/recipes").read().decode()
        yield [html.unescape(one) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]


def answer(url: str) -> Any:
    with urllib.request.urlopen(url) as one:
        assert one.status == 200 and int(one.headers["Content-Length"])
        return json.load(one)


def at(document: Any, path: str) -> Any:
    """What a dotted path leads to; KeyError where it leads nowhere."""
    for name in path.split("."):
        document = document[name]
    return document


def rendered(template: str, **values: Any) -> str:
    return Environment(undefined=StrictUndefined).from_string(template).render(**values)


def test_home_assistant(blocks):
    """Its sensors have values, and the weather made of them one of Home Assistant's conditions."""
    told = yaml.safe_load(blocks[0])
    (rest,), states, attributes = told["rest"], {}, {}
    document = answer(rest["resource"])
    for sensor in rest["sensor"]:
        assert rendered(sensor.get("availability", "True"), value_json=document) == "True"
        name = f"sensor.{sensor['name'].lower().replace(' ', '_')}"
        states[name] = rendered(sensor["value_template"], value_json=document)
        attributes |= {(name, key): document["freshness"][key] for key in sensor.get("json_attributes", [])}
    functions = {"states": states.__getitem__, "state_attr": lambda *which: attributes[which]}
    weather = {key: value for key, value in told["template"][0]["weather"][0].items() if key.endswith("_template")}
    shown = {key: rendered(value, **functions) for key, value in weather.items()}
    assert float(shown["temperature_template"]) == document["current"]["temperature"]
    assert float(shown["humidity_template"]) == document["current"]["humidity"]
    assert shown["condition_template"] in {"sunny", "cloudy", "rainy", "snowy", "lightning-rainy", "fog", "windy"}
    assert shown["attribution_template"] == "demo, demo"


def test_homepage(blocks):
    widget = yaml.safe_load(blocks[1])[0]["Weather"][0]["London"]["widget"]
    document = answer(widget["url"])
    assert [at(document, one["field"]) for one in widget["mappings"]][2] == "demo"


def test_glance(blocks):
    (widget,) = yaml.safe_load(blocks[2])
    document = answer(widget["url"])
    for kind, path in re.findall(r'\.JSON\.(\w+) "([^"]+)"', widget["template"]):
        assert isinstance(at(document, path), {"Float": float, "String": str}[kind])


def test_telegraf(blocks):
    (source,) = tomllib.loads(blocks[3])["inputs"]["http"]
    document, (reading,) = answer(source["urls"][0]), source["json_v2"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", at(document, reading["timestamp_path"]))
    assert [at(document, one["path"]) for one in reading["tag"]] == ["London", "demo"]
    assert all(isinstance(at(document, one["path"]), float) for one in reading["field"])


def test_grafana(blocks):
    query = json.loads(blocks[4])
    for step in answer(query["url"])[query["root_selector"]]:
        assert {column["selector"] for column in query["columns"]} <= step.keys()


def test_esp32(blocks):
    """A small answer, with a length, that needs little memory."""
    document = answer(re.search(r'begin\("([^"]+)"', blocks[5])[1])
    paths = re.findall(r'doc((?:\["\w+"\])+)', blocks[5])
    values = [at(document, ".".join(re.findall(r"\w+", path))) for path in paths]
    assert len(values) == 3 and values[-1] == "demo" and len(json.dumps(document)) < 2000


@pytest.mark.needs("node")
def test_node_red(blocks):
    """The flow's own function, run on an answer and on a problem."""
    flow = {node["type"]: node for node in json.loads(blocks[6])}
    document = answer(flow["http request"]["url"])
    for status, payload, words in ((200, document, "demo"), (503, {"detail": "paused"}, "no weather: paused")):
        message = json.dumps({"statusCode": status, "payload": payload})
        script = f"console.log((function(msg) {{ {flow['function']['func']} }})({message}).payload)"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip().endswith(words)
