"""What `status.html` shows: what is stored and how old it is, how upstream does, what is left, what is paused."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log1p

from weather.i18n.language import Language
from weather.messages import C_, N_
from weather.settings.record import ALERT_SOURCES, PROVIDERS
from weather.upstream.gateway import Gateway
from weather.upstream.limits.circuit_breaker import BreakerState
from weather.upstream.quota import Quota
from weather.upstream.stores.base import Store
from weather.web.http.health import Check, outcome
from weather.web.pages.consumers import Consumer
from weather.web.view.labels import PLANS

LONGEST_AGE = 3 * 86400.0
MANY = ("/map/", "/data/4.0/onecall/alert/")
MOST_DOTS, SAMPLE, SAMPLE_SECONDS = 60, 500, 5.0

SHARES = {
    "hit": N_("from cache"),
    "miss": N_("newly fetched"),
    "stale": N_("out of date, nothing newer"),
    "error": N_("no answer"),
}
REASONS = {
    "failing": N_("it returns errors"),
    "retry_after": N_("it asked us to wait"),
    "key_rejected": N_("it rejects our key; new keys take up to two hours to work"),
    "rate_limited": N_("it says that our account is over its limit"),
}
WINDOWS = {
    "minute": N_("{source}: calls per minute"),
    "hour": N_("{source}: calls per hour"),
    "day": N_("{source}: calls per day"),
    "month": N_("{source}: calls per month"),
}
PRODUCT_WINDOWS = {
    "minute": N_("{source}, {product}: calls per minute"),
    "hour": N_("{source}, {product}: calls per hour"),
    "day": N_("{source}, {product}: calls per day"),
    "month": N_("{source}, {product}: calls per month"),
}
NAMES = PROVIDERS | ALERT_SOURCES
ONE_CALL = {"onecall25": "One Call 2.5", "onecall3": "One Call 3.0", "onecall4": "One Call 4.0"}
PRODUCTS = ONE_CALL | {
    "account": C_("product", "all calls"),
    "weather": C_("product", "current weather"),
    "forecast": C_("product", "forecast"),
    "locationforecast": C_("product", "forecast"),
    "hourly": C_("product", "forecast by hour"),
    "daily": C_("product", "forecast by day"),
    "climate": C_("product", "forecast for 30 days"),
    "air": C_("product", "air quality"),
    "uvi": C_("product", "UV index"),
    "geocoding": C_("product", "place search"),
    "find": C_("product", "weather of several places"),
    "group": C_("product", "weather of several places"),
    "box": C_("product", "weather of several places"),
    "alerts": C_("product", "official warnings"),
    "metalerts": C_("product", "official warnings"),
    "tiles": C_("product", "weather maps"),
}
"""What a product of a weather service gives, by the names of the breakers; One Call is a proper name."""

PAUSED = N_("some calls are paused; see below")
PART_WORDS = {
    "upstream": N_("Weather services"),
    "cache": C_("part of the server", "Cache"),
    "quota": C_("part of the server", "Call counter"),
    "database": N_("Saved places"),
}
"""By the names of the checks of `/readyz`."""

MARKS = (0.0, 600.0, 3600.0, 21600.0, 86400.0, LONGEST_AGE)
"""Ages, in seconds, that the scale of the strips names."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole as a bar: `x` and `width` in per cent, `kind` its colour, `count` the number it stands for."""

    kind: str
    words: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Budget:
    """A quota, and how much of it is spent."""

    words: str
    source: str
    product: str
    spent: float
    limit: float
    width: float


@dataclass(frozen=True, slots=True)
class BreakerRow:
    """A product's circuit breaker: its last calls; if it is open, why and until when calls are paused.

    `source` and `product` are messages, or proper names.
    """

    source: str
    product: str
    recent: Sequence[bool]
    reason: str
    paused_until: datetime | None

    @property
    def failed(self) -> int:
        """How many of the last calls failed."""
        return len(self.recent) - sum(self.recent)


@dataclass(frozen=True, slots=True)
class AgeStrip:
    """The stored answers of one route: how many, and their ages on a logarithmic scale."""

    path: str
    count: int
    dots: Sequence[float]
    oldest: datetime


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows; `problems` by part, as `/readyz` has them. `consumers` are for the operator alone."""

    as_of: datetime
    since: datetime
    sources: Sequence[str]
    plan: str
    workers: int
    total: int
    shares: Sequence[Share]
    budgets: Sequence[Budget]
    breakers: Sequence[BreakerRow]
    strips: Sequence[AgeStrip]
    marks: Sequence[tuple[float, float]]
    problems: Mapping[str, str | None]
    zone_rules: str
    consumers: Sequence[Consumer] = ()


def shares(tally: Mapping[str, int]) -> list[Share]:
    """The answers since the start, by how they came about."""
    total, x, bars = sum(tally.values()) or 1, 0.0, []
    for kind, words in SHARES.items():
        width = 100 * tally.get(kind, 0) / total
        bars.append(Share(kind, words, tally.get(kind, 0), round(x, 2), round(width, 2)))
        x += width
    return bars


def budgets(source: str, spent: Sequence[tuple[Quota, float]]) -> list[Budget]:
    return [
        Budget(
            words=(PRODUCT_WINDOWS if quota.products else WINDOWS)[quota.window],
            source=NAMES.get(source, source),
            product="One Call" if quota.products else "",
            spent=amount,
            limit=quota.limit,
            width=round(min(100.0, 100 * amount / quota.limit), 2),
        )
        for quota, amount in spent
    ]


def breakers(states: Mapping[tuple[str, str], BreakerState], now: float) -> list[BreakerRow]:
    """The circuit breakers of which there is something to say, of states by the names of source and product."""
    return [
        BreakerRow(
            source=NAMES.get(source, source),
            product=PRODUCTS.get(product, product),
            recent=[succeeded for _, succeeded, _ in state.recent],
            reason=REASONS.get(state.reason, "") if state.is_open(now) else "",
            paused_until=datetime.fromtimestamp(state.open_until, UTC) if state.is_open(now) else None,
        )
        for (source, product), state in states.items()
        if state.recent or state.is_open(now)
    ]


async def problems(checks: Mapping[str, Check], rows: Sequence[BreakerRow]) -> dict[str, str | None]:
    """What is wrong with each part; of pauses the rows tell more, in the reader's language."""
    return {name: await outcome(check) for name, check in checks.items()} | (
        {"upstream": PAUSED} if any(row.paused_until for row in rows) else {}
    )


def parted(problem: str, language: Language) -> tuple[str, str]:
    """The words of a problem that the language has, and what stands behind their colon, for the operator alone."""
    if language.knows(problem):
        return problem, ""
    words, _, detail = problem.partition(": ")
    return (words, detail) if language.knows(words) else ("", problem)


def strips(sample: Sequence[tuple[str, float]], now: float) -> list[AgeStrip]:
    """The sample by route."""
    by_path: dict[str, list[float]] = {}
    for key, at in sample:
        by_path.setdefault(route(key), []).append(at)
    return [
        AgeStrip(
            path=path,
            count=len(times),
            dots=sorted({place(now - at) for at in times})[:MOST_DOTS],
            oldest=datetime.fromtimestamp(min(times), UTC),
        )
        for path, times in sorted(by_path.items())
    ]


def route(key: str) -> str:
    """The route that an entry is of; tiles and alerts have a path for each."""
    return next((f"{many}…" for many in MANY if key.startswith(many)), key.partition("#")[0])


def place(age: float) -> float:
    """Where an age in seconds stands on the scale, in per cent."""
    return round(100 * log1p(min(max(age, 0.0), LONGEST_AGE) / 60) / log1p(LONGEST_AGE / 60), 1)


def marks() -> list[tuple[float, float]]:
    """Where the ages that are named stand, with the ages."""
    return [(place(age), age) for age in MARKS]


@dataclass(frozen=True, slots=True)
class Run:
    """What is told of this run: its workers, its rules of time zones, how many requests it could give nothing, and what
    the holders of access keys asked for, of all workers."""

    workers: int
    zone_rules: str
    nothing_given: Callable[[], int]
    consumers: Callable[[], list[Consumer]] = list


class Status:
    """Reads everything, changes nothing, and makes no upstream call."""

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        plan: Callable[[], str],
        store: Store,
        checks: Mapping[str, Check],
        clock: Callable[[], float],
        run: Run,
    ) -> None:
        self._gateways, self._plan, self._store, self._checks = gateways, plan, store, checks
        self._clock, self._since, self._run = clock, clock(), run
        self._sample: asyncio.Task[list[tuple[str, float]]] | None = None
        self._sampled_at = 0.0

    async def _sampled(self, now: float) -> list[tuple[str, float]]:
        """A sample of what is stored, read once in a few seconds for all visitors; who leaves does not cancel it."""
        if self._sample is None or not 0 <= now - self._sampled_at < SAMPLE_SECONDS:
            self._sample, self._sampled_at = asyncio.create_task(self._store.sample(SAMPLE)), now
        return await asyncio.shield(self._sample)

    async def page(self, for_operator: bool = False) -> StatusPage:
        now = self._clock()
        tally: Counter[str] = Counter(error=self._run.nothing_given())
        spent: list[Budget] = []
        states: dict[tuple[str, str], BreakerState] = {}
        for source, gateway in self._gateways.items():
            tally += gateway.tally
            spent += budgets(source, await gateway.admission.usage())
            states |= {(source, name): state for name, state in (await gateway.admission.states()).items()}
        return StatusPage(
            as_of=datetime.fromtimestamp(now, UTC),
            since=datetime.fromtimestamp(self._since, UTC),
            sources=list(self._gateways),
            plan=PLANS.get(self._plan(), ""),
            workers=self._run.workers,
            total=sum(tally.values()),
            shares=shares(tally),
            budgets=spent,
            breakers=(rows := breakers(states, now)),
            strips=strips(await self._sampled(now), now),
            marks=marks(),
            problems=await problems(self._checks, rows),
            zone_rules=self._run.zone_rules,
            consumers=self._run.consumers() if for_operator else (),
        )
