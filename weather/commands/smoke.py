"""`weather smoke URL`: tries the three doors of a running server, freshness and headers, before it is trusted.

One line a check. The first that fails ends it with status 1. Three places' worth of upstream calls at most, and none
if London is known to the server.
"""

import gzip
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from weather.commands.http import Answer, Unreachable, get

POINT = "lat=51.51&lon=-0.13"
PAGE, CURRENT, OWM = "/forecast/51.51,-0.13", f"/api/v1/current?{POINT}", f"/data/2.5/weather?{POINT}"
STATES = ("fresh", "stale", "demo")

Ask = Callable[..., Answer]
"""Asks for a path, with headers if there are any."""


class Failed(Exception):
    """A check failed; the message says what came instead."""


def smoke(url: str, access_key: str | None) -> int:
    """Run the checks. The exit status: 0 if all passed, else 1."""
    base, key = url.rstrip("/"), {"X-API-Key": access_key} if access_key else {}

    def ask(path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return get(base + path, {**key, **(headers or {})})

    for name, check in CHECKS.items():
        try:
            print(f"ok    {name}: {check(ask)}", flush=True)
        except (Failed, Unreachable) as error:
            print(f"FAIL  {name}: {error}", flush=True)
            print(f"weather: {url} is not fit for use", file=sys.stderr)
            return 1
    return 0


def liveness(ask: Ask) -> str:
    expect(ask("/healthz"), 200, "application/json")
    return "it answers"


def readiness(ask: Ask) -> str:
    """Degraded parts are told and do not fail it: an answer may still be given."""
    checks = members(document(expect(ask("/readyz"), 200, "application/json")), "checks")
    degraded = [f"{name}: {part.get('detail')}" for name, part in checks.items() if part.get("status") != "ok"]
    return "degraded, " + "; ".join(degraded) if degraded else "all parts are well"


def page(ask: Ask) -> str:
    answer = expect(ask(PAGE), 200, "text/html")
    policy = answer.headers.get("content-security-policy", "")
    require("default-src 'none'" in policy, "the page has no strict Content-Security-Policy")
    require(answer.headers.get("x-content-type-options") == "nosniff", "X-Content-Type-Options is missing")
    require(b"</html>" in answer.body, "the page is not whole")
    return f"{len(answer.body)} bytes"


def api(ask: Ask) -> str:
    answer = expect(ask(CURRENT), 200, "application/json")
    freshness = members(document(answer), "freshness")
    state = freshness.get("state")
    require(state in STATES, f"freshness.state is {state!r}, and not one of {', '.join(STATES)}")
    for name in ("age", "etag", "cache-status", "cache-control"):
        require(name in answer.headers or state == "demo", f"the header {name} is missing")
    return f"{state}, from {freshness.get('source')}, fetched at {freshness.get('fetched_at')}"


def not_modified(ask: Ask) -> str:
    """Twice, for between two requests a minute may begin, or an answer expire."""
    for _ in range(2):
        tag = ask(CURRENT).headers.get("etag", "")
        answer = ask(CURRENT, {"If-None-Match": tag})
        if answer.status == 304:
            require(not answer.body, "a 304 has a body")
            return "304 for a known ETag"
    raise Failed(f"a known ETag gives status {answer.status}")


def compressed(ask: Ask) -> str:
    answer = ask(PAGE, {"Accept-Encoding": "gzip"})
    require(answer.headers.get("content-encoding") == "gzip", "no gzip for who asks for it")
    require("accept-encoding" in answer.headers.get("vary", "").lower(), "Vary does not name Accept-Encoding")
    return f"{len(answer.body)} bytes for {len(gzip.decompress(answer.body))}"


def stored_answers(ask: Ask) -> str:
    """What was fetched a moment ago is there without upstream: the least that an outage asks for."""
    answer = expect(ask(CURRENT, {"Cache-Control": "only-if-cached"}), 200, "application/json")
    return answer.headers.get("cache-status") or "without upstream"


def mistakes(ask: Ask) -> str:
    answer = expect(ask("/api/v1/current?q="), 400, "application/problem+json")
    require(document(answer).get("code") == "bad_parameter", "the problem has no code bad_parameter")
    return "an error says what was wrong"


def owm(ask: Ask) -> str:
    """Without a key of OpenWeatherMap its routes refuse in its own shape, which is as it should be."""
    answer = ask(OWM)
    body = document(answer)
    require(answer.headers.get("access-control-allow-origin") == "*", "scripts of other sites may not ask")
    require(str(body.get("cod")) == str(answer.status), f"`cod` is {body.get('cod')!r} under status {answer.status}")
    require(answer.status in (200, 401, 503), f"status {answer.status}")
    return str(body.get("name") or body.get("message") or "an answer of OpenWeatherMap's shape")


CHECKS: Mapping[str, Callable[[Ask], str]] = {
    "liveness": liveness,
    "readiness": readiness,
    "page": page,
    "API": api,
    "conditional request": not_modified,
    "compression": compressed,
    "kept answers": stored_answers,
    "errors": mistakes,
    "OpenWeatherMap's routes": owm,
}


def expect(answer: Answer, status: int, content_type: str) -> Answer:
    """The answer, if it has that status and media type. Raises Failed."""
    require(answer.status == status, f"status {answer.status} instead of {status}")
    media = answer.headers.get("content-type", "").partition(";")[0]
    require(media == content_type, f"{media or 'no media type'} instead of {content_type}")
    return answer


def document(answer: Answer) -> dict[str, Any]:
    """The JSON object in a body. Raises Failed."""
    try:
        value = json.loads(answer.body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Failed(f"status {answer.status}, and no JSON object")
    return value


def members(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object in that member. Raises Failed."""
    part = value.get(name)
    if not isinstance(part, dict):
        raise Failed(f"{name} is missing")
    return part


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)
