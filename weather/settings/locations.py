"""Where things are stored, and traces sent: the meaning of WEATHER_CACHE_URL and its like."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwuid
from urllib.parse import SplitResult, parse_qsl

from weather.settings.values import located, origin, size

DISK_LIMIT, LEAST_DISK = 512 * 2**20, 2**20
ENCODED = "with a port from 1 to 65535 if any; in a password @ is written %40, / %2F, # %23, ? %3F"
REDIS_OPTIONS = {
    "ssl_cert_reqs": "none|optional|required",
    "ssl_ca_certs": ".+",
    "ssl_certfile": ".+",
    "ssl_keyfile": ".+",
    "db": "[0-9]{1,4}",
}
"""What redis-py may be told in the URL, and how; what else it takes it may fail of, long after the start."""

SEVERAL_REDIS = re.compile(r"(redis|valkey)s?[+-]?(sentinel|cluster):|sentinel:|(redis|valkey)s?://[^/]*,")
"""How other programs name several servers."""

POSTGRESQL_NUMBERS = re.compile(r"(port|connect_timeout|keepalives\w*|tcp_user_timeout)\Z")
"""Options of libpq that are whole numbers; of others in their place it would fail, long after the start."""


@dataclass(frozen=True, slots=True)
class CacheLocation:
    """Where answers are kept: `kind` is disk, memory or redis; `folder` and `limit` (bytes) belong to disk."""

    kind: str
    folder: Path
    limit: int = DISK_LIMIT
    url: str = field(default="", repr=False)


def cache_location(text: str) -> CacheLocation:
    """The meaning of WEATHER_CACHE_URL."""
    url = located(text)
    if text == "memory:":
        return CacheLocation("memory", Path())
    if SEVERAL_REDIS.match(text):
        raise ValueError("redis://host:port/db of one server: Sentinel and Cluster are not supported")
    if url and url.scheme in ("redis", "rediss", "unix", "valkey", "valkeys"):
        return redis_location(re.sub("^valkey", "redis", text), url)
    options = dict(parse_qsl(url.query, keep_blank_values=True)) if url else {}
    if not url or url.scheme != "disk" or url.netloc or url.fragment or url.path == "/" or options.keys() - {"limit"}:
        raise ValueError("disk:///folder?limit=512MB, redis://host:port/db, rediss: (TLS), unix:///socket or memory:")
    limit = size(options.get("limit", "512MB"))
    if limit < LEAST_DISK:
        raise ValueError("a limit from 1MB up, such as disk:///folder?limit=512MB")
    return CacheLocation("disk", Path(url.path or user_folder("XDG_CACHE_HOME", ".cache", os.environ)), limit)


def redis_location(text: str, url: SplitResult) -> CacheLocation:
    """One Redis or Valkey, which speaks the same: by host, or by the path of its socket."""
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    is_number = re.fullmatch(r"/?[0-9]{0,4}", url.path) and not url.query.count("db=")
    is_somewhere = url.hostname and is_number if url.scheme != "unix" else url.path.strip("/") and not url.hostname
    is_known = all(re.fullmatch(REDIS_OPTIONS.get(name, "(?!)"), value) for name, value in options.items())
    if not is_somewhere or not is_known or url.fragment:
        raise ValueError("redis://user:password@host:port/db (rediss:, unix:), " + ENCODED)
    if find_spec("redis") is None:
        raise ValueError("redis:// with the extra: pip install 'weatherglass[redis]'")
    return CacheLocation("redis", Path(), url=text)


def collector(text: str) -> str:
    """The meaning of WEATHER_OTEL_URL: the origin of an OpenTelemetry collector that speaks OTLP over HTTP."""
    url = origin(text)
    if not is_installed("opentelemetry.instrumentation.starlette"):
        raise ValueError("an origin with the extra: pip install 'weatherglass[otel]'")
    return url


def is_installed(module: str) -> bool:
    """Whether a module within a package is there; the package may be there without it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def database_url(text: str) -> str:
    """The meaning of WEATHER_DATABASE_URL."""
    if text == "sqlite:":
        return f"sqlite:///{user_folder('XDG_DATA_HOME', '.local/share', os.environ)}/places.sqlite"
    if re.fullmatch(r"sqlite:///[^?#]+", text) and ":memory:" not in text:
        return text
    url = located(text)
    if not url or not is_postgresql(url):
        raise ValueError("sqlite:///file or postgresql://user:password@host:port/database, " + ENCODED)
    if find_spec("psycopg") is None:
        raise ValueError("postgresql:// with the extra: pip install 'weatherglass[postgresql]'")
    return "postgresql" + text[len(url.scheme) :]


def is_postgresql(url: SplitResult) -> bool:
    """Whether a URL names a PostgreSQL, and what should be numbers in it are."""
    options = parse_qsl(url.query, keep_blank_values=True)
    are_numbers = all(re.fullmatch("[0-9]{1,9}", value) for name, value in options if POSTGRESQL_NUMBERS.match(name))
    return url.scheme in ("postgres", "postgresql") and bool(url.netloc or url.path.strip("/")) and are_numbers


def user_folder(variable: str, below_home: str, environment: Mapping[str, str]) -> str:
    """Our folder for a user's caches or data (XDG Base Directory Specification). Raises ValueError if there is none."""
    base = environment.get(variable, "")
    if not base.startswith("/"):  # the specification: what is not absolute is to be ignored
        base = f"{environment.get('HOME') or home_by_number()}/{below_home}"
    if not base.startswith("/"):
        raise ValueError(f"a place that is named, for there is no HOME and no {variable} to derive it from")
    return f"{base}/weatherglass"


def home_by_number() -> str:
    """The home of who runs this, by the system's list of users; empty if it has none there."""
    try:
        return getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
