"""What `status.html` shows: what is stored and how old it is, how upstream does, what is left, what is paused."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log1p

from weather.messages import N_
from weather.upstream.circuit_breaker import BreakerState
from weather.upstream.gateway import Gateway
from weather.upstream.quota import Quota
from weather.upstream.stores.base import Store
from weather.web.pages.labels import PLANS

LONGEST_AGE = 3 * 86400.0
MANY = ("/map/", "/data/4.0/onecall/alert/")
MOST_DOTS, SAMPLE, SAMPLE_SECONDS = 60, 500, 5.0

SHARES = {
    "hit": N_("kept and fresh"),
    "miss": N_("fetched"),
    "stale": N_("old, for want of a newer one"),
    "error": N_("nothing to give"),
}
REASONS = {
    "failing": N_("it fails"),
    "retry_after": N_("it told us to wait"),
    "key_rejected": N_("it rejects our key; new keys take up to two hours"),
    "rate_limited": N_("it says that our account is over its limit"),
}
WINDOWS = {
    "minute": N_("calls in a minute"),
    "hour": N_("calls in an hour"),
    "day": N_("calls in a day"),
    "month": N_("calls in a month"),
}
MARKS = ((0.0, N_("now")), (600.0, "10 min"), (3600.0, "1 h"), (21600.0, "6 h"), (86400.0, "1 d"), (LONGEST_AGE, "3 d"))


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
    products: str
    spent: float
    limit: float
    width: float


@dataclass(frozen=True, slots=True)
class BreakerRow:
    """A product's circuit breaker: its last calls; if it is open, why and until when calls are paused."""

    name: str
    recent: Sequence[bool]
    reason: str
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class AgeStrip:
    """The stored answers of one route: how many, and their ages on a logarithmic scale."""

    path: str
    count: int
    dots: Sequence[float]
    oldest: datetime


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows; `problems` by part, as `/readyz` has them."""

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
    marks: Sequence[tuple[float, str]]
    problems: Mapping[str, str | None]
    zone_rules: str


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
            words=WINDOWS[one.window],
            products=f"{source}: One Call" if one.products else f"{source}:",
            spent=amount,
            limit=one.limit,
            width=round(min(100.0, 100 * amount / one.limit), 2),
        )
        for one, amount in spent
    ]


def breakers(states: Mapping[str, BreakerState], now: float) -> list[BreakerRow]:
    """The circuit breakers of which there is something to say."""
    return [
        BreakerRow(
            name=name,
            recent=[succeeded for _, succeeded, _ in state.recent],
            reason=REASONS.get(state.reason, "") if state.is_open(now) else "",
            paused_until=datetime.fromtimestamp(state.open_until, UTC) if state.is_open(now) else None,
        )
        for name, state in states.items()
        if state.recent or state.is_open(now)
    ]


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


def marks() -> list[tuple[float, str]]:
    return [(place(age), words) for age, words in MARKS]


class Status:
    """Reads everything, changes nothing, and makes no upstream call."""

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        store: Store,
        checks: Mapping[str, Callable[[], Awaitable[str | None]]],
        clock: Callable[[], float],
        workers: int,
        plan: Callable[[], str],
        nothing_given: Callable[[], int],
        zone_rules: str,
    ) -> None:
        self._gateways, self._store, self._checks, self._clock = gateways, store, checks, clock
        self._workers, self._since, self._plan, self._nothing_given = workers, clock(), plan, nothing_given
        self._zone_rules = zone_rules
        self._sample: asyncio.Task[list[tuple[str, float]]] | None = None
        self._sampled_at = 0.0

    async def _sampled(self, now: float) -> list[tuple[str, float]]:
        """A sample of what is stored, read once in a few seconds for all visitors; who leaves does not cancel it."""
        if self._sample is None or not 0 <= now - self._sampled_at < SAMPLE_SECONDS:
            self._sample, self._sampled_at = asyncio.create_task(self._store.sample(SAMPLE)), now
        return await asyncio.shield(self._sample)

    async def page(self) -> StatusPage:
        now = self._clock()
        tally: Counter[str] = Counter(error=self._nothing_given())
        spent: list[Budget] = []
        states: dict[str, BreakerState] = {}
        for source, gateway in self._gateways.items():
            tally += gateway.tally
            spent += budgets(source, await gateway.admission.usage())
            states |= {f"{source}: {name}": state for name, state in (await gateway.admission.states()).items()}
        return StatusPage(
            as_of=datetime.fromtimestamp(now, UTC),
            since=datetime.fromtimestamp(self._since, UTC),
            sources=list(self._gateways),
            plan=PLANS.get(self._plan(), ""),
            workers=self._workers,
            total=sum(tally.values()),
            shares=shares(tally),
            budgets=spent,
            breakers=breakers(states, now),
            strips=strips(await self._sampled(now), now),
            marks=marks(),
            problems={name: await check() for name, check in self._checks.items()},
            zone_rules=self._zone_rules,
        )
