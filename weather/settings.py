"""The settings: one frozen record, and the only reader of the environment and of `.env`.

Each field's metadata holds the name of its variable, how its text is read, and its line of help. A name that starts
with WEATHER_ and is not among them, or a value that does not parse, stops the start with one line.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

DURATION = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
SIZE = {"KB": 2**10, "MB": 2**20, "GB": 2**30}
UNITS = ("metric", "si", "us", "uk")
PLANS = ("auto", "free", "onecall3", "onecall4")
PROVIDERS = ("auto", "openweathermap", "open-meteo", "demo")
DISK_LIMIT = 512 * 2**20


class SettingsError(Exception):
    """A setting that cannot be used: names it, its value and what is allowed, in one line."""


def duration(text: str) -> float:
    """Seconds, from "500ms", "45s", "10m", "6h" or "3d"."""
    found = re.fullmatch(r"([0-9]{1,9})(ms|s|m|h|d)", text)
    if not found or int(found[1]) == 0:
        raise ValueError("a duration such as 500ms, 45s, 10m, 6h or 3d")
    return int(found[1]) * DURATION[found[2]]


def size(text: str) -> int:
    """Bytes, from "64MB" or "2GB"."""
    found = re.fullmatch(r"([0-9]{1,6})(KB|MB|GB)", text)
    if not found or int(found[1]) == 0:
        raise ValueError("a size such as 64MB or 2GB")
    return int(found[1]) * SIZE[found[2]]


def count(text: str) -> int:
    """A whole number from 1 up."""
    if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) == 0:
        raise ValueError("a whole number from 1 up")
    return int(text)


def yes_or_no(text: str) -> bool:
    """A switch."""
    words = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False, "off": False}
    if text.lower() not in words:
        raise ValueError("yes or no")
    return words[text.lower()]


def one_of(*allowed: str) -> Callable[[str], str]:
    """A reader of one of these words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError("one of " + ", ".join(allowed))
        return text

    return read


def origin(text: str) -> str:
    """Scheme, host and port of a server, without a path, a user or a query."""
    url = urlsplit(text)
    if (
        url.scheme not in ("http", "https")
        or not url.hostname
        or url.path not in ("", "/")
        or url.query
        or "@" in url.netloc
    ):
        raise ValueError("an origin such as https://api.openweathermap.org")
    return f"{url.scheme}://{url.netloc}"


def words(text: str) -> tuple[str, ...]:
    """A comma list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def networks(text: str) -> tuple[str, ...]:
    """A comma list of addresses or networks."""
    for part in words(text):
        try:
            ip_network(part, strict=False)
        except ValueError:
            raise ValueError("addresses such as 127.0.0.1 or 10.0.0.0/8, with commas") from None
    return words(text)


def proxies(text: str) -> dict[str, str]:
    """By scheme: one proxy for all; or, for now, the word that asks for those of the environment."""
    return {"env": ""} if text == "env" else {"all": proxy(text)}


def proxy(text: str) -> str:
    """The URL of an HTTP proxy; `host:port` is one of plain HTTP, as curl has it."""
    try:
        url = urlsplit(text if "://" in text else f"http://{text}")
        is_good = url.scheme in ("http", "https") and url.hostname and url.path in ("", "/") and url.port != 0
    except ValueError:
        is_good = False
    if not is_good or url.query or url.fragment:
        raise ValueError("env, or a proxy such as http://user:password@host:port (http or https)")
    return url.geturl()


def environment_proxies(texts: Mapping[str, str]) -> dict[str, str]:
    """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY by their first words; in small letters they win."""
    named = {name.lower(): text.strip() for name, text in sorted(texts.items())}
    found = {word: named[f"{word}_proxy"] for word in ("http", "https", "all") if named.get(f"{word}_proxy")}
    return {word: proxy(text) for word, text in found.items()} | {"no": named.get("no_proxy", "")}


def ca_file(text: str) -> Path:
    """A file of certificates."""
    import ssl  # not for help and mistakes

    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError):
        raise ValueError("a readable file of certificates (PEM)") from None
    return Path(text)


def root_path(text: str) -> str:
    """A path prefix without a slash at its end."""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", text):
        raise ValueError("a path such as /weather")
    return text.rstrip("/")


@dataclass(frozen=True, slots=True)
class CacheLocation:
    """Where answers are kept: `kind` is disk, memory or redis; `folder` and `limit` (bytes) belong to disk."""

    kind: str
    folder: Path
    limit: int = DISK_LIMIT
    url: str = field(default="", repr=False)


def cache_location(text: str) -> CacheLocation:
    """The meaning of WEATHER_CACHE_URL."""
    url = urlsplit(text)
    if url.scheme == "memory" and text == "memory:":
        return CacheLocation("memory", Path())
    if url.scheme in ("redis", "rediss", "unix") and (url.hostname or url.path):
        if find_spec("redis") is None:
            raise ValueError("redis:// with the extra: pip install 'weatherglass[redis]'")
        return CacheLocation("redis", Path(), url=text)
    options = dict(parse_qsl(url.query))
    if url.scheme != "disk" or url.netloc or options.keys() - {"limit"}:
        raise ValueError("disk:///folder?limit=512MB, redis://host:port/db or memory:")
    return CacheLocation(
        "disk", Path(url.path or user_folder("XDG_CACHE_HOME", ".cache")), size(options.get("limit", "512MB"))
    )


def database_url(text: str) -> str:
    """The meaning of WEATHER_DATABASE_URL."""
    if text == "sqlite:":
        return f"sqlite:///{user_folder('XDG_DATA_HOME', '.local/share')}/places.sqlite"
    if not re.match(r"(sqlite:///[^?]|postgresql://.)", text):
        raise ValueError("sqlite:///file or postgresql://user@host/database")
    return text


def user_folder(variable: str, beside_home: str) -> str:
    """Our folder for a user's caches or data (XDG Base Directory Specification)."""
    base = os.environ.get(variable) or os.path.join(os.environ.get("HOME", "/tmp"), beside_home)  # noqa: S108, PTH118
    return f"{base}/weatherglass"


def setting(name: str, read: Callable[[str], Any], text: str | None, help: str, secret: bool = False) -> Any:
    """A field: its variable, its reader, its default as text (None: not set), its line of help."""
    return field(repr=not secret, metadata={"name": name, "read": read, "text": text, "help": help, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Built by `load`."""

    api_key: str | None = setting("OPENWEATHERMAP_API_KEY", str, None, "the OpenWeatherMap key; none: Open-Meteo", True)
    api_key_file: Path | None = setting(
        "OPENWEATHERMAP_API_KEY_FILE", Path, None, "a file that holds it; a new key in it is used at once"
    )
    upstream_url: str = setting(
        "WEATHER_UPSTREAM_URL", origin, "https://api.openweathermap.org", "origin of the OWM API"
    )
    tiles_url: str = setting(
        "WEATHER_TILES_URL", origin, "https://tile.openweathermap.org", "origin of the OWM map tiles"
    )
    provider: str = setting("WEATHER_PROVIDER", one_of(*PROVIDERS), "auto", "where weather comes from")
    openmeteo_url: str = setting(
        "WEATHER_OPENMETEO_URL", origin, "https://api.open-meteo.com", "origin of Open-Meteo's forecasts"
    )
    openmeteo_air_url: str = setting(
        "WEATHER_OPENMETEO_AIR_URL", origin, "https://air-quality-api.open-meteo.com", "origin of its air quality"
    )
    plan: str = setting("WEATHER_PLAN", one_of(*PLANS), "auto", "OWM products used: auto, free, onecall3, onecall4")
    calls_per_minute: int = setting("WEATHER_CALLS_PER_MINUTE", count, "60", "upstream calls in any 60 seconds")
    calls_per_month: int = setting("WEATHER_CALLS_PER_MONTH", count, "1000000", "upstream calls in a UTC month")
    onecall_per_day: int = setting("WEATHER_ONECALL_PER_DAY", count, "1000", "One Call calls in a UTC day")
    cache: CacheLocation = setting(
        "WEATHER_CACHE_URL", cache_location, "disk:", "where answers are kept: disk:///folder?limit=512MB, memory:"
    )
    database_url: str = setting(
        "WEATHER_DATABASE_URL", database_url, "sqlite:", "saved places: sqlite:///file, postgresql://…", True
    )
    fresh_for: float | None = setting(
        "WEATHER_FRESH_FOR", duration, None, "one lifetime for all endpoints instead of their own"
    )
    stale_for: float = setting("WEATHER_STALE_FOR", duration, "3d", "how long after that an old answer may be served")
    timeout: float = setting("WEATHER_TIMEOUT", duration, "8s", "the longest a visitor waits for upstream")
    offline: bool = setting("WEATHER_OFFLINE", yes_or_no, "no", "never ask upstream; serve what is kept")
    home: str | None = setting("WEATHER_HOME", str, None, "the place shown at /: a name or lat,lon")
    units: str | None = setting("WEATHER_UNITS", one_of(*UNITS), None, "metric, si, us or uk")
    access_keys: tuple[str, ...] = setting(
        "WEATHER_ACCESS_KEYS", words, "", "keys that the APIs ask for; none: open", True
    )
    trusted_proxies: tuple[str, ...] = setting(
        "WEATHER_TRUSTED_PROXIES", networks, "", "proxies whose forwarding headers are believed"
    )
    root_path: str = setting("WEATHER_ROOT_PATH", root_path, "", "path prefix when served below another site")
    log: str = setting("WEATHER_LOG", one_of("text", "json"), "text", "form of the log: text or json")
    proxies: Mapping[str, str] = setting(
        "WEATHER_PROXY", proxies, None, "the way out: a proxy's URL, or env for HTTPS_PROXY and its like", True
    )
    ca_file: Path | None = setting(
        "WEATHER_CA_FILE", ca_file, None, "authorities that upstream may be signed by, else SSL_CERT_FILE, certifi's"
    )


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings from the environment, else from `.env` in a folder. Raises SettingsError."""
    texts = {**dotenv((folder or Path()) / ".env"), **(os.environ if environment is None else environment)}
    known = {f.metadata["name"] for f in fields(Settings)}
    for name in sorted(texts):
        if name.startswith("WEATHER_") and name not in known:
            raise SettingsError(f"{name} is not a setting; there are: {', '.join(sorted(known))}")
    values = {f.name: value_of(f.metadata, texts.get(f.metadata["name"], "")) for f in fields(Settings)}
    if values["api_key"] is not None:
        values["api_key_file"] = None
    elif values["api_key_file"]:
        values["api_key"] = key_from_file(values["api_key_file"])
    values["proxies"] = way_out(values["proxies"] or {}, texts)
    if values["ca_file"] is None:
        meta = {"name": "SSL_CERT_FILE", "read": ca_file, "text": None, "secret": False}
        values["ca_file"] = value_of(meta, texts.get("SSL_CERT_FILE", ""))
    return Settings(**values)


def way_out(told: Mapping[str, str], texts: Mapping[str, str]) -> Mapping[str, str]:
    """The proxies, those of the environment if that is what was told. Raises SettingsError."""
    if "env" not in told:
        return told
    try:
        return environment_proxies(texts)
    except ValueError as error:
        raise SettingsError(f"WEATHER_PROXY is env, but a proxy in the environment is none; allowed: {error}") from None


def value_of(meta: Mapping[str, Any], text: str) -> Any:
    """The value of one setting; an empty text is the default."""
    given = text.strip() or meta["text"]
    if given is None:
        return None
    try:
        return meta["read"](given)
    except ValueError as error:
        shown = "…" if meta["secret"] else repr(given)
        raise SettingsError(f"{meta['name']} is {shown}; allowed: {error}") from None


def key_from_file(path: Path) -> str | None:
    """The key in a file (a secret mounted into a container). Raises SettingsError if it cannot be read."""
    try:
        return path.read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"OPENWEATHERMAP_API_KEY_FILE is '{path}'; allowed: a readable file ({error})") from None


class Key:
    """The key as it is now: its file is read again when it has changed, so that a new key needs no restart."""

    def __init__(self, settings: Settings) -> None:
        self._key, self._path = settings.api_key or "", settings.api_key_file
        self._read_at = self._changed_at()

    def __call__(self) -> str:
        if self._path and (changed := self._changed_at()) != self._read_at:
            self._read_at = changed
            with suppress(SettingsError):
                self._key = key_from_file(self._path) or self._key
        return self._key

    def _changed_at(self) -> int:
        try:
            return self._path.stat().st_mtime_ns if self._path else 0
        except OSError:
            return 0


def dotenv(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file, if there is one; quotes around a value are taken off."""
    try:
        lines = path.read_text("utf-8").split("\n")  # and nothing else that Unicode counts as the end of a line
    except (OSError, UnicodeDecodeError):
        return {}
    found = (re.fullmatch(r"\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*", line) for line in lines)
    return {match[1]: re.sub(r"^(['\"])(.*)\1$", r"\2", match[2]) for match in found if match}
