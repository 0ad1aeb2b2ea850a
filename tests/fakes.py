"""What the tests share: a clock that is told, an upstream that is an ASGI app, and the real app between them."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs

import httpx

from weather.app import Serving, create_app
from weather.backend import Clocks
from weather.settings import load
from weather.upstream.cache import Cache
from weather.upstream.limits.admission import AdmissionControl
from weather.upstream.limits.quota_account import QuotaAccount
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import CacheEntry

KEY = "0123456789abcdef0123456789abcdef"
NOON = 1_795_521_600.0  # 2026-11-24 12:00 UTC, a Tuesday


class Clock:
    """The time of day, which passes only when told."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Steady:
    """A clock that goes as the time of day does, but is never set back."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._last, self._now = clock, clock(), 0.0

    def __call__(self) -> float:
        self._now += max(0.0, self._clock() - self._last)
        self._last = self._clock()
        return self._now


async def looked(cache: Cache, key: str) -> CacheEntry | None:
    """The newest of what a worker has at hand and what any has stored, at noon."""
    return cache.merge(key, await cache.store.get(key), NOON, 600.0)


def weather_body(lat: float = 51.51, lon: float = -0.13, **more) -> dict:
    """A small body of /data/2.5/weather."""
    return {
        "coord": {"lon": lon, "lat": lat},
        "weather": [{"id": 500, "main": "Rain", "description": "light rain", "icon": "10d"}],
        "main": {
            "temp": 285.15,
            "feels_like": 283.15,
            "pressure": 1012,
            "humidity": 81,
            "temp_min": 280,
            "temp_max": 290,
        },
        "visibility": 10000,
        "wind": {"speed": 5, "deg": 225},
        "rain": {"1h": 0.4},
        "clouds": {"all": 75},
        "dt": int(NOON) - 300,
        "sys": {"country": "GB", "sunrise": 1795505000, "sunset": 1795535000},
        "timezone": 0,
        "id": 2643743,
        "name": "London",
        "cod": 200,
    } | more


def forecast_body(start: float = NOON + 10800, steps: int = 40, offset: int = 0) -> dict:
    """A body of /data/2.5/forecast: dry and mild, one wet step, every temperature another."""
    return {
        "cod": "200",
        "cnt": steps,
        "list": [
            {
                "dt": int(start) + 10800 * i,
                "main": {"temp": 280.15 + i / 10, "feels_like": 279.15, "pressure": 1010, "humidity": 70},
                "weather": [{"id": 501 if i == 3 else 803, "icon": "10d" if i == 3 else "04d"}],
                "clouds": {"all": 60},
                "wind": {"speed": 3 + i / 10, "deg": 180, "gust": 6},
                "visibility": 10000,
                "pop": 0.8 if i == 3 else 0,
                **({"rain": {"3h": 2.4}} if i == 3 else {}),
            }
            for i in range(steps)
        ],
        "city": {"name": "London", "country": "GB", "coord": {"lat": 51.51, "lon": -0.13}, "timezone": offset},
    }


def air_body(lat: float = 51.51, lon: float = -0.13) -> dict:
    """A body of /data/2.5/air_pollution."""
    parts = {"co": 230.31, "no": 0, "no2": 8.05, "o3": 60, "so2": 1.2, "pm2_5": 4.5, "pm10": 7, "nh3": 0.5}
    return {
        "coord": {"lon": lon, "lat": lat},
        "list": [{"dt": int(NOON) - 600, "main": {"aqi": 2}, "components": parts}],
    }


def onecall_body(start: float = NOON, **more) -> dict:
    """A body of /data/3.0/onecall: one wet minute and hour, one alert that is on."""
    hour = {"temp": 285.15, "feels_like": 284, "pressure": 1012, "humidity": 80, "dew_point": 281.15, "uvi": 1.5}
    hour |= {
        "clouds": 75,
        "visibility": 10000,
        "wind_speed": 5,
        "wind_deg": 225,
        "weather": [{"id": 803, "icon": "04d"}],
    }
    warm = {"day": 286, "min": 281.15, "max": 288.15, "night": 282, "eve": 285, "morn": 282}
    begin, noon = int(start) // 3600 * 3600, int(start) // 86400 * 86400 + 43200
    return {
        "lat": 51.51,
        "lon": -0.13,
        "timezone": "Europe/London",
        "timezone_offset": 0,
        "current": hour | {"dt": int(start) - 60, "temp": 284.15},
        "minutely": [{"dt": begin + 60 * i, "precipitation": 1.2 if i == 20 else 0} for i in range(1, 61)],
        "hourly": [hour | {"dt": begin + 3600 * i, "temp": 285.15 + i / 10, "pop": i / 100} for i in range(48)],
        "daily": [
            {
                "dt": noon + 86400 * i,
                "temp": warm,
                "weather": [{"id": 500, "icon": "10d"}],
                "pop": 0.4,
                "uvi": 2,
                "rain": 3,
            }
            for i in range(8)
        ],
        "alerts": [warning()],
    } | more


def iso(seconds: float) -> str:
    """A time in RFC 3339, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def warning(**more) -> dict:
    """An alert as One Call 3.0 tells it."""
    span = {"start": int(NOON) - 3600, "end": int(NOON) + 7200}
    words = {"sender_name": "Met Office", "event": "Yellow warning of wind", "description": "Gusts of 60 mph."}
    return words | span | {"tags": ["Wind", "Wind"]} | more


def located(*data: dict, **more) -> dict:
    """The envelope of One Call 4.0."""
    return {"lat": 51.51, "lon": -0.13, "timezone": "Europe/London", "timezone_offset": 0, "data": list(data)} | more


class Free:
    """Leave to call that is always given."""

    client = ""

    def reserve(self):
        return nullcontext()

    async def acquire(self) -> None: ...

    async def record(self, error, span=None) -> None: ...


class Upstream:
    """OpenWeatherMap as an ASGI app: counts its calls, and does as it is told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.queries: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status, self.body, self.content_type = 200, None, "application/json; charset=utf-8"
        self.more_headers: dict[str, str] = {}
        self.paths: tuple[str, ...] = ("/",)
        self.released = asyncio.Event()
        self.released.set()
        self.bodies: dict[str, Callable[[dict[str, str]], object]] = {
            "/data/2.5/weather": lambda q: weather_body(float(q.get("lat", 51.51)), float(q.get("lon", -0.13))),
            "/data/2.5/forecast": lambda q: forecast_body(),
            "/data/2.5/air_pollution": lambda q: air_body(float(q["lat"]), float(q["lon"])),
            "/data/2.5/air_pollution/forecast": lambda q: air_body(),
            "/data/2.5/air_pollution/history": lambda q: air_body(),
            "/data/3.0/onecall": lambda q: onecall_body(),
            "/data/4.0/onecall/current": lambda q: located(onecall_body()["current"] | {"alerts": ["A-1"]}),
            "/data/4.0/onecall/timeline/1min": lambda q: located(*onecall_body()["minutely"]),
            "/data/4.0/onecall/alert/A-1": lambda q: warning(id="A-1"),
            "/geo/1.0/direct": lambda q: [],
            "/geo/1.0/reverse": lambda q: [{"name": "London", "lat": 51.5, "lon": -0.12, "country": "GB"}],
            "/geo/1.0/zip": lambda q: {"zip": "10115", "name": "Berlin", "lat": 52.53, "lon": 13.38, "country": "DE"},
        }

    @property
    def count(self) -> int:
        return len(self.calls)

    @property
    def by_path(self) -> Counter:
        return Counter(self.calls)

    def fails(
        self, status: int = 500, body: bytes = b"", content_type: str = "text/html", paths=("/",), **headers
    ) -> None:
        """From now on answer so, on paths that begin so."""
        self.status, self.body, self.content_type, self.paths, self.more_headers = (
            status,
            body,
            content_type,
            paths,
            headers,
        )

    def recovers(self) -> None:
        self.status, self.body, self.content_type, self.more_headers = 200, None, "application/json; charset=utf-8", {}
        self.paths = ("/",)

    async def __call__(self, scope, receive, send) -> None:
        path = scope["path"]
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        self.calls.append(path)
        self.queries.append(query)
        self.raw.append(scope["query_string"])
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await self.released.wait()
        told = path.startswith(self.paths)
        status = self.status if told else 200
        body = self.body if told and self.body is not None else json.dumps(self.bodies[path](query)).encode()
        kind = self.content_type if told else "application/json"
        headers = {"content-type": kind, **(self.more_headers if told else {})}
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def lifespan(app) -> AsyncIterator[None]:
    """Start an ASGI app as a server does, and shut it down."""
    inbox: asyncio.Queue = asyncio.Queue()
    outbox: asyncio.Queue = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan", "state": {}}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    assert (await outbox.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        assert (await outbox.get())["type"] == "lifespan.shutdown.complete"
        await task


App = Callable[..., Awaitable[httpx.AsyncClient]]


async def no_wait(_: float) -> None:
    """Between attempts: none, so that no test depends on how the jitter falls."""


@asynccontextmanager
async def running(
    upstream,
    clock: Clock,
    folder: Path | None = None,
    key: str | None = KEY,
    *,
    ready: bool = True,
    early: bool = False,
    steady: Callable[[], float] | None = None,
    patience: float = 30.0,
    more: dict | None = None,
    **environment: str,
) -> AsyncIterator[httpx.AsyncClient]:
    """The real app over that upstream, as a client that speaks to it; settings as in the environment.

    A visitor with an old answer waits long for a new one here, so that a busy machine changes nothing.

    Without more it knows one source alone: OpenWeatherMap, or without a key the demo. The plan is the free one: most
    tests count calls, and `auto` finds out by some. `more` goes to `Serving` as it is.
    """
    with TemporaryDirectory() as nowhere:
        texts = {
            "WEATHER_CACHE_URL": f"disk://{folder}" if folder else "memory:",
            "WEATHER_CALLS_PER_MINUTE": "100000",
            "WEATHER_PROVIDER": "openweathermap" if key or "OPENWEATHERMAP_API_KEY_FILE" in environment else "demo",
            "WEATHER_PLAN": "free",
            "WEATHER_ALERTS": "none",
        }
        texts |= {"WEATHER_DATABASE_URL": f"sqlite:///{folder or nowhere}/places.sqlite", **environment}
        if key:
            texts["OPENWEATHERMAP_API_KEY"] = key
        settings = load(texts, folder=Path("/nonexistent"))
        is_wire = isinstance(upstream, httpx.AsyncBaseTransport | None)
        wire = upstream if is_wire else httpx.ASGITransport(app=upstream)
        clocks = Clocks(wall=clock, steady=steady or Steady(clock), sleep=no_wait, patience=patience)
        app = create_app(settings, clocks, wire, Serving(ready=ready, early=early, **(more or {})))
        async with lifespan(app):
            surface = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=surface, base_url="http://test") as client:
                client.app = app
                yield client


def make_admission(clock: Clock, store=None, quotas=(), offline: bool = False) -> AdmissionControl:
    """The real admission control over a store in memory."""
    store = store or MemoryStore(clock)
    return AdmissionControl(
        store, QuotaAccount(Ledger(store, 1), quotas, clock), clock, lambda: 0.0, lambda: "test", offline=offline
    )


async def until(condition: Callable[[], object]) -> None:
    """Let the loop, and whatever works beside it, go on until something holds; the minute is for what never comes."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.001)
