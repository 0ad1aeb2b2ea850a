"""The gate: when it closes and for how long, who goes through when it is half-open, and what does not count."""

from itertools import pairwise

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from weather.errors import (
    KeyPaused,
    KeyRejected,
    UntrustedUpstream,
    UpstreamError,
    UpstreamInvalid,
    UpstreamRateLimited,
    UpstreamServerError,
    UpstreamStatus,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from weather.upstream.circuit_breaker import (
    KEY,
    PRODUCT,
    BreakerState,
    after_failure,
    after_success,
    error_of,
    failure_of,
    is_failure,
    refusal,
)

FAILED = UpstreamServerError(503)
REJECTED = KeyRejected(401, "application/json", b'{"cod":401}')


def failed(
    state: BreakerState, now: float, dice: float = 0.0, whose: str = "any", decides: bool = True
) -> BreakerState:
    """A product's state after one more failure."""
    return after_failure(state, FAILED, now, PRODUCT, dice, whose, decides)


def told(marks: str, apart: float = 1.0, start: float = NOON) -> tuple[BreakerState, float]:
    """The state of a product after these calls (F failed, S succeeded), and the time of the last."""
    state, now = BreakerState(), start - apart
    for i, mark in enumerate(marks):
        now += apart
        state = after_success(state, now, str(i)) if mark == "S" else failed(state, now, whose=str(i))
    return state, now


@pytest.mark.parametrize(
    ("marks", "closed"),
    [
        ("FFFF", False),
        ("FFFFF", True),
        ("SSFFF", True),  # three of five
        ("SSFFS", False),
        ("SFFSSF", True),  # three of six: half
        ("SSSSSSSFFFF", False),  # four of eleven
        ("SSSSSSSFFFFF", True),  # five in a row
        ("FSFS", False),  # half, but of four
        ("SFSFS", False),
    ],
)
def test_it_closes_after_five_in_a_row_or_half_of_five(marks, closed):
    """5 failures in a row, or half of at least 5 calls, close a product; fewer do not (statement 45)."""
    state, now = told(marks)
    assert state.is_open(now) is closed
    assert (refusal(state, now) is not None) is closed


def test_what_is_half_a_minute_old_does_not_count():
    """Five failures in a row, but never two within 30 s of each other: the gate stays open (statement 45)."""
    assert not told("FFFFFFFF", apart=30.0)[0].openings
    assert told("FFFFF", apart=7.4)[0].openings
    assert not told("FFFFF", apart=7.6)[0].openings


def openings(dice: float, times: int) -> list[float]:
    """For how long a product is closed each time when every probe fails."""
    state, now, found = *told("FFFFF"), []
    for _ in range(times):
        found.append(state.until - now)
        now = state.until
        assert state.is_half_open(now)
        state = failed(state, now, dice)
    return found


def test_each_failed_probe_closes_it_for_longer():
    """5, 10, 20, 40, 60, 60 … seconds, and a fifth more at most by the dice (statement 46)."""
    expected = [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]
    assert openings(0.0, 7) == pytest.approx(expected)
    jittered = openings(1.0, 7)
    assert jittered[1:] == pytest.approx([seconds * 1.2 for seconds in expected[1:]])


def test_a_key_is_left_alone_from_its_first_failure():
    """1, 2, 4 … 60 seconds, without dice (statement 30)."""
    state, now, apart = BreakerState(), NOON, []
    for _ in range(9):
        state = after_failure(state, FAILED, now, KEY, 1.0, "")
        apart.append(state.until - now)
        now = state.until
    assert apart == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])


def test_the_probe_that_succeeds_forgives_all():
    """After it one more failure is one, not the sixth; and the pauses begin anew (statements 36 and 46)."""
    state, _ = told("FFFFF")
    now = state.until
    state = after_success(state, now, "probe")
    assert (state.openings, state.recent) == (0, ((now, True, "probe"),))
    for i in range(3):
        state = failed(state, now + i, whose=str(i))
        assert not state.openings
    state = failed(state, now + 3, whose="3")  # four of five
    assert state.until == now + 3 + 5


def test_only_the_probe_decides():
    """A call that left before the gate closed opens it by no success and lengthens it by no failure (46)."""
    state, now = told("FFFFF")
    assert after_success(state, now, "", decides=False) == state
    for later in (now + 1, state.until, state.until + 3):
        late = failed(state, later, decides=False)
        assert (late.openings, late.until, late.why) == (1, state.until, "failing")


def test_401_closes_for_ten_minutes_and_repeats_its_body():
    """One rejection closes the product; the refusal holds the body of the 401 (statement 29, interface 7)."""
    state = after_failure(BreakerState(), REJECTED, NOON, PRODUCT, 1.0, "")
    refused = refusal(state, NOON + 599)
    assert isinstance(refused, KeyPaused)
    assert (refused.body, refused.content_type, refused.retry_after) == (b'{"cod":401}', "application/json", 1.0)
    assert refusal(state, NOON + 600) is None
    assert state.is_half_open(NOON + 600)


@pytest.mark.parametrize(("wait", "seconds"), [(None, 600), (1.0, 1), (7.0, 7), (3600.0, 3600), (1e9, 3600)])
def test_429_closes_for_as_long_as_it_says(wait, seconds):
    """A 429 closes at once for its Retry-After, ten minutes without one, an hour at most (statements 42 and 43)."""
    state = after_failure(BreakerState(), UpstreamRateLimited(429, wait=wait), NOON, PRODUCT, 1.0, "")
    assert state.until == NOON + seconds
    assert state.why == "blocked"


@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_429_that_says_to_wait_for_no_time_closes_all_the_same(wait):
    """`Retry-After: 0`, or a date that has just passed: 5 s, doubling up to a minute while it goes on (issue, 4)."""
    state, now, apart = BreakerState(), NOON, []
    for _ in range(6):
        state = after_failure(state, UpstreamRateLimited(429, wait=wait), now, PRODUCT, 0.0, "")
        apart.append(state.until - now)
        now = state.until
    assert apart == pytest.approx([5, 10, 20, 40, 60, 60])


def test_one_key_that_fails_for_ever_closes_no_product():
    """However often it is asked, and however often it is tried again: of one key the latest outcome counts (102)."""
    state = BreakerState()
    for i in range(200):
        state = failed(state, NOON + i / 10, whose="sick")
        assert not state.openings
    assert len(state.recent) == 1


@pytest.mark.parametrize("wait", [0.0, 1.0, 30.0, 3600.0])
def test_one_key_that_is_told_to_wait_closes_no_product(wait):
    """503 with Retry-After, at one key alone: it closes that key for so long, and a product by several keys (102)."""
    error, state, key = UpstreamServerError(503, wait=wait), BreakerState(), BreakerState()
    for i in range(20):
        state = after_failure(state, error, NOON + i, PRODUCT, 0.0, "sick")
        key = after_failure(key, error, NOON, KEY, 0.0, "")
    assert not state.openings
    assert key.until >= NOON + max(wait, 1.0)
    for i in range(4):
        state = after_failure(state, error, NOON + 20, PRODUCT, 0.0, str(i))
    assert (state.until, state.why) == (NOON + 20 + max(wait, 5.0), "told")


def test_a_pause_that_is_long_over_is_forgotten():
    """Ten minutes after its end a closed gate is as one that never was: no crowd waits for one probe (46)."""
    state, _ = told("FFFFF")
    assert not state.is_forgotten(state.until + 599)
    assert state.is_forgotten(state.until + 600)
    assert not BreakerState().is_forgotten(NOON)


def test_the_longer_order_holds():
    """Of two 429 that come together the longer wait holds, whichever comes last (statement 43)."""
    short, long = UpstreamRateLimited(429, wait=1.0), UpstreamRateLimited(429, wait=60.0)
    for first, second in ((short, long), (long, short)):
        state = after_failure(BreakerState(), first, NOON, PRODUCT, 0.0, "1")
        state = after_failure(state, second, NOON + 0.1, PRODUCT, 0.0, "2", decides=False)
        assert state.until == pytest.approx(NOON + 60, abs=0.11)
        assert state.openings == 1


def test_an_order_holds_where_failures_had_closed_it():
    """A 401 that comes in while a product is closed for five seconds closes it for ten minutes."""
    state, now = told("FFFFF")
    state = after_failure(state, REJECTED, now + 1, PRODUCT, 0.0, "", decides=False)
    assert (state.until, state.why) == (now + 601, "key")


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (None, False),
        (UpstreamStatus(400), False),
        (UpstreamStatus(403), False),
        (UpstreamStatus(422), False),
        (KeyRejected(401), False),
        (UpstreamRateLimited(429), False),
        (UpstreamStatus(302), True),
        (UpstreamServerError(500), True),
        (UpstreamInvalid("garbage"), True),
        (UpstreamTimeout("slow"), True),
        (UpstreamUnreachable("refused"), True),
        (UntrustedUpstream("certificate"), True),
    ],
)
def test_a_4xx_is_no_failure(error, counts):
    """Health is doubted by 5xx, redirects, garbage and silence, never by a 4xx (statement 48)."""
    assert is_failure(error) is counts


@pytest.mark.parametrize("step", [-3600.0, -1800.0, -60.0, -1.0])
def test_a_clock_that_is_set_back_holds_nobody_up(step):
    """Closed for seconds, then the clock goes back: it is not closed for the whole of the step (statement 37)."""
    state, now = told("FFFFF")
    assert not state.is_open(now + step)
    assert state.is_half_open(now + step)
    again = failed(state, now + step)
    assert again.until - (now + step) <= 60
    noted = failed(state, now + step, decides=False)
    assert not noted.is_open(now + step)


def test_a_clock_that_is_set_forward_ends_it():
    """An hour ahead every pause is over, and a probe goes (statement 37)."""
    state, now = told("FFFFF")
    assert state.is_half_open(now + 3600)


ERRORS = [
    FAILED,
    UpstreamServerError(503, "text/html", b"<p>", 9.0),
    REJECTED,
    UpstreamRateLimited(429),
    UpstreamRateLimited(429, "application/json", b"{}", 5.0),
    UpstreamStatus(404, "text/html", b"x"),
    UpstreamInvalid("garbage"),
    UpstreamTimeout("slow"),
    UpstreamUnreachable("refused"),
    UntrustedUpstream("certificate"),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_survives_being_stored(error):
    """What another worker met is told here with the same class, status, body, token and wait."""
    again = error_of(failure_of(error))
    assert type(again) is type(error)
    for name in ("status", "code", "upstream_status", "detail", "retry_after", "body", "content_type", "told_to_wait"):
        assert getattr(again, name, None) == getattr(error, name, None)


@pytest.mark.parametrize("kind", ["os", "WeatherError", "Offline", "UpstreamStatus", "", "__builtins__"])
def test_a_stored_failure_names_no_other_class(kind):
    """What is read from the store makes an error of upstream, whatever it says."""
    failure = failure_of(FAILED)
    assert type(error_of(type(failure)(kind))) is UpstreamError
    assert isinstance(error_of(type(failure)(kind, 503)), UpstreamStatus)


def naive_trips(marks: list[tuple[float, bool, str]], now: float) -> bool:
    """The rule in the words of the statement, over the latest call of each key since it last opened."""
    within = [succeeded for at, succeeded, _ in marks if now - at < 30]
    return within[-5:] == [False] * 5 or (len(within) >= 5 and within.count(False) * 2 >= len(within))


APART = st.sampled_from([0.0, 0.1, 1.0, 3.0, 7.0, 31.0])
STEPS = st.lists(st.tuples(APART, st.booleans(), st.sampled_from("abcdefghij")), max_size=25)


@given(STEPS)
def test_it_closes_exactly_when_the_rule_says(steps):
    """Any calls: the gate closes at the failure by which the rule holds, and not before (statement 45)."""
    state, now, marks = BreakerState(), NOON, []
    for apart, succeeded, whose in steps:
        now += apart
        marks = [mark for mark in marks if mark[2] != whose] + [(now, succeeded, whose)]
        state = after_success(state, now, whose) if succeeded else failed(state, now, 0.5, whose)
        assert state.is_open(now) is (not succeeded and naive_trips(marks, now))
        if state.is_open(now):
            return


EVENTS = st.lists(
    st.tuples(
        st.floats(-4000, 4000), st.sampled_from([None, *ERRORS[:5]]), st.booleans(), st.floats(0, 1, exclude_max=True)
    ),
    max_size=30,
)


@given(EVENTS, st.sampled_from([KEY, PRODUCT]))
def test_whatever_comes_it_opens_again(events, rule):
    """Any calls under any steps of the clock: never closed for more than an hour from now, and bounded (37, 47)."""
    state, now = BreakerState(), NOON
    for step, error, decides, dice in events:
        now += step
        if error is None:
            state = after_success(state, now, str(dice), decides)
        else:
            state = after_failure(state, error, now, rule, dice, str(dice), decides)
        refused = refusal(state, now)
        assert refused is None or 0 < refused.retry_after <= 3600
        assert len(state.recent) <= 20


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=12))
def test_the_pauses_never_shrink(dice):
    """While every probe fails each pause is as long as the one before, but for the dice, and within 72 s (46)."""
    state, now = told("FFFFF")
    pauses = []
    for one in dice:
        now = state.until
        state = failed(state, now, one)
        pauses.append(state.until - now)
    assert all(later >= earlier / 1.2 - 1e-6 for earlier, later in pairwise(pauses))
    assert max(pauses) <= 72
