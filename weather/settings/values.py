"""How the text of a setting is read: each reader gives its value, or raises ValueError that says what is allowed."""

import math
import re
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

DURATION = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LONGEST = 3650 * 86400.0
"""Seconds that may be added to any time of day."""
SIZE = {"KB": 2**10, "MB": 2**20, "GB": 2**30}
LONGEST_NAME = 200
"""Letters that a place's name may have, as in `q`."""

HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?", re.ASCII)
LIKE_IPV4 = re.compile(r"[0-9]+.[0-9]+.[0-9]+.[0-9]+", re.ASCII)
"""What httpx takes for an IPv4 address (0.28: its dots stand for any sign), and refuses if it is none."""

LONGEST_CONTACT = 200
CONTACT = re.compile(
    r"https?://(?![^/?#]*@)[!-'*-\[\]-~]+|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII
)
"""In letters that need no escape in a comment of a header (RFC 9110, 5.6.5): no parenthesis, no backslash. Whoever
reads it needs no password: a URL has none."""

SECRET = re.compile(r"(?i)([a-z_.-]*(?:pass|pwd|secret|token|key|appid|auth)[a-z_.-]*=)[^&#]*")


def duration(text: str) -> float:
    """Seconds, from "500ms", "45s", "10m", "6h" or "3d"; at most ten years."""
    match = re.fullmatch(r"([0-9]{1,15})(ms|s|m|h|d)", text)
    seconds = int(match[1]) * DURATION[match[2]] if match else 0
    if not 0 < seconds <= LONGEST:
        raise ValueError("a duration such as 500ms, 45s, 10m, 6h or 3d, at most 3650d")
    return seconds


def size(text: str) -> int:
    """Bytes, from "64MB" or "2GB"."""
    match = re.fullmatch(r"([0-9]{1,6})(KB|MB|GB)", text)
    if not match or int(match[1]) == 0:
        raise ValueError("a size such as 64MB or 2GB")
    return int(match[1]) * SIZE[match[2]]


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


def some_of(*names: str) -> Callable[[str], tuple[str, ...]]:
    """A reader of a comma list of these names, each once; or of `auto` or `none`, alone."""

    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(words(text)))
        if chosen not in (("auto",), ("none",)) and not set(chosen) <= set(names):
            raise ValueError("auto, none, or some of " + ", ".join(names) + ", with commas between")
        return chosen

    return read


def filled(text: str) -> str:
    """Any text but blanks."""
    if not text.strip():
        raise ValueError("a text, or nothing at all")
    return text


def home(text: str) -> str:
    """A place's name, or its latitude and longitude."""
    numbers = two_numbers(text) if len(text) <= LONGEST_NAME else None
    is_on_earth = numbers is None or (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180)  # NaN is neither
    if not text.strip() or len(text) > LONGEST_NAME or not is_on_earth:
        raise ValueError("a name, or latitude,longitude within 90 and 180 degrees, such as 51.51,-0.13")
    return text


def two_numbers(text: str) -> tuple[float, float] | None:
    """Two numbers with a comma, semicolon or slash between them; None for any other text."""
    try:
        first, second = map(decimal, re.split(r"\s*[,;/]\s*", text.strip()))
    except ValueError:
        return None
    return first, second


def decimal(text: str) -> float:
    """A number; NaN if it is not written in decimals, such as 1e1, inf or 1_0. Raises ValueError if it is none."""
    number = float(text)
    return number if re.fullmatch(r"[+-]?\d+(\.\d{1,30})?", text) else math.nan


def words(text: str) -> tuple[str, ...]:
    """A comma list; one that is given holds something: two empty variables joined would open a door."""
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if text and not parts:
        raise ValueError("one or more, with commas between")
    return parts


def networks(text: str) -> tuple[str, ...]:
    """A comma list of addresses or networks."""
    for part in words(text):
        try:
            ip_network(part, strict=False)
        except ValueError:
            raise ValueError("addresses such as 127.0.0.1 or 10.0.0.0/8, with commas") from None
    return words(text)


def root_path(text: str) -> str:
    """A path prefix without a slash at its end."""
    if not re.fullmatch(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?", text):
        raise ValueError("a path such as /weather")
    return text.rstrip("/")


def origin(text: str) -> str:
    """Scheme, host and port of a server, without a path, a user or a query."""
    url = located(text)
    is_bare = url and url.path in ("", "/") and not url.query and not url.fragment and "@" not in url.netloc
    if not url or url.scheme not in ("http", "https") or not url.hostname or not is_bare or text.endswith(("?", "#")):
        raise ValueError("an origin such as https://api.openweathermap.org, with a port from 1 to 65535 if any")
    return f"{url.scheme}://{url.netloc}"


def public_url(text: str) -> str:
    """The address of a site as others reach it: an origin, and a path prefix if any, without a slash at its end.

    One site has one address: its host is in small letters, and the port of its scheme is left out (RFC 3986, 6.2).
    """
    try:
        prefix = root_path(urlsplit(text).path)
        site = origin(text.removesuffix("/").removesuffix(prefix)).lower()
    except ValueError:
        example = "https://weather.example.org or …/weather"
        raise ValueError(f"the address of this site, such as {example}; in ASCII (xn--…)") from None
    return site.removesuffix(":443" if site.startswith("https:") else ":80") + prefix


def origins(text: str) -> tuple[str, ...]:
    """A comma list of origins."""
    return tuple(dict.fromkeys(map(origin, words(text))))


def radar_url(text: str) -> str:
    """The URL of a page in which "{lat}" and "{lon}" stand for the degrees of a place; no other braces."""
    url = located(text.replace("{lat}", "0").replace("{lon}", "0"))
    is_page = url and url.scheme in ("http", "https") and url.hostname and "@" not in url.netloc
    if not is_page or set(re.findall("{[^}]*}?|}", text)) - {"{lat}", "{lon}"}:
        raise ValueError("the URL of a page, such as https://radar.example.org/?lat={lat}&lon={lon}")
    return text


def located(text: str) -> SplitResult | None:
    """The parts of a URL; None if its host or its port cannot be one."""
    try:
        url = urlsplit(text)
        is_sound = (url.port is None or url.port > 0) and (not url.hostname or is_host(url.hostname, url.netloc))
    except ValueError:
        return None
    return url if is_sound and not re.search(r"[\x00-\x20\x7f\\]", text) and not url.netloc.endswith(":") else None


def is_host(name: str, netloc: str) -> bool:
    """Whether that may be the name or address of a host."""
    try:
        if "[" in netloc:
            return bool(IPv6Address(name)) and "%" not in name
        return bool(HOST.fullmatch(name)) and (not LIKE_IPV4.fullmatch(name) or bool(IPv4Address(name)))
    except AddressValueError:
        return False


def masked(url: str) -> str:
    """A URL as it may be shown: whatever may be a password or a key is left out."""
    return SECRET.sub(r"\1***", re.sub(r"(?s)^([A-Za-z0-9.+-]+:/*|/*).*@", r"\1***@", url))


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
    by_scheme = {word: named[f"{word}_proxy"] for word in ("http", "https", "all") if named.get(f"{word}_proxy")}
    return {word: proxy(text) for word, text in by_scheme.items()} | {"no": named.get("no_proxy", "")}


def contact(text: str) -> str:
    """A mail address or the URL of a page, as it can stand in a comment of a header."""
    if len(text) > LONGEST_CONTACT or not CONTACT.fullmatch(text):
        raise ValueError("a mail address such as me@example.org, or a page such as https://example.org/weather")
    return text


def ca_file(text: str) -> Path:
    """A file of certificates."""
    import ssl  # not for help and mistakes

    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError):
        raise ValueError("a readable file of certificates (PEM)") from None
    return Path(text)
