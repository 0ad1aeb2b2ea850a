"""The next hour as a drawing: geometry read back from its paths."""

import re
from datetime import datetime

import pytest
from states import minutes, quarters, report, shown

from weather.web.view.minutely_chart import FOOT, FULL, TOP, shower


def drawn(*amounts):
    return shower(minutes(*amounts), "{:%H:%M}".format)


def bars(drawing) -> dict[float, float]:
    """Height by place."""
    found = re.findall(r"M(\S+) \S+V([\d.]+)", drawing.bars)
    return {float(x): FOOT - float(y) for x, y in found}


def test_only_a_wet_hour_is_drawn():
    """None where it is dry, or where nothing is known."""
    assert drawn(*[0.0] * 60) is None
    assert drawn(*[None] * 60) is None
    assert drawn() is None


def test_a_bar_stands_at_its_minute_and_is_as_high_as_the_root_of_what_falls():
    """A quarter of the full intensity reaches half the height; more than the full one stays on the paper."""
    found = bars(drawn(0.0, FULL / 4, 0.0, FULL, 5 * FULL))
    assert found == pytest.approx({9.0: (FOOT - TOP) / 2, 21.0: FOOT - TOP, 27.0: FOOT - TOP}, abs=0.05)


def test_an_unknown_minute_has_no_ground():
    """A dry minute has a piece of the axis, an unknown one a gap."""
    drawing = drawn(1.0, None, 0.0)
    assert re.findall(r"M(\S+) ", drawing.axis) == ["0", "12"]


def test_the_paper_ends_above_the_highest_bar():
    """Drizzle leaves no empty half; the scale is the same."""
    low, high = drawn(0.0, FULL / 16), drawn(0.0, FULL)
    assert (low.top, high.top) == ((FOOT - TOP) * 3 / 4, 0)
    assert low.top + low.height == high.top + high.height > FOOT


def test_a_quarter_hour_is_drawn_as_wide_as_its_minutes_would_be_closer():
    """Eight bars' ground, a time under every second, and as high by the hour as a minute of the same rate."""
    drawing = shower(quarters(0.0, FULL / 4, None, 0.04, *[0.0] * 4), "{:%H:%M}".format)
    traces = (FOOT - TOP) * (0.04 / FULL) ** 0.5
    assert bars(drawing) == pytest.approx({67.5: (FOOT - TOP) / 2, 157.5: traces}, abs=0.05)
    assert re.findall(r"M(\S+) ", drawing.axis) == ["0", "45", "135", "180", "225", "270", "315"]
    clocks = {one.x: one.text for one in drawing.clocks}
    assert clocks == {0: "14:15", 90: "14:45", 180: "15:15", 270: "15:45"}
    assert (drawing.width, drawing.is_by_quarters) == (360, True)
    assert shower(quarters(0.09, 0.09), "{:%H:%M}".format) is None


def test_times_are_told_by_the_quarter():
    """Those of the minutes themselves, from the first on."""
    drawing = drawn(*[0.5] * 61)
    assert [one.text for one in drawing.clocks] == ["14:25", "14:40", "14:55", "15:10"]
    assert [one.x for one in drawing.clocks] == [0, 90, 180, 270]
    assert shower([], datetime.isoformat) is None


def test_the_page_draws_it_when_wet_and_not_when_dry():
    """Named by its sentence, which stands beside it."""
    wet, dry = (shown(report(nowcast=minutes(*[told] * 61))) for told in (0.8, 0.0))
    assert 'class="shower"' in wet
    assert 'aria-label="Rain for the whole hour."' in wet
    assert 'class="shower"' not in dry
