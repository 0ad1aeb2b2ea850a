"""The circuit breaker: when it opens and for how long, which call is the probe, and what does not count."""

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
from weather.upstream.limits.circuit_breaker import (
    KEY,
    PRODUCT,
    Attempt,
    BreakerState,
    after_failure,
    after_success,
    dump_error,
    error_if_open,
    is_failure,
    load_error,
)

FAILED = UpstreamServerError(503)
REJECTED = KeyRejected(401, "application/json", b'{"cod":401}')


def failed(
    state: BreakerState, now: float, dice: float = 0.0, target_id: str = "any", is_probe: bool = True
) -> BreakerState:
    """A product's state after one more failure."""
    return after_failure(state, FAILED, now, PRODUCT, dice, Attempt(target_id, is_probe))


def after_calls(marks: str, apart: float = 1.0, start: float = NOON) -> tuple[BreakerState, float]:
    """The state of a product after these calls (F failed, S succeeded), and the time of the last."""
    state, now = BreakerState(), start - apart
    for i, mark in enumerate(marks):
        now += apart
        state = after_success(state, now, Attempt(str(i))) if mark == "S" else failed(state, now, target_id=str(i))
    return state, now


@pytest.mark.parametrize(
    ("marks", "is_open"),
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
def test_it_opens_after_five_in_a_row_or_half_of_five(marks, is_open):
    """5 failures in a row, or half of at least 5 calls, open a product's breaker; fewer do not (statement 45)."""
    state, now = after_calls(marks)
    assert state.is_open(now) is is_open
    assert (error_if_open(state, now) is not None) is is_open


def test_what_is_half_a_minute_old_does_not_count():
    """Five failures in a row, but never two within 30 s of each other: the breaker stays closed (statement 45)."""
    assert not after_calls("FFFFFFFF", apart=30.0)[0].openings
    assert after_calls("FFFFF", apart=7.4)[0].openings
    assert not after_calls("FFFFF", apart=7.6)[0].openings


def openings(dice: float, times: int) -> list[float]:
    """The lengths of the pauses when every probe fails."""
    state, now, found = *after_calls("FFFFF"), []
    for _ in range(times):
        found.append(state.open_until - now)
        now = state.open_until
        assert state.is_half_open(now)
        state = failed(state, now, dice)
    return found


def test_each_failed_probe_opens_it_for_longer():
    """5, 10, 20, 40, 60, 60 … seconds, and a fifth more at most by the dice (statement 46)."""
    expected = [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]
    assert openings(0.0, 7) == pytest.approx(expected)
    jittered = openings(1.0, 7)
    assert jittered[1:] == pytest.approx([seconds * 1.2 for seconds in expected[1:]])


def test_a_key_is_left_alone_from_its_first_failure():
    """1, 2, 4 … 60 seconds, without dice (statement 30)."""
    state, now, apart = BreakerState(), NOON, []
    for _ in range(9):
        state = after_failure(state, FAILED, now, KEY, 1.0, Attempt())
        apart.append(state.open_until - now)
        now = state.open_until
    assert apart == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])


def test_the_probe_that_succeeds_forgives_all():
    """After it one more failure is one, not the sixth; and the pauses begin anew (statements 36 and 46)."""
    state, _ = after_calls("FFFFF")
    now = state.open_until
    state = after_success(state, now, Attempt("probe"))
    assert (state.openings, state.recent) == (0, ((now, True, "probe"),))
    for i in range(3):
        state = failed(state, now + i, target_id=str(i))
        assert not state.openings
    state = failed(state, now + 3, target_id="3")  # four of five
    assert state.open_until == now + 3 + 5


def test_only_the_probe_decides():
    """A call that began before the breaker opened neither closes it by success nor lengthens it by failure (46)."""
    state, now = after_calls("FFFFF")
    assert after_success(state, now, Attempt(is_probe=False)) == state
    for later in (now + 1, state.open_until, state.open_until + 3):
        late = failed(state, later, is_probe=False)
        assert (late.openings, late.open_until, late.reason) == (1, state.open_until, "failing")


def test_401_opens_for_ten_minutes_and_repeats_its_body():
    """One rejection opens the breaker; the error holds the body of the 401 (statement 29, interface 7)."""
    state = after_failure(BreakerState(), REJECTED, NOON, PRODUCT, 1.0, Attempt())
    error = error_if_open(state, NOON + 599)
    assert isinstance(error, KeyPaused)
    assert (error.body, error.content_type, error.retry_after) == (b'{"cod":401}', "application/json", 1.0)
    assert error_if_open(state, NOON + 600) is None
    assert state.is_half_open(NOON + 600)


@pytest.mark.parametrize(("wait", "seconds"), [(None, 600), (1.0, 1), (7.0, 7), (3600.0, 3600), (1e9, 3600)])
def test_429_opens_for_as_long_as_it_says(wait, seconds):
    """A 429 opens the breaker at once for its Retry-After, else ten minutes, an hour at most (statements 42, 43)."""
    state = after_failure(BreakerState(), UpstreamRateLimited(429, wait=wait), NOON, PRODUCT, 1.0, Attempt())
    assert state.open_until == NOON + seconds
    assert state.reason == "rate_limited"


@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_429_that_says_to_wait_for_no_time_opens_all_the_same(wait):
    """`Retry-After: 0`, or a date that has just passed: 5 s, doubling up to a minute while it goes on (issue, 4)."""
    state, now, apart = BreakerState(), NOON, []
    for _ in range(6):
        state = after_failure(state, UpstreamRateLimited(429, wait=wait), now, PRODUCT, 0.0, Attempt())
        apart.append(state.open_until - now)
        now = state.open_until
    assert apart == pytest.approx([5, 10, 20, 40, 60, 60])


def test_one_key_that_fails_for_ever_opens_no_product():
    """However often it is asked, and however often it is tried again: of one key the latest outcome counts (102)."""
    state = BreakerState()
    for i in range(200):
        state = failed(state, NOON + i / 10, target_id="sick")
        assert not state.openings
    assert len(state.recent) == 1


@pytest.mark.parametrize("wait", [0.0, 1.0, 30.0, 3600.0])
def test_one_key_with_a_retry_after_opens_no_product(wait):
    """503 with Retry-After, at one key alone: it pauses that key for so long, and a product by several keys (102)."""
    error, state, key = UpstreamServerError(503, wait=wait), BreakerState(), BreakerState()
    for i in range(20):
        state = after_failure(state, error, NOON + i, PRODUCT, 0.0, Attempt("sick"))
        key = after_failure(key, error, NOON, KEY, 0.0, Attempt())
    assert not state.openings
    assert key.open_until >= NOON + max(wait, 1.0)
    for i in range(4):
        state = after_failure(state, error, NOON + 20, PRODUCT, 0.0, Attempt(str(i)))
    assert (state.open_until, state.reason) == (NOON + 20 + max(wait, 5.0), "retry_after")


def test_a_pause_that_is_long_over_is_forgotten():
    """Ten minutes after its end an open breaker is as one that never was: no crowd waits for one probe (46)."""
    state, _ = after_calls("FFFFF")
    assert not state.is_expired(state.open_until + 599)
    assert state.is_expired(state.open_until + 600)
    assert not BreakerState().is_expired(NOON)


def test_the_longer_order_holds():
    """Of two 429 that come together the longer wait holds, whichever comes last (statement 43)."""
    short, long = UpstreamRateLimited(429, wait=1.0), UpstreamRateLimited(429, wait=60.0)
    for first, second in ((short, long), (long, short)):
        state = after_failure(BreakerState(), first, NOON, PRODUCT, 0.0, Attempt("1"))
        state = after_failure(state, second, NOON + 0.1, PRODUCT, 0.0, Attempt("2", is_probe=False))
        assert state.open_until == pytest.approx(NOON + 60, abs=0.11)
        assert state.openings == 1


def test_a_401_holds_where_failures_had_opened_it():
    """A 401 that comes in while a product is paused for five seconds pauses it for ten minutes."""
    state, now = after_calls("FFFFF")
    state = after_failure(state, REJECTED, now + 1, PRODUCT, 0.0, Attempt(is_probe=False))
    assert (state.open_until, state.reason) == (now + 601, "key_rejected")


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
    """Paused for seconds, then the clock goes back: it is not paused for the whole of the step (statement 37)."""
    state, now = after_calls("FFFFF")
    assert not state.is_open(now + step)
    assert state.is_half_open(now + step)
    again = failed(state, now + step)
    assert again.open_until - (now + step) <= 60
    noted = failed(state, now + step, is_probe=False)
    assert not noted.is_open(now + step)


def test_a_clock_that_is_set_forward_ends_it():
    """An hour ahead every pause is over, and a probe goes (statement 37)."""
    state, now = after_calls("FFFFF")
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
    """What another worker met is raised here with the same class, status, body, token and wait."""
    again = load_error(dump_error(error))
    assert type(again) is type(error)
    for name in (
        "status",
        "code",
        "upstream_status",
        "detail",
        "retry_after",
        "body",
        "content_type",
        "has_retry_after",
    ):
        assert getattr(again, name, None) == getattr(error, name, None)


def subclasses(kind: type[UpstreamError]) -> set[type[UpstreamError]]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


OF_ERRORS = sorted(
    (kind for kind in subclasses(UpstreamError) if kind.__module__ == UpstreamError.__module__),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", OF_ERRORS)
def test_every_class_of_upstream_errors_survives_being_stored(kind):
    """Each class has a code of its own, whatever it is called; a new class without one is stored as its base."""
    error = kind(503) if issubclass(kind, UpstreamStatus) else kind("words")
    assert type(load_error(dump_error(error))) is kind


def test_a_class_of_errors_without_a_code_is_stored_as_its_base():
    """A provider's own error comes back as the nearest class that has a code."""
    own = type("Own", (UpstreamTimeout,), {})
    assert type(load_error(dump_error(own("slow")))) is UpstreamTimeout


@pytest.mark.parametrize("code", ["os", "WeatherError", "Offline", "status", "", "__builtins__"])
def test_a_stored_failure_names_no_other_class(code):
    """What is read from the store makes an error of upstream, whatever it says."""
    failure = dump_error(FAILED)
    assert type(load_error(type(failure)(code))) is UpstreamError
    assert isinstance(load_error(type(failure)(code, 503)), UpstreamStatus)


def naive_trips(marks: list[tuple[float, bool, str]], now: float) -> bool:
    """The rule in the words of the statement, over the latest call of each key since it last opened."""
    within = [succeeded for at, succeeded, _ in marks if now - at < 30]
    return within[-5:] == [False] * 5 or (len(within) >= 5 and within.count(False) * 2 >= len(within))


APART = st.sampled_from([0.0, 0.1, 1.0, 3.0, 7.0, 31.0])
STEPS = st.lists(st.tuples(APART, st.booleans(), st.sampled_from("abcdefghij")), max_size=25)


@given(STEPS)
def test_it_opens_exactly_when_the_rule_says(steps):
    """Any calls: the breaker opens at the failure by which the rule holds, and not before (statement 45)."""
    state, now, marks = BreakerState(), NOON, []
    for apart, succeeded, target_id in steps:
        now += apart
        marks = [mark for mark in marks if mark[2] != target_id] + [(now, succeeded, target_id)]
        state = after_success(state, now, Attempt(target_id)) if succeeded else failed(state, now, 0.5, target_id)
        assert state.is_open(now) is (not succeeded and naive_trips(marks, now))
        if state.is_open(now):
            return


EVENTS = st.lists(
    st.tuples(
        st.floats(-4000, 4000), st.sampled_from([None, *ERRORS[:5]]), st.booleans(), st.floats(0, 1, exclude_max=True)
    ),
    max_size=30,
)


@pytest.mark.slow
@given(EVENTS, st.sampled_from([KEY, PRODUCT]))
def test_whatever_comes_it_ends(events, policy):
    """Any calls under any steps of the clock: never open for more than an hour from now, and bounded (37, 47)."""
    state, now = BreakerState(), NOON
    for step, error, is_probe, dice in events:
        now += step
        if error is None:
            state = after_success(state, now, Attempt(str(dice), is_probe))
        else:
            state = after_failure(state, error, now, policy, dice, Attempt(str(dice), is_probe))
        error = error_if_open(state, now)
        assert error is None or 0 < error.retry_after <= 3600
        assert len(state.recent) <= 20


@pytest.mark.slow
@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=12))
def test_the_pauses_never_shrink(dice):
    """While every probe fails each pause is as long as the one before, but for the dice, and within 72 s (46)."""
    state, now = after_calls("FFFFF")
    pauses = []
    for one in dice:
        now = state.open_until
        state = failed(state, now, one)
        pauses.append(state.open_until - now)
    assert all(later >= earlier / 1.2 - 1e-6 for earlier, later in pairwise(pauses))
    assert max(pauses) <= 72
