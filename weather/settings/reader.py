"""Reads the settings out of the environment and `.env`; nothing outside this package reads either.

A name that starts with WEATHER_ and is not among them, or a value that does not parse, stops the start with one line.
"""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from weather.settings.dotenv import DotenvError, dotenv
from weather.settings.record import NEED_CONTACT, Settings
from weather.settings.values import ca_file, environment_proxies, masked

log = logging.getLogger("weather.settings")

KUBERNETES = re.compile(
    r"WEATHER_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
""""Service variables" that it puts into every pod beside a service called weather, or weather-something."""

MOST_SHOWN, LONGEST_SHOWN = 200, 2_000
"""Characters of a value that an error shows, and that it may have to be shown at all."""

MOST_OF_KEY = 4_096
"""Characters that are read of a file with a key."""

LIKE_KEY = re.compile(r"[0-9A-Za-z]{16,}", re.ASCII)
"""A key that stands where the name of its file should."""


class SettingsError(Exception):
    """A setting that cannot be used: names it, its value and what is allowed, in one line."""


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings from the environment, else from `.env` in a folder. Raises SettingsError."""
    texts = {**from_file((folder or Path()) / ".env"), **(os.environ if environment is None else environment)}
    known = {f.metadata["name"] for f in fields(Settings)}
    unknown = sorted(name for name in texts if name.startswith("WEATHER_") and name not in known)
    if ignored := [name for name in unknown if is_of_kubernetes(name, texts[name])]:
        log.warning("ignored, for Kubernetes makes them for services: %s", ", ".join(ignored))
    for name in sorted({*unknown} - {*ignored}):
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
    for name, words in (("WEATHER_PROVIDER", [values["provider"]]), ("WEATHER_ALERTS", values["alerts"])):
        if values["contact"] is None and (asking := sorted(NEED_CONTACT & {*words})):
            raise SettingsError(f"{name} has {asking[0]}; allowed: with WEATHER_CONTACT, which its terms ask for")
    if values["private"] and not values["access_keys"]:
        raise SettingsError("WEATHER_PRIVATE is 'yes'; allowed: with WEATHER_ACCESS_KEYS, of which pages ask for one")
    if "keys" in (values["metrics"], values["status"]) and not values["access_keys"]:
        name = "WEATHER_METRICS" if values["metrics"] == "keys" else "WEATHER_STATUS"
        raise SettingsError(f"{name} is 'keys'; allowed: with WEATHER_ACCESS_KEYS, of which it asks for one")
    if values["public_url"] and urlsplit(values["public_url"]).path != values["root_path"]:
        mistake = f"WEATHER_PUBLIC_URL is {masked(values['public_url'])!r}"
        raise SettingsError(f"{mistake}; allowed: one that ends in WEATHER_ROOT_PATH, which is {values['root_path']!r}")
    return Settings(**values)


def from_file(path: Path) -> dict[str, str]:
    """What `.env` says, if there is one. Raises SettingsError if it cannot be read: what is in it may close a door."""
    try:
        return dotenv(path)
    except DotenvError as error:
        raise SettingsError(f"{path} {error}; allowed: lines NAME=value in UTF-8, or no such file") from None


def is_of_kubernetes(name: str, text: str) -> bool:
    """Whether that is a service variable: by its name, or `…_PORT`, which a person may write, by its value too."""
    is_port = re.fullmatch(r"WEATHER_(\w+_)?PORT", name) and re.match(r"(tcp|udp|sctp)://", text)
    return bool(is_port or KUBERNETES.fullmatch(name))


def way_out(proxies: Mapping[str, str], texts: Mapping[str, str]) -> Mapping[str, str]:
    """The proxies, those of the environment if that is what was told. Raises SettingsError."""
    if "env" not in proxies:
        return proxies
    try:
        return environment_proxies(texts)
    except ValueError as error:
        raise SettingsError(f"WEATHER_PROXY is env, but a proxy in the environment is none; allowed: {error}") from None


def value_of(meta: Mapping[str, Any], text: str) -> Any:
    """The value of one setting; an empty text is the default, blanks are not."""
    value = text.strip() or text or meta["text"]
    if value is None:
        return None
    try:
        value.encode()  # bytes of the environment that are no UTF-8 would fail later, one by one
        return meta["read"](value)
    except UnicodeEncodeError:
        raise SettingsError(f"{meta['name']} is {shown(meta, value)}; allowed: text in UTF-8") from None
    except ValueError as error:
        raise SettingsError(f"{meta['name']} is {shown(meta, value)}; allowed: {error}") from None


def shown(meta: Mapping[str, Any], text: str) -> str:
    """A value as an error may show it: the beginning, without passwords, which a URL has in the wrong setting too."""
    if (meta["secret"] and not meta["name"].endswith("_URL")) or len(text) > LONGEST_SHOWN:
        return "…"
    safe = masked(text) if meta["name"].endswith("_URL") or "//" in text else text
    return repr(safe if len(safe) <= MOST_SHOWN else f"{safe[:MOST_SHOWN]}…")


def key_from_file(path: Path) -> str:
    """The key in a file (a secret mounted into a container). Raises SettingsError if it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            (key,) = file.read(MOST_OF_KEY).split()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is empty, not UTF-8, or more than one word"
        name, text = "OPENWEATHERMAP_API_KEY_FILE", masked(str(path)[:MOST_SHOWN])
        value = "…" if LIKE_KEY.fullmatch(text) else repr(text)
        raise SettingsError(f"{name} is {value}; allowed: a readable file ({why})") from None
    return key
