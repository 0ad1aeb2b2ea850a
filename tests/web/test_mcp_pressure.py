"""What is wrong with a request for a tool is the sender's fault, however it is wrong; and none costs the loop much."""

import asyncio
import json
import logging
import sys
import threading

import pytest
from fakes import running

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mcp")]

HEADERS = [(b"host", b"test"), (b"content-type", b"application/json"), (b"accept", b"application/json")]
PART = {"type": "http.request", "body": b"{", "more_body": True}
LARGE = {"type": "http.request", "body": b" " * 40_000, "more_body": True}


async def exchanged(app, *messages: dict) -> tuple[int, str, bytes]:
    """Status, content type and body of the answer to a POST that comes in these parts."""
    scope = {"type": "http", "method": "POST", "path": "/mcp", "query_string": b"", "headers": HEADERS}
    scope |= {"scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("test", 80)}
    waiting, sent = list(messages), []

    async def receive() -> dict:
        if not waiting:
            await asyncio.Event().wait()  # for ever
        return waiting.pop(0)

    async def send(message: dict) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])[b"content-type"].decode(), sent[1]["body"]


def called(arguments: dict) -> dict:
    asked = {"name": "forecast", "arguments": arguments}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}).encode()
    return {"type": "http.request", "body": body, "more_body": False}


@pytest.mark.parametrize(
    ("messages", "status", "code"),
    [
        ([PART, {"type": "http.disconnect"}], 400, "bad_parameter"),
        ([LARGE, LARGE, PART], 413, "body_too_large"),
    ],
)
async def test_a_body_that_is_cut_or_too_long_is_nobodys_crash(site, caplog, messages, status, code):
    """A problem as elsewhere in the API, and nothing in the log."""
    with caplog.at_level(logging.WARNING):
        found, kind, body = await exchanged(site.app, *messages)
    assert (found, kind, json.loads(body)["code"]) == (status, "application/problem+json", code)
    assert not caplog.records


async def test_a_body_that_does_not_end_is_408(upstream, clock, caplog):
    async with running(upstream, clock, more={"body_seconds": 0.0}) as site:
        found, _, body = await exchanged(site.app, PART)
    assert (found, json.loads(body)["code"]) == (408, "request_timeout")
    assert not caplog.records


async def test_a_body_in_parts_is_answered(site):
    """It is put together before it is read."""
    whole = called({"lat": 51.51, "lon": -0.13})["body"]
    parts = [{"type": "http.request", "body": whole[:50], "more_body": True}]
    parts += [{"type": "http.request", "body": whole[50:], "more_body": False}]
    status, _, body = await exchanged(site.app, *parts)
    assert status == 200
    assert json.loads(body)["result"]["structuredContent"]["place"]["latitude"] == 51.51


async def test_far_too_many_arguments_are_refused_at_once(site, upstream):
    """As an address has at most 40: for each unknown one the nearest name is looked for, 0.2 s for 4,000."""
    status, _, body = await exchanged(site.app, called({f"u{n}": 1 for n in range(4000)}))
    told = json.loads(body)["result"]
    assert (status, told["isError"], upstream.count) == (200, True, 0)
    assert "at most 40 arguments" in told["content"][0]["text"]
    assert len(body) < 2000


async def test_the_loop_does_not_stand_while_the_sdk_is_imported(site, monkeypatch):
    """The first request alone needs it, and a second is long for all others."""
    where = []

    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == "weather.web.mcp.protocol":
                where.append(threading.current_thread() is threading.main_thread())

    monkeypatch.delitem(sys.modules, "weather.web.mcp.protocol", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    assert (await exchanged(site.app, called({"lat": 1, "lon": 1})))[0] == 200
    assert where == [False]
