"""`weather doctor`: looks at the settings, at upstream and at what is kept, and says what is wrong and what to do.

One line a finding: `ok`, `note` (worth knowing, no fault) or `FAIL`. At most one upstream call for each product that
the site uses, and none for what is kept and fresh.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from weather.backend import Clocks, health_checks, make_providers, make_stores, network_of
from weather.commands.http import Unreachable, get
from weather.domain.model import Coordinates
from weather.errors import CallRefused, CircuitOpen, KeyPaused, KeyRejected, UpstreamRateLimited, WeatherError
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.saved.lists import PATIENCE, SavedPlaces
from weather.places.time_zones import use_newest
from weather.providers.openweathermap.endpoints import ONECALL, WEATHER
from weather.providers.registry import Providers
from weather.settings import Settings
from weather.settings.origins import SettingOrigin, setting_origins
from weather.upstream.gateway import Gateway
from weather.upstream.http_caching import date_of
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.stores.base import Store
from weather.upstream.types import Endpoint, Requester, UpstreamRequest, make_request
from weather.upstream.wire.client import Transport
from weather.web.pages.embeds.preview_render import can_draw

OK, NOTE, FAIL = "ok", "note", "FAIL"
MOST_SKEW = 60.0
"""Seconds by which our clock and upstream's may differ: the ages that we tell are no better."""

LEAST_FREE = 2**26
"""Bytes of free disk below which what is fetched may not be kept."""

SHORTEST_SAFE = 16
"""Characters of an access key that nobody guesses over the network, if they are random."""

OLD_RULES = 1.0
"""Years after which time zone rules are worth a look: several countries change theirs each year."""

GREENWICH = Coordinates(51.48, 0.0)
SECONDS = 10.0

Reach = Callable[[str], tuple[float | None, str]]
"""Asks an origin: Unix seconds of its clock if it tells them, and why it cannot be reached, or ""."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it stands, with what, and in words, with what to do where something is wrong."""

    level: str
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:4}  {self.subject}: {self.text}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a server with these settings would work with."""

    settings: Settings
    clocks: Clocks
    sources: Providers
    stores: tuple[Store, Store]
    saved: SavedPlaces


def doctor(settings: Settings) -> int:
    """Print the findings. The exit status: 0 if nothing fails, else 1."""
    findings = asyncio.run(diagnose(settings, setting_origins(), Clocks(), reach_of(settings)))
    print("\n".join(map(str, findings)))
    return int(any(finding.level == FAIL for finding in findings))


async def diagnose(
    settings: Settings, origins: list[SettingOrigin], clocks: Clocks, reach: Reach, transport: Transport | None = None
) -> list[Finding]:
    """Return all findings. `transport` replaces the wire, in tests."""
    findings = [
        Finding(OK, origin.name, f"{origin.value}, from the {origin.place}".replace("the .env", ".env"))
        for origin in origins
    ]
    findings += [*two_keys(origins), *contradictions(settings)]
    findings += [time_zones(str(use_newest()), clocks.wall()), *disks(settings)]
    stores = make_stores(settings.cache, clocks)
    await asyncio.gather(*(store.open() for store in stores))
    atlas, ledger = Gazetteer(), Ledger(stores[1], 1)
    saved = SavedPlaces(settings.database_url, clocks.wall, clocks.steady, no_admission)
    sources = make_providers(settings, clocks, stores, ledger, atlas, transport)
    parts = Parts(settings, clocks, sources, stores, saved)
    try:
        findings += [finding async for finding in storage_findings(parts)]
        findings += [finding async for finding in upstream(parts, reach)]
    finally:
        await sources.close(0.0)
        await asyncio.gather(saved.close(), *(store.close() for store in stores))
        atlas.close()
    return findings


async def no_admission(client: str) -> None:
    """Nobody begins a list here."""


def two_keys(origins: list[SettingOrigin]) -> Iterator[Finding]:
    """A key in the environment hides the file, so that a new key in the file would never be used."""
    if {"OPENWEATHERMAP_API_KEY", "OPENWEATHERMAP_API_KEY_FILE"} <= {origin.name for origin in origins}:
        words = "not read, for OPENWEATHERMAP_API_KEY counts: leave one of them out"
        yield Finding(NOTE, "OPENWEATHERMAP_API_KEY_FILE", words)


def contradictions(settings: Settings) -> Iterator[Finding]:
    """Settings that fight each other, or that do nothing."""
    if settings.provider == "openweathermap" and settings.api_key is None:
        yield Finding(FAIL, "key", "WEATHER_PROVIDER is openweathermap, but there is no OPENWEATHERMAP_API_KEY")
    if settings.api_key is not None and settings.provider not in ("auto", "openweathermap"):
        yield Finding(NOTE, "key", f"only OpenWeatherMap's routes use it: WEATHER_PROVIDER is {settings.provider}")
    if settings.provider == "demo":
        yield Finding(FAIL, "WEATHER_PROVIDER", "demo: all weather is invented")
    if settings.offline:
        yield Finding(NOTE, "WEATHER_OFFLINE", "upstream is never asked: only what is kept is served")
    if settings.fresh_for is not None and settings.fresh_for < 60:
        yield Finding(NOTE, "WEATHER_FRESH_FOR", "shorter than a minute: it spends calls and brings nothing newer")
    if any(len(access_key.key) < SHORTEST_SAFE for access_key in settings.access_keys):
        yield Finding(NOTE, "access keys", "a short key can be guessed: make keys with openssl rand -hex 16")
    if can_draw() and not settings.public_url:
        yield Finding(NOTE, "WEATHER_PUBLIC_URL", "not set: previews of links elsewhere may lack their picture")
    if settings.root_path and not settings.trusted_proxies:
        yield Finding(NOTE, "WEATHER_TRUSTED_PROXIES", "not set: behind a proxy all visitors count as one client")


def time_zones(edition: str, now: float) -> Finding:
    """The rules by which clocks are told; an edition such as "2026.3" or "2026c" names its year."""
    year, this_year = edition[:4], datetime.fromtimestamp(now, UTC).year
    is_old = year.isdecimal() and this_year - int(year) > OLD_RULES
    advice = "; old: upgrade the package tzdata" if is_old else ""
    return Finding(NOTE if is_old else OK, "time zones", f"rules of {edition}{advice}")


def disks(settings: Settings) -> Iterator[Finding]:
    """The room where things are kept."""
    if settings.cache.kind == "disk":
        yield free_room("cache", settings.cache.folder, settings.cache.limit)
    if settings.database_url.startswith("sqlite:///"):
        yield free_room("database", Path(settings.database_url.removeprefix("sqlite:///")).parent, 0)


def free_room(subject: str, folder: Path, wanted: int) -> Finding:
    there = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
    return room_at(subject, there, shutil.disk_usage(there).free, wanted)


def room_at(subject: str, there: Path, free: int, wanted: int) -> Finding:
    """What so many free bytes mean where so many are wanted."""
    room = f"{free / 2**20:,.0f} MB free at {there}"
    if free < LEAST_FREE:
        return Finding(FAIL, subject, f"{room}: make room, or what is fetched and saved cannot be kept")
    if free < wanted:
        return Finding(NOTE, subject, f"{room}: less than its limit of {wanted / 2**20:,.0f} MB")
    return Finding(OK, subject, room)


async def storage_findings(parts: Parts) -> AsyncIterator[Finding]:
    """Cache, quota ledger and database, by the checks of `/readyz`."""
    checks = health_checks(parts.settings, parts.sources, *parts.stores)
    checks["database"] = partial(parts.saved.check, PATIENCE)  # a slow machine is not a broken one
    for name in ("cache", "quota", "database"):
        problem = await checks[name]()
        yield Finding(FAIL, name, advised(problem)) if problem else Finding(OK, name, "can be read and written")


def advised(problem: str) -> str:
    """The problem, with what to do if all may be well for another user."""
    is_not_ours = problem.endswith("PermissionError") or "belongs to somebody else" in problem
    return f"{problem}; run this as the user who serves (weather deploy command)" if is_not_ours else problem


async def upstream(parts: Parts, reach: Reach) -> AsyncIterator[Finding]:
    """Whether each source can be reached and answers, and what the key may use."""
    if parts.settings.offline:
        return
    for source, gateway in (parts.sources.asked | parts.sources.alert_gateways).items():
        if source == "demo":
            continue
        async for finding in reached(source, gateway, reach, parts.clocks.wall()):
            yield finding
    if parts.settings.api_key is not None:
        yield await key(parts.sources.proxied)
        yield await plan(parts.sources.proxied)
    for name in (name for name in parts.sources.asked if name not in ("openweathermap", "demo")):
        yield await answer(parts, name)


async def reached(source: str, gateway: Gateway, reach: Reach, now: float) -> AsyncIterator[Finding]:
    """The way there, by the proxy and the certificate authorities in use; and the two clocks."""
    origin = gateway.origins["api"]
    at, problem = await asyncio.to_thread(reach, origin)
    if problem:
        yield Finding(FAIL, source, f"{origin} cannot be reached: {problem}")
        return
    yield Finding(OK, source, f"{origin} can be reached")
    if at is not None and abs(at - now) > MOST_SKEW:
        ahead = "ahead of" if now > at else "behind"
        yield Finding(
            FAIL, "clock", f"{abs(at - now):.0f} s {ahead} {source}'s: ages would be wrong; use a time service"
        )


async def key(gateway: Gateway) -> Finding:
    """What OpenWeatherMap says to the key."""
    try:
        response = await gateway.fetch(request_of(WEATHER), Requester(wants_readable=False))
    except (KeyRejected, KeyPaused):
        return Finding(FAIL, "key", "refused (401): mistyped, or younger than two hours; see your account's key page")
    except UpstreamRateLimited:
        return Finding(FAIL, "key", "over its quota (429): lower WEATHER_CALLS_PER_MINUTE, or wait ten minutes")
    except CircuitOpen as error:
        return Finding(FAIL, "key", f"not tried, calls are paused: {error}")
    except CallRefused as error:
        return Finding(FAIL, "key", f"not tried: {error}")
    except WeatherError as error:
        return Finding(FAIL, "key", f"not known: {error}")
    at = datetime.fromtimestamp(response.entry.fetched_at, UTC)
    return Finding(OK, "key", f"works, last seen at {at:%Y-%m-%dT%H:%M:%SZ}")


async def plan(gateway: Gateway) -> Finding:
    """Whether the key may use One Call 3.0."""
    try:
        await gateway.fetch(request_of(ONECALL), Requester(wants_readable=False))
    except (KeyRejected, KeyPaused):
        return Finding(
            NOTE, "plan", "free products: no warnings and no minutes; One Call needs a subscription of its own"
        )
    except WeatherError as error:
        return Finding(NOTE, "plan", f"not known: {error}")
    return Finding(OK, "plan", "One Call 3.0")


async def answer(parts: Parts, name: str) -> Finding:
    """Whether a source without a key answers: with the current weather of one point."""
    try:
        report = await parts.sources.by_name[name].report(GREENWICH, None, frozenset({"current"}), Requester())
    except WeatherError as error:
        return Finding(FAIL, name, f"does not answer: {error}")
    section = report.current
    is_there = section is not None and section.value is not None
    return Finding(OK if is_there else FAIL, name, "answers" if is_there else "has nothing for Greenwich")


def request_of(row: Endpoint) -> UpstreamRequest:
    return make_request(row, lat="51.48", lon="0")


def by_proxy(proxy: str | None) -> str:
    """The proxy that was asked, without user and password."""
    return f"by the proxy {urlsplit(proxy).netloc.rpartition('@')[2]}, " if proxy else ""


def reach_of(settings: Settings) -> Reach:
    """Returns a function that asks an origin by the proxy and the authorities of the settings."""
    network = network_of(settings)

    def reach(origin: str) -> tuple[float | None, str]:
        try:
            headers = get(f"{origin}/", seconds=SECONDS, network=network).headers
        except Unreachable as error:
            return None, f"{by_proxy(network.proxy(origin))}{error}"
        return date_of(headers.get("date", "")), ""

    return reach
