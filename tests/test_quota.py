"""The budgets: never more calls than a window holds, the wait that is told is the truth, and what a call draws on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from weather.providers.openweathermap.endpoints import WEATHER
from weather.upstream.quota import (
    BUCKETS,
    Charge,
    Quota,
    QuotaRefusal,
    charges_for,
    expires_at,
    is_clients,
    live_usage,
    site,
    try_charge,
)

MINUTE = Quota("m", 7, "minute")


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def charge(rows: dict, quotas: list[Quota], now: float, client: str = "") -> QuotaRefusal | None:
    """Draw one call, and remember it."""
    settled = try_charge(rows, charges_for(quotas, WEATHER, client, now), now)
    if isinstance(settled, QuotaRefusal):
        return settled
    rows |= settled
    return None


APART = st.lists(st.one_of(st.floats(0, 3), st.floats(0, 70), st.just(0.0)), min_size=1, max_size=120)


@given(APART, st.integers(1, 9))
def test_no_sixty_seconds_hold_more_than_the_limit(apart, limit):
    """Calls at any times: those that were let, counted one by one, are never more in any 60 s (statement 54)."""
    rows, let, now = {}, [], NOON
    for step in apart:
        now += step
        if charge(rows, [Quota("m", limit, "minute")], now) is None:
            let.append(now)
    for end in let:
        assert sum(end - 60 <= at <= end for at in let) <= limit


@given(APART)
def test_nobody_is_refused_while_there_is_room(apart):
    """A call is refused only when the last 61.7 seconds hold as many as the limit: the count is no wider than that."""
    rows, let, now = {}, [], NOON
    for step in apart:
        now += step
        refused = charge(rows, [MINUTE], now)
        assert (refused is not None) <= (sum(now - 61.7 <= at for at in let) >= MINUTE.limit)
        if refused is None:
            let.append(now)


@given(APART)
def test_the_wait_that_is_told_is_the_truth(apart):
    """Just before it is over the call would be refused again, and after it is let (statement 56)."""
    rows, now = {}, NOON
    for step in apart:
        now += step
        if refused := charge(rows, [MINUTE], now):
            assert 0 < refused.wait <= 61.7
            assert charge(dict(rows), [MINUTE], now + refused.wait - 0.001)
            assert charge(dict(rows), [MINUTE], now + refused.wait + 0.001) is None


@pytest.mark.parametrize(
    ("window", "now", "until"),
    [
        ("day", "2026-11-25T00:00:00", "2026-11-26T00:05:00"),
        ("day", "2026-11-25T23:59:58", "2026-11-26T00:05:00"),
        ("day", "2026-11-25T23:59:59.5", "2026-11-27T00:05:00"),
        ("day", "2028-02-28T12:00:00", "2028-02-29T00:05:00"),
        ("month", "2026-11-25T12:00:00", "2026-12-01T00:00:00"),
        ("month", "2026-12-31T23:59:58", "2027-01-01T00:00:00"),
        ("month", "2026-12-31T23:59:59.5", "2027-02-01T00:00:00"),
        ("month", "2026-01-31T00:00:00", "2026-02-01T00:00:00"),
        ("month", "2028-02-01T00:00:00", "2028-03-01T00:00:00"),
    ],
)
def test_days_and_months_end_in_utc(window, now, until):
    """A unit counts until the UTC day or month ends; OpenWeatherMap's day five minutes later. A call of the last second
    may arrive in the next, and counts there."""
    assert expires_at(window, moment(now)) == moment(until)


@pytest.mark.parametrize("window", ["minute", "hour"])
@given(now=st.floats(1.7e9, 1.9e9))
def test_a_sliding_unit_counts_a_second_more_than_its_window(window, now):
    """And no more than one step beyond, in which it is counted."""
    seconds = {"minute": 60, "hour": 3600}[window]
    assert seconds + 1 - 1e-3 <= expires_at(window, now) - now <= (seconds + 1) * (1 + 1 / BUCKETS) + 1e-3


def test_a_day_and_a_month_are_not_overdrawn():
    """Calls every hour for 70 days: no UTC day and no UTC month holds more than its limit (statement 54)."""
    rows, let = {}, []
    budgets = [Quota("d", 10, "day", frozenset({"weather"})), Quota("mo", 200, "month")]
    for hour in range(70 * 24):
        now = moment("2026-11-20T00:00:01") + hour * 3600
        if charge(rows, budgets, now) is None:
            let.append(datetime.fromtimestamp(now, UTC))
    days, months = [f"{at:%m%d}" for at in let], [f"{at:%y%m}" for at in let]
    assert max(map(days.count, days)) == 10
    assert max(map(months.count, months)) == 200


def test_a_refusal_draws_nothing():
    """Refused by one budget, the others hold what they held; and the one that is spent is named."""
    rows: dict = {}
    both = [Quota("wide", 100, "minute"), Quota("narrow", 2, "month")]
    assert [charge(rows, both, NOON) for _ in range(2)] == [None, None]
    before = {name: list(row) for name, row in rows.items()}
    for _ in range(5):
        refused = charge(rows, both, NOON)
        assert refused and refused.budget == "narrow"
    assert rows == before


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_that_refuse_the_longer_wait_is_told(turn):
    """Minute and day are spent: to come again in a minute would be in vain, whichever of them is looked at first."""
    spent = {"minute": [(NOON + 60, 5.0)], "day": [(NOON + 43_500, 5.0)]}
    charges = [Charge("minute", 1.0, NOON + 61, 5.0), Charge("day", 1.0, NOON + 43_500, 5.0)]
    assert try_charge(spent, charges[::turn], NOON) == QuotaRefusal("day", 43_500)


def test_products_draw_on_their_own_budgets_only():
    """A budget of other products is not touched; one of all products is."""
    others = [Quota("one call", 5, "day", frozenset({"onecall3"})), MINUTE]
    assert [draw.budget for draw in charges_for(others, WEATHER, "", NOON)] == ["m"]


@pytest.mark.parametrize("window", ["minute", "hour", "day", "month"])
def test_a_client_has_two_thirds_of_every_window(window):
    """Of 60 calls one client causes 40, another the 20 that are left (statements 58 and 108)."""
    rows, budgets = {}, [Quota(window, 60, window), Quota("wider", 10_000, "month")]
    one = [charge(rows, budgets, NOON, "203.0.113.7") for _ in range(60)]
    assert one.count(None) == 40
    assert all(is_clients(refused.budget) for refused in one if refused)
    other = [charge(rows, budgets, NOON, "203.0.113.8") for _ in range(60)]
    assert other.count(None) == 20
    assert {refused.budget for refused in other if refused} == {window}


@pytest.mark.parametrize("limit", [3, 10, 61, 1000])
def test_a_client_who_asks_all_day_leaves_a_third_of_it(limit):
    """Minute by minute within his share of each, he has two thirds of the day at most when it ends (statement 108)."""
    rows, let = {}, 0
    for minute in range(600):
        let += charge(rows, [Quota("m", 6, "minute"), Quota("d", limit, "day")], NOON + 62 * minute, "c") is None
    assert let == min(600, limit * 2 // 3)


def test_a_client_has_his_share_of_what_some_products_may_cost():
    """A budget of one product is shared out as all are."""
    rows, budgets = {}, [Quota("weather", 30, "day", frozenset({"weather"}))]
    assert [charge(rows, budgets, NOON, "203.0.113.7") for _ in range(30)].count(None) == 20


def test_an_ipv6_site_has_five_sixths_however_many_its_clients():
    """One /48 holds 65,536 networks: together they leave a sixth to others, and each has its own two thirds (108)."""
    rows, budgets = {}, [Quota("day", 60, "day")]
    one = [charge(rows, budgets, NOON, f"2001:db8:7:{i:x}::") for i in range(60)]
    assert one.count(None) == 50
    assert all(is_clients(refused.budget) for refused in one if refused)
    others = [charge(rows, budgets, NOON, f"2001:db8:8:{i:x}::") for i in range(60)]
    assert others.count(None) == 10


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("2001:db8:7:1::", "2001:db8:7::/48"),
        ("2001:db8:7:ffff::", "2001:db8:7::/48"),
        ("203.0.113.7", ""),
        ("", ""),
        ("somebody", ""),
    ],
)
def test_only_ipv6_has_sites(client, expected):
    """The first 48 bits of an address; of IPv4, and of what is no address, nothing."""
    assert site(client) == expected


def test_a_client_is_not_written_down():
    """A budget's name holds no address."""
    for client, part in (("203.0.113.7", "203"), ("2001:db8:7:1::", "db8")):
        assert not any(part in draw.budget for draw in charges_for([MINUTE], WEATHER, client, NOON))


@pytest.mark.parametrize("limit", [1, 2])
def test_a_small_limit_leaves_a_client_one_call(limit):
    """A client may always cause one call, were it the only one there is."""
    assert charge({}, [Quota("m", limit, "minute")], NOON, "c") is None


LEAPS = st.lists(st.floats(-7200, 7200), min_size=1, max_size=40)


@given(LEAPS, st.sampled_from(["minute", "hour", "day", "month"]))
def test_a_clock_that_steps_holds_nobody_up(steps, window):
    """However the clock is set, nobody waits longer than one window from now (statement 37)."""
    rows, now, budget = {}, NOON, Quota("b", 2, window)
    for step in steps:
        now += step
        if refused := charge(rows, [budget], now):
            assert 0 < refused.wait <= expires_at(window, now) - now + 1e-6


def test_a_clock_set_back_grants_nothing():
    """What was spent counts after the clock was set back as if it had been spent then (statement 37)."""
    rows: dict = {}
    assert [charge(rows, [MINUTE], NOON) for _ in range(7)] == [None] * 7
    for back in (1, 60, 3600):
        refused = charge(rows, [MINUTE], NOON - back)
        assert refused and refused.wait <= 61.7


@given(st.lists(st.tuples(st.floats(NOON - 100, NOON + 100), st.floats(0.5, 3)), max_size=30))
def test_what_counts_is_in_order_and_complete(row):
    """Only what has lapsed is dropped; what would count too long counts as if spent now, in one entry."""
    row = sorted(dict(row).items())
    live_amount = live_usage(row, NOON, NOON + 61)
    assert live_amount == sorted(live_amount)
    assert len({end for end, _ in live_amount}) == len(live_amount)
    assert sum(amount for _, amount in live_amount) == pytest.approx(sum(amount for end, amount in row if end > NOON))


def test_a_row_stays_short():
    """However many calls a minute allows, what is written down of them is its steps."""
    rows: dict = {}
    for i in range(1000):
        assert charge(rows, [Quota("m", 1e6, "minute")], NOON + i * 0.06) is None
    assert len(rows["m"]) <= BUCKETS + 2


def test_costs_are_summed_without_drift():
    """Ten calls at a tenth each fill a budget of one, and no more fits."""
    row: dict = {}
    for _ in range(10):
        row |= try_charge(row, [Charge("b", 0.1, NOON + 60, 1.0)], NOON)
    assert isinstance(try_charge(row, [Charge("b", 0.1, NOON + 60, 1.0)], NOON), QuotaRefusal)


def test_a_call_that_costs_more_than_the_limit_is_told_to_wait():
    """It can never be let, and no wait is told that is none."""
    refused = try_charge({}, [Charge("b", 2.0, NOON + 60, 1.0)], NOON)
    assert isinstance(refused, QuotaRefusal) and refused.wait > 0


@pytest.mark.parametrize(("limit", "calls"), [(2.0, 0), (2.8, 1), (4.0, 1), (5.6, 1), (6.0, 1), (8.4, 1), (9.0, 2)])
def test_a_client_has_one_call_however_heavy(limit, calls):
    """Two thirds of four are less than a call that weighs 2.8; one is let all the same, if the whole limit lets it."""
    rows, heavy = {}, replace(WEATHER, cost=2.8)
    for _ in range(9):
        settled = try_charge(rows, charges_for([Quota("m", limit, "minute")], heavy, "192.0.2.1", NOON), NOON)
        rows = rows if isinstance(settled, QuotaRefusal) else settled
    assert sum(amount for _, amount in rows.get("m", [])) == pytest.approx(2.8 * calls)
