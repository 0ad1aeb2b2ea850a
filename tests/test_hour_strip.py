"""The strip of hours: what its columns are called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.web.view.hour_strip import label


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/New_York", "Atlantic/Azores"])
@pytest.mark.parametrize("twelve", [False, True])
def test_no_two_columns_of_a_night_have_one_label(zone, twelve):
    """The night in which summer time ends, in every language: 25 hours, 25 labels; another night has bare hours."""
    begin = datetime(2026, 10, 24 if zone != "America/New_York" else 31, 22, tzinfo=UTC)
    for told in map(language, LANGUAGES):
        reader = Formatter(told, SYSTEMS["metric"], twelve)
        night, other = (
            [(begin + timedelta(days=days, hours=n)).astimezone(ZoneInfo(zone)) for n in range(25)] for days in (0, 7)
        )
        assert len({label(hour, reader) for hour in night}) == 25
        assert [label(hour, reader) for hour in other] == [reader.hour(hour) for hour in other]


def test_half_hours_keep_their_minutes():
    """Lord Howe puts its clocks back by half an hour: "01:30" twice, told apart as on the clock."""
    reader = Formatter(language("en"), SYSTEMS["metric"])
    first = datetime(2027, 4, 4, 1, 30, tzinfo=ZoneInfo("Australia/Lord_Howe"))
    assert label(first, reader) == "01:30 summer time" != label(first.replace(fold=1), reader)
