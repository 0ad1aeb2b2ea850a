"""What upstream can do to us, for real on the wire: the last good answer is served, and soon (statement 27)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fakes import running
from wire import answer, deaf, giving, silence, wired

from weather.upstream.freshness_policy import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

PATH = "/data/2.5/weather?lat=51.51&lon=-0.13"
OLD = "weather; fwd=stale; "


async def reset(call) -> None:
    """A script: RST instead of an answer."""
    call.reset()


async def cut(call) -> None:
    """A script: half of a body, and the end."""
    await call.send(answer()[:-20])
    call.close()


async def drip(call) -> None:
    """A script: a byte now and then, for ever."""
    for byte in answer(body=b'{"main": ' + b" " * 10_000):
        await call.send(bytes([byte]))
        await asyncio.sleep(0.05)


def unused() -> socket.socket:
    """A socket that holds a port and does not listen: a connection to it is refused."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


ANSWERED = {
    **{str(status): answer(status, b"<p>no</p>", "text/html") for status in (500, 502, 503, 504)},
    "429": answer(429, b'{"cod":429}'),
    "302": answer(302, b"", location="http://127.0.0.1:1/"),
}
INVALID = {
    "garbage": b"\x00\xff\xfe\x01garbage\r\n\r\n",
    "no json": answer(200, b'{"main": {"temp": 28'),
    "no json at all": answer(200, b"\x80\x81\x82"),
    "wrong content type": answer(200, b'{"main": {}, "dt": 1}', "text/html"),
    "an error in a 200": answer(200, b'{"cod": "404", "message": "city not found"}'),
    "gzip that is none": answer(200, b"no gzip", content_encoding="gzip"),
}
SCRIPTS = {"reset": reset, "cut": cut, "hang": silence, "drip": drip}
SCRIPTS |= {name: giving(raw) for name, raw in (ANSWERED | INVALID).items()}
SLOW = "ttl=-3000; detail=upstream-timeout"
TOLD = {
    **{name: f"fwd-status={name}; ttl=-3000; detail=upstream-status" for name in ANSWERED},
    **dict.fromkeys(("cut", *INVALID), "ttl=-3000; detail=upstream-invalid"),
    **dict.fromkeys(("reset", "refused", "no name", "garbage"), "ttl=-3000; detail=upstream-unreachable"),
    **dict.fromkeys(("hang", "drip", "no connection"), SLOW),
}


@asynccontextmanager
async def faulty(fault: str) -> AsyncIterator[str]:
    """An origin that has this fault."""
    if fault == "refused":
        with unused() as held:
            yield f"http://127.0.0.1:{held.getsockname()[1]}"
    elif fault == "no name":
        yield "http://nowhere.invalid"  # which never resolves (RFC 6761, 6.4)
    elif fault == "no connection":
        async with deaf() as listener:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    else:
        async with wired(SCRIPTS[fault]) as wire:
            yield wire.origin


@pytest.mark.slow
@pytest.mark.parametrize("fault", TOLD)
async def test_the_last_good_answer_is_there_whatever_happens_on_the_wire(upstream, clock, tmp_path, fault):
    """Kept, expired, asked for again over a real socket: 200, the old bytes, the reason, within the patience (27)."""
    loop = asyncio.get_running_loop()
    async with faulty(fault) as origin:
        where = {"WEATHER_UPSTREAM_URL": origin, "WEATHER_TIMEOUT": "2s"}
        async with running(upstream, clock, tmp_path, **where) as site:
            good = await site.get(PATH)
        clock.now += 3600
        async with running(None, clock, tmp_path, patience=PATIENCE, **where) as site:
            began = loop.time()
            old = await site.get(PATH)
            took = loop.time() - began
            again = await site.get(PATH)
    assert (old.status_code, old.content) == (200, good.content)
    assert old.headers["cache-status"] == OLD + TOLD[fault]
    assert old.headers["cache-control"] == "max-age=0, stale-if-error=30"
    assert took <= 0.5
    assert again.status_code == 200
    assert again.headers["cache-status"].rpartition("detail=")[2] in ("gate", "upstream-timeout")


@pytest.mark.parametrize("fault", ["refused", "hang", "500"])
async def test_past_the_stale_limit_the_error_is_told(upstream, clock, tmp_path, fault):
    """Nothing may be served any more: 502 or 504 with Retry-After, in the words of OpenWeatherMap (statement 28)."""
    async with faulty(fault) as origin:
        where = {"WEATHER_UPSTREAM_URL": origin, "WEATHER_TIMEOUT": "500ms"}
        async with running(upstream, clock, tmp_path, **where) as site:
            await site.get(PATH)
        clock.now += 600 + 3 * 86400
        async with running(None, clock, tmp_path, **where) as site:
            gone = await site.get(PATH)
    assert gone.status_code == (504 if fault == "hang" else 502)
    assert gone.json()["cod"] == gone.status_code
    assert int(gone.headers["retry-after"]) >= 1
