"""The settings: what is read, what is refused, what is hidden."""

import os
import time
from pathlib import Path
from pwd import getpwuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.settings import Settings, SettingsError, load
from weather.settings.dotenv import DotenvError, dotenv
from weather.settings.locations import user_folder
from weather.settings.values import duration, masked, size

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
    assert REFUSED[name].replace("user:pw", "***") in told


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
    ("name", "secret"),
    [
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("https://user:geheim@vault/key", "geheim"),
        ("redis://:geheim@vault", "geheim"),
        ("/run/key\nWEATHER_PORT=1", "\n"),
        ("k" * 100_000, "k" * 201),
    ],
    ids=["a key", "an address", "another", "two lines", "long"],
)
def test_what_stands_for_a_key_file_by_mistake_is_not_printed(name, secret):
    """The key itself, an address with a password: one line, in which it is not (issue, 8)."""
    with pytest.raises(SettingsError, match=r"^OPENWEATHERMAP_API_KEY_FILE is .*; allowed: a readable file") as told:
        load({"OPENWEATHERMAP_API_KEY_FILE": name}, NOWHERE)
    assert secret not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_key_file_without_end_is_read_to_a_bound():
    """A device that never ends does not fill the memory."""
    assert len(load({"OPENWEATHERMAP_API_KEY_FILE": "/dev/zero"}, NOWHERE).api_key) <= 4096


@pytest.mark.parametrize("name", ["WEATHER_UPSTREAM_URL", "WEATHER_CACHE_URL", "WEATHER_DATABASE_URL"])
def test_a_value_without_end_is_refused_at_once(name):
    """To look for passwords in it takes no longer than its length does."""
    began = time.process_time()
    with pytest.raises(SettingsError) as told:
        load({name: "x" * 20_000}, NOWHERE)
    assert time.process_time() - began < 2
    assert len(str(told.value)) < 500


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("memory:", "memory"),
        ("redis://h:6379/0", "redis"),
        ("rediss://h", "redis"),
        ("unix:///run/redis.sock", "redis"),
        ("valkey://u:p@h:6379/0", "redis"),
        ("valkeys://h", "redis"),
        ("disk:", "disk"),
    ],
)
def test_cache_locations(text, kind):
    """The forms of WEATHER_CACHE_URL."""
    assert load({"WEATHER_CACHE_URL": text}, NOWHERE).cache.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "redis+sentinel://h:26379/mymaster/0",
        "rediss-sentinel://:geheim@h",
        "sentinel://h:26379",
        "redis+cluster://h:7000",
        "redis://a:7000,b:7001/0",
        "valkey+cluster://a",
    ],
)
def test_redis_is_one_server(text):
    """The start says in one line that Sentinel and Cluster are not for it."""
    with pytest.raises(SettingsError, match=r"one server.*Sentinel and Cluster are not supported") as refusal:
        load({"WEATHER_CACHE_URL": text}, NOWHERE)
    assert "geheim" not in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_valkey_is_spoken_to_as_a_redis():
    found = load({"WEATHER_CACHE_URL": "valkeys://u:p@h:1/2"}, NOWHERE).cache
    assert found.url == "rediss://u:p@h:1/2"


def test_a_disk_location_with_a_limit():
    """Folder and size."""
    found = load({"WEATHER_CACHE_URL": "disk:///var/cache/w?limit=64MB"}, NOWHERE).cache
    assert (found.folder, found.limit) == (Path("/var/cache/w"), 64 * 2**20)


ODD = ["NaN", "nan", "inf", "-inf", "Infinity", "1e400", "1e1", "1_0", "9" * 150]
"""What Python reads as a number, and no setting means."""

FAIL_LATER = {
    "WEATHER_CONTACT": [
        "me",
        "me@",
        "me(you)@example.org",
        "m\\e@example.org",
        "mé@example.org",
        "a@b.c\r\nx: y",
        "x" * 200 + "@b.c",
        "https://me:secret@example.org/",
    ],
    "WEATHER_UPSTREAM_URL": [
        "http://localhost:abc",
        "http://127.0.0.1:99999",
        "http://x:0",
        "http://x:-1",
        "http://x:",
        "http://[::1",
        "http://[fe80::1%25lo]",
        "http://a..b",
        "http://1.2.3.400",
        "http://1-2-3-4",
        "http://a b",
        "http://x\\y",
        "http://x#",
        "http://x?",
        "http://" + "a" * 64,
        "http://user:geheim@x/",
        "http://:geheim@[x/",
        "https://x/?appid=geheim",
    ],
    "WEATHER_CACHE_URL": [
        "redis://localhost:abc",
        "redis://localhost:99999/0",
        "redis://u:geheim@[x/",
        "redis://u:ge@heim/@h:abc",
        "redis://:geheim@h:0",
        "redis://h/zero",
        "redis://h/0?socket_timeout=abc",
        "redis://h/0?password=geheim",
        "rediss://h?ssl_cert_reqs=perhaps",
        "redis://",
        "unix://",
        "memcached://:geheim@x",
        "disk:///x?limit=1KB",
        "disk:///x?limit=",
        "disk:///x#y",
        "disk:///?limit=64MB",
        "disk://u:geheim@x/y",
        "memory:x",
    ],
    "WEATHER_DATABASE_URL": [
        "postgresql://u@h:abc/db",
        "postgresql://u:geheim@h:99999/db",
        "postgresql://u:ge#heim@h/db",
        "postgresql://u:geheim@[x/db",
        "postgresql://",
        "mysql://u:geheim@x/y",
        "sqlite:///:memory:",
        "sqlite:///x?mode=ro",
        *(f"postgresql://u:geheim@h/d?connect_timeout={odd}" for odd in ("-1", *ODD)),
        *(f"postgresql://u:geheim@h:{odd}/d" for odd in ODD),
    ],
    "WEATHER_HOME": [
        "99,999",
        "91,0",
        "0,-180.1",
        " ",
        "x" * 201,
        *(f"{odd},1" for odd in ODD),
        *(f"1;{odd}" for odd in ODD),
    ],
    "WEATHER_FRESH_FOR": ["999999999d", "3651d", *(f"{odd}s" for odd in ODD)],
    "WEATHER_STALE_FOR": [f"{odd}d" for odd in ODD],
    "WEATHER_TIMEOUT": [f"{odd}ms" for odd in ODD],
    "WEATHER_CALLS_PER_MINUTE": ["0", "1.5", "-1", *ODD],
    "WEATHER_CALLS_PER_MONTH": ODD,
    "WEATHER_ONECALL_PER_DAY": ODD,
    "WEATHER_ACCESS_KEYS": [",", " , ,", " ", *(f"name:geheim:{odd}%" for odd in ("0", "101", *ODD))],
    "WEATHER_TRUSTED_PROXIES": [",", *(f"10.0.0.0/{odd}" for odd in ODD)],
    "WEATHER_PROXY": [f"http://u:geheim@h:{odd}" for odd in ODD],
    "WEATHER_ROOT_PATH": ["/..", "/a/../b", "/./a"],
    "OPENWEATHERMAP_API_KEY": [" "],
    "WEATHER_UNITS": ["\udcff"],
    "WEATHER_EMBED_ORIGINS": ["*", "https://a.example/page", "a.example", "https://a.example; x", ","],
    "WEATHER_RADAR_URL": ["radar.example", "javascript:alert(1)", "https://r.example/{zoom}", "https://r.example/{lat"],
    "WEATHER_PUBLIC_URL": [
        "w.example",
        "ftp://w.example",
        "https://",
        "https://u:geheim@w.example",
        "https://w.example/?x",
        "https://w.example/#x",
        "https://w.example/a b",
        "https://w.example/../x",
        "https://w.example:99999",
        "https://w.example//",
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FAIL_LATER.items() for text in texts])
def test_what_would_fail_later_is_refused_at_the_start(name, text):
    """A port that is none, a host that cannot be, a place on no globe, keys of which there are none: one line, and no
    password in it (statement 111)."""
    with pytest.raises(SettingsError) as refused:
        load({name: text}, NOWHERE)
    told = str(refused.value)
    assert told.startswith(f"{name} is ")
    assert "; allowed: " in told
    assert "\n" not in told
    assert "heim" not in told


MISPLACED = ["https://u:geheim@h/", "postgresql://u:geheim@h:5432/d", "redis://:geheim@h/0", "//u:geheim@h"]


@pytest.mark.parametrize("name", ["WEATHER_UNITS", "WEATHER_TIMEOUT", "WEATHER_CONTACT", "WEATHER_EMBED_ORIGINS"])
@pytest.mark.parametrize("text", [*MISPLACED, "https://u:geheim@h,https://a.example", "x" * 5000])
def test_a_url_in_the_wrong_setting_keeps_its_password(name, text):
    """Lines of a file are easily mixed up; and what is long is not printed whole (statement 111)."""
    with pytest.raises(SettingsError) as refused:
        load({name: text}, NOWHERE)
    assert "geheim" not in str(refused.value)
    assert len(str(refused.value)) < 500


TAKEN = {
    "WEATHER_UPSTREAM_URL": [
        "http://localhost:8080",
        "https://api.openweathermap.org/",
        "http://[::1]:65535",
        "http://192.0.2.1:1",
        "http://my_host.local.",
    ],
    "WEATHER_CACHE_URL": [
        "redis://u:p%40ss@h:65535/15",
        "redis://[::1]",
        "rediss://h:1?ssl_cert_reqs=none",
        "unix:///run/redis.sock?db=1",
        "unix://u:p@/run/redis.sock",
        "disk:?limit=1MB",
        "disk:///a/b",
    ],
    "WEATHER_DATABASE_URL": ["postgresql:///places", "postgresql://u:p@h/d?sslmode=require", "sqlite:////tmp/x"],
    "WEATHER_HOME": [
        "London",
        "51.51,-0.13",
        "90,180",
        "-90; -180",
        "New York, NY, US",
        "110 00",
        "Nan, TH",
        "٥١,٠",
    ],
    "WEATHER_FRESH_FOR": ["3650d"],
    "WEATHER_ROOT_PATH": ["/", "/a.b/..c"],
    "WEATHER_EMBED_ORIGINS": ["https://a.example", "https://a.example/, http://b.example:8080"],
    "WEATHER_RADAR_URL": ["https://r.example/?at={lat},{lon}", "http://r.example/#7/{lat}/{lon}", "https://r.example/"],
    "WEATHER_PUBLIC_URL": ["https://w.example", "https://w.example/", "http://w.example:8080"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TAKEN.items() for text in texts])
def test_what_works_is_taken(name, text):
    """Every form of a URL and of a place that can work."""
    load({name: text}, NOWHERE)


def test_the_public_address_has_the_path_prefix():
    """Without a slash at its end; one that ends otherwise would lead nowhere."""
    told = {"WEATHER_PUBLIC_URL": "https://w.example:8443/a/b/", "WEATHER_ROOT_PATH": "/a/b"}
    assert load(told, NOWHERE).public_url == "https://w.example:8443/a/b"
    assert load({}, NOWHERE).public_url is None
    for prefix in ("", "/a", "/b"):
        with pytest.raises(SettingsError, match=r"^WEATHER_PUBLIC_URL is .*; allowed: .*WEATHER_ROOT_PATH"):
            load(told | {"WEATHER_ROOT_PATH": prefix}, NOWHERE)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("HTTPS://W.Example/", "https://w.example"),
        ("https://w.example:443", "https://w.example"),
        ("http://w.example:80/", "http://w.example"),
        ("http://w.example:443", "http://w.example:443"),
        ("https://w.example:80", "https://w.example:80"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://[fd00::80]", "http://[fd00::80]"),
        ("http://[fd00::5]:80", "http://[fd00::5]"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_one_site_has_one_public_address(text, address):
    """However it is typed: small letters, no port that the scheme says anyway (RFC 3986, 6.2)."""
    assert load({"WEATHER_PUBLIC_URL": text}, Path("/nonexistent")).public_url == address


def test_a_public_address_in_other_letters_is_told_how():
    """In ASCII: it stands in pages for programs that know no others."""
    with pytest.raises(SettingsError, match="xn--"):
        load({"WEATHER_PUBLIC_URL": "https://münchen.example"}, Path("/nonexistent"))


def test_postgres_is_postgresql():
    """The scheme that hosting services print is taken too."""
    assert load({"WEATHER_DATABASE_URL": "postgres://u:p@h/d"}, NOWHERE).database_url == "postgresql://u:p@h/d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://u:p@h/", "http://***@h/"),
        ("redis://:p@h:1", "redis://***@h:1"),
        ("redis:u:p@h", "redis:***@h"),
        ("postgresql://u:p@w@h/d?password=x&a=1", "postgresql://***@h/d?password=***&a=1"),
        ("https://h/?api_key=x#y", "https://h/?api_key=***#y"),
        ("disk:///x?size=1", "disk:///x?size=1"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(text, shown):
    """User and password, and keys of a query, are left out; the rest stands, for it has to be found."""
    assert masked(text) == shown


KUBERNETES = {
    "WEATHER_SERVICE_HOST": "10.0.0.1",
    "WEATHER_SERVICE_PORT": "8000",
    "WEATHER_SERVICE_PORT_HTTP": "8000",
    "WEATHER_PORT": "tcp://10.0.0.1:8000",
    "WEATHER_PORT_8000_TCP": "tcp://10.0.0.1:8000",
    "WEATHER_PORT_8000_TCP_PROTO": "tcp",
    "WEATHER_PORT_8000_TCP_PORT": "8000",
    "WEATHER_PORT_8000_TCP_ADDR": "10.0.0.1",
    "WEATHER_REDIS_SERVICE_HOST": "10.0.0.2",
    "WEATHER_REDIS_PORT": "tcp://10.0.0.2:6379",
}


def test_service_variables_of_kubernetes_are_ignored_with_one_line(caplog):
    """What it puts into the pods beside a service called weather is no mistake of the operator."""
    assert load(KUBERNETES, NOWHERE) == load({}, NOWHERE)
    (line,) = caplog.messages
    assert all(name in line for name in KUBERNETES)


@pytest.mark.parametrize(("name", "text"), [("WEATHER_PORT", "8000"), ("WEATHER_PORTS", "tcp://x"), ("WEATHER_X", "")])
def test_what_only_looks_like_one_stops_the_start(name, text):
    """WEATHER_PORT=8000 is what a person writes, and does nothing: it is told."""
    with pytest.raises(SettingsError, match=f"{name} is not a setting"):
        load({name: text}, NOWHERE)


def test_folders_are_those_of_the_user_or_none():
    """XDG's folder, else one in HOME, else in the home that the system knows; what is not absolute does not count."""
    assert user_folder("XDG_CACHE_HOME", ".cache", {"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == "/x/weatherglass"
    assert user_folder("XDG_CACHE_HOME", ".cache", {"XDG_CACHE_HOME": "x", "HOME": "/h"}) == "/h/.cache/weatherglass"
    assert user_folder("XDG_CACHE_HOME", ".cache", {}) == f"{getpwuid(os.getuid()).pw_dir}/.cache/weatherglass"
    with pytest.raises(ValueError, match="XDG_CACHE_HOME"):
        user_folder("XDG_CACHE_HOME", ".cache", {"HOME": "h"})


DOTENV = [  # a file, and what python-dotenv 1.2 reads there
    ("A=b", {"A": "b"}),
    ("A=b # c", {"A": "b"}),
    ("A=b\t# c", {"A": "b"}),
    ("A=b#c", {"A": "b#c"}),
    ("A=", {"A": ""}),
    ("A = b ", {"A": "b"}),
    ("export A=b", {"A": "b"}),
    ("  export  A=b", {"A": "b"}),
    ("A='b # c' # d", {"A": "b # c"}),
    ('A="b # c"# d', {"A": "b # c"}),
    ("A='b\\'c'", {"A": "b'c"}),
    ('A="b\\"c\\n"', {"A": 'b"c\n'}),
    ("A='b\\n'", {"A": "b\\n"}),
    ('A="b\nc"\nD=e', {"A": "b\nc", "D": "e"}),
    ("A=b'c", {"A": "b'c"}),
    ("A=b=c", {"A": "b=c"}),
    ("# A=b\n\n  # c\nA=d", {"A": "d"}),
    ("A=b\r\nC=d\r\n", {"A": "b", "C": "d"}),
    ("A=b\rC=d", {"A": "b", "C": "d"}),
    ("\ufeffA=b", {"A": "b"}),
    ("A=b\nA=c", {"A": "c"}),
    ("A.b-c=d", {"A.b-c": "d"}),
    ("A=b\u2028c", {"A": "b\u2028c"}),
    ("nonsense\nA=b", {"A": "b"}),
    ('A="b\nC=d', {"C": "d"}),
    ("A= # b", {"A": ""}),  # here as docker compose and node's dotenv: python-dotenv takes the comment for the value
]


@pytest.mark.parametrize(("text", "told"), DOTENV)
def test_dotenv_is_read_as_elsewhere(tmp_path, text, told):
    """Comments after values, `export`, quotes, a byte order mark, any end of line."""
    (tmp_path / ".env").write_bytes(text.encode())
    assert dotenv(tmp_path / ".env") == told


@pytest.mark.parametrize(
    "content",
    [
        "# für\nWEATHER_ACCESS_KEYS=topsecret".encode("latin-1"),
        "WEATHER_ACCESS_KEYS=topsecret".encode("utf-16"),
        "WEATHER_ACCESS_KEYS=topsecret".encode("utf-16-le"),
        b'WEATHER_ACCESS_KEYS="topsecret',
        b'WEATHER_ACCESS_KEYS="topsecret" x',
        b"WEATHER_ACCESS_KEYS: topsecret",
        b"export OPENWEATHERMAP_API_KEY topsecret",
    ],
)
def test_a_dotenv_that_cannot_be_read_stops_the_start(tmp_path, content):
    """What it says may close a door, so it is never passed over: one line, without what is in it (A9)."""
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        load({}, tmp_path)
    assert str(tmp_path / ".env") in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "topsecret" not in str(refused.value)


def test_a_dotenv_that_is_a_folder_stops_the_start(tmp_path):
    """As Docker makes one of a file that is not there: told, as whatever the system does not let us read."""
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfea\0", b"old\nnew\n", b"key = new"])
def test_a_key_file_without_a_key_is_told(tmp_path, content):
    """An empty file, or one in UTF-16, would mean other weather than was asked for; of two words none is the key."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SettingsError, match="OPENWEATHERMAP_API_KEY_FILE"):
        load({"OPENWEATHERMAP_API_KEY_FILE": str(tmp_path / "key")}, NOWHERE)


@pytest.mark.slow
@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_]{1,20}", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40),
    )
)
def test_dotenv_gives_variables_or_says_why_not(tmp_path_factory, variables):
    """Any file gives some variables, or none, or one line."""
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text("\n".join(f"{name}={value}" for name, value in variables.items()), "utf-8")
    try:
        assert dotenv(path).keys() <= variables.keys()
    except DotenvError as error:
        assert "\n" not in str(error)


def test_every_setting_has_its_help():
    """Each field knows its variable, its reader and its line of help."""
    for field in Settings.__dataclass_fields__.values():
        assert field.metadata["name"].isupper()
        assert field.metadata["help"]
