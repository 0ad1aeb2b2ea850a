"""The settings: what is read, what is refused, what is hidden."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.settings import Settings, SettingsError, dotenv, duration, load, size

NOWHERE = Path("/nonexistent")


def test_the_defaults_are_those_of_the_interface():
    """Without any variable: the usual origins, kept on disk, three days of old answers, eight seconds."""
    found = load({}, NOWHERE)
    assert found.api_key is None
    assert found.upstream_url == "https://api.openweathermap.org"
    assert found.tiles_url == "https://tile.openweathermap.org"
    assert (found.provider, found.openmeteo_url, found.openmeteo_air_url) == (
        "auto",
        "https://api.open-meteo.com",
        "https://air-quality-api.open-meteo.com",
    )
    assert (found.plan, found.calls_per_minute, found.calls_per_month, found.onecall_per_day) == (
        "auto",
        60,
        1_000_000,
        1000,
    )
    assert (found.fresh_for, found.stale_for, found.timeout, found.offline) == (None, 259_200, 8, False)
    assert (found.cache.kind, found.cache.limit) == ("disk", 512 * 2**20)
    assert (found.home, found.units, found.access_keys, found.trusted_proxies) == (None, None, (), ())
    assert (found.root_path, found.log) == ("", "text")


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("45s", 45), ("10m", 600), ("6h", 21_600), ("3d", 259_200)]
)
def test_durations(text, seconds):
    """The five units of the interface."""
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "s", "1.5h", "-1s", "0s", "1 h", "1w", "１s", "9" * 30 + "d"])
def test_what_is_no_duration(text):
    """Anything else is refused."""
    with pytest.raises(ValueError, match="duration"):
        duration(text)


def test_sizes():
    """64MB and 2GB in bytes."""
    assert (size("64MB"), size("2GB"), size("1KB")) == (67_108_864, 2_147_483_648, 1024)


REFUSED = {
    "WEATHER_FRESH_FOR": "soon",
    "WEATHER_CALLS_PER_MINUTE": "0",
    "WEATHER_UPSTREAM_URL": "ftp://x",
    "WEATHER_TILES_URL": "https://user:pw@host",
    "WEATHER_PLAN": "gold",
    "WEATHER_CACHE_URL": "disk:///x?size=1",
    "WEATHER_DATABASE_URL": "mysql://x",
    "WEATHER_OFFLINE": "maybe",
    "WEATHER_UNITS": "imperial",
    "WEATHER_TRUSTED_PROXIES": "localhost",
    "WEATHER_ROOT_PATH": "weather",
    "WEATHER_LOG": "xml",
    "WEATHER_TIMEOUT": "8",
    "WEATHER_STALE_FOR": "3 days",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_value_that_does_not_parse_is_named(name):
    """One line: the setting, the value, what is allowed."""
    with pytest.raises(SettingsError) as refused:
        load({name: REFUSED[name]}, NOWHERE)
    told = str(refused.value)
    assert told.startswith(f"{name} is ")
    assert "allowed" in told
    assert "\n" not in told
    assert name == "WEATHER_DATABASE_URL" or REFUSED[name] in told


def test_an_unknown_name_stops_the_start():
    """A misspelt WEATHER_ variable is told, whatever its value."""
    with pytest.raises(SettingsError, match="WEATHER_FRESHFOR is not a setting"):
        load({"WEATHER_FRESHFOR": "1h"}, NOWHERE)


def test_the_environment_beats_the_file(tmp_path):
    """.env gives what the environment does not; quotes, comments and `export` are understood."""
    lines = ["# a comment", "export WEATHER_UNITS='us'", 'WEATHER_HOME="London, GB"', "OPENWEATHERMAP_API_KEY=abc"]
    (tmp_path / ".env").write_text("\n".join([*lines, "WEATHER_LOG=json", "OTHER=1"]))
    found = load({"WEATHER_LOG": "text"}, tmp_path)
    assert (found.units, found.home, found.api_key, found.log) == ("us", "London, GB", "abc", "text")


def test_an_empty_value_is_the_default():
    """As compose files pass unset variables."""
    assert load({"WEATHER_LOG": "", "OPENWEATHERMAP_API_KEY": ""}, NOWHERE) == load({}, NOWHERE)


def test_the_key_may_stand_in_a_file(tmp_path):
    """OPENWEATHERMAP_API_KEY_FILE names it; one that cannot be read is told."""
    (tmp_path / "key").write_text("abc\n")
    assert load({"OPENWEATHERMAP_API_KEY_FILE": str(tmp_path / "key")}, NOWHERE).api_key == "abc"
    with pytest.raises(SettingsError, match="OPENWEATHERMAP_API_KEY_FILE"):
        load({"OPENWEATHERMAP_API_KEY_FILE": str(tmp_path / "none")}, NOWHERE)


def test_secrets_are_not_in_the_repr():
    """Neither key, nor access keys, nor database or Redis passwords."""
    found = load(
        {
            "OPENWEATHERMAP_API_KEY": "secret1",
            "WEATHER_ACCESS_KEYS": "secret2",
            "WEATHER_DATABASE_URL": "postgresql://u:secret3@h/d",
            "WEATHER_CACHE_URL": "redis://:secret4@h:1/0",
        },
        NOWHERE,
    )
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("memory:", "memory"),
        ("redis://h:6379/0", "redis"),
        ("rediss://h", "redis"),
        ("unix:///run/redis.sock", "redis"),
        ("disk:", "disk"),
    ],
)
def test_cache_locations(text, kind):
    """The forms of WEATHER_CACHE_URL."""
    assert load({"WEATHER_CACHE_URL": text}, NOWHERE).cache.kind == kind


def test_a_disk_location_with_a_limit():
    """Folder and size."""
    found = load({"WEATHER_CACHE_URL": "disk:///var/cache/w?limit=64MB"}, NOWHERE).cache
    assert (found.folder, found.limit) == (Path("/var/cache/w"), 64 * 2**20)


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_]{1,20}", fullmatch=True),
        st.text(max_size=40).filter(lambda t: "\n" not in t and "\r" not in t),
    )
)
def test_dotenv_never_fails(tmp_path_factory, variables):
    """Any file gives some variables, or none."""
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text("\n".join(f"{name}={value}" for name, value in variables.items()), "utf-8")
    assert dotenv(path).keys() <= variables.keys() | set()


def test_every_setting_has_its_help():
    """Each field knows its variable, its reader and its line of help."""
    for field in Settings.__dataclass_fields__.values():
        assert field.metadata["name"].isupper()
        assert field.metadata["help"]
