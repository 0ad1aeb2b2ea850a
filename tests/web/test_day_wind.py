"""When a day's strongest wind blows."""

from dataclasses import replace
from datetime import UTC

import pytest
from test_precipitation import step

from weather.domain.daily import days
from weather.domain.model import Coordinates
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.view.day_wind import windiest_hours

READER = Formatter(language("en"), SYSTEMS["metric"])


def told(*winds: tuple[float | None, float | None], own: float | None = None) -> str:
    """What is said of a day of hours from 10:00 on with these winds and gusts in m/s; `own`: its number, if another."""
    steps = [step(hour, 0.0, 800, wind_speed=wind, wind_gust=gust) for hour, (wind, gust) in enumerate(winds, 10)]
    (day,) = days(steps, Coordinates(51.51, -0.13), UTC)
    return " ".join(windiest_hours(replace(day, wind_speed_max=own) if own else day, steps, READER).split())


@pytest.mark.parametrize(
    ("winds", "text"),
    [
        ([(2.5, 4.0), (5.0, 10.0), (3.0, 5.0)], "Wind up to 18 km/h at 11:00. Gusts up to 36 km/h at 11:00."),
        ([(2.5, 12.5), (5.0, 10.0)], "Wind up to 18 km/h at 11:00. Gusts up to 45 km/h at 10:00."),
        ([(2.5, None), (5.0, None)], "Wind up to 18 km/h at 11:00."),
        ([(None, None)], ""),
        ([(0.0, 0.0)], ""),
    ],
)
def test_the_hour_of_the_strongest_wind(winds, text):
    """Mean and gust each at its own hour; nothing is said of what is not known."""
    assert told(*winds) == text


def test_a_number_of_which_no_hour_tells_has_no_hour():
    """The day's own maximum is above all its hours: at none of them did it blow."""
    assert told((2.5, None), (5.0, None), own=7.5) == ""
