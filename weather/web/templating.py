"""Jinja, and the static files by names that hold their hash: the only module that knows either."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from hashlib import blake2b
from pathlib import Path
from typing import Any

import jinja2

from weather import sky, units, wording
from weather.model import DailyForecast, Place, zone

POLLUTANTS = {
    "pm2_5": "PM2.5",
    "pm10": "PM10",
    "o3": "Ozone",
    "no2": "Nitrogen dioxide",
    "so2": "Sulphur dioxide",
    "co": "Carbon monoxide",
    "nh3": "Ammonia",
    "no": "Nitrogen monoxide",
}

PACKAGE = Path(__file__).resolve().parent.parent


def templates_folder() -> Path:
    """`templates/` lies beside the package in a checkout, and inside it in a wheel."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file, ready to be sent."""

    body: bytes
    content_type: str


class Assets:
    """The static files under names that change with their bytes, so that they may be kept for ever (RFC 8246)."""

    def __init__(self, folder: Path, root: str) -> None:
        self._names: dict[str, str] = {}
        self._by_name: dict[str, Asset] = {}
        self._root = root
        for file in sorted(folder.iterdir()):
            body = file.read_bytes()
            name = f"{file.stem}.{blake2b(body, digest_size=6).hexdigest()}{file.suffix}"
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._names[file.name] = name
            self._by_name[name] = Asset(body, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)

    def path(self, name: str) -> str:
        """Where a page finds the file of that plain name."""
        return f"{self._root}/static/{self._names[name]}"

    def get(self, name: str) -> Asset | None:
        return self._by_name.get(name)


class Templating:
    """Renders a template from a page's dataclass. Everything is escaped; a name that is not there is an error."""

    def __init__(self, assets: Assets, common: Mapping[str, Any], root: str) -> None:
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates_folder()),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(common, asset=assets.path, root=root)
        self._jinja.filters.update(
            clock=lambda moment: f"{moment:%H:%M}",
            stamp=wording.clock,
            day=day_name,
            iso=lambda moment: moment.isoformat(timespec="minutes"),
            written=units.written,
            maybe=written_if_known,
            compass=units.compass,
            ago=wording.ago,
            sun_words=sun_words,
            moon_words=wording.moon,
            pollutant=lambda name: POLLUTANTS.get(name, name),
        )

    def render(self, name: str, page: Any) -> bytes:
        """The page as UTF-8."""
        context = {f.name: getattr(page, f.name) for f in fields(page)}
        return self._jinja.get_template(name).render(context).encode()


def written_if_known(number: float | None, symbol: str, shown: str | None = None) -> str:
    """A number as people read it, with what is shown behind it; a dash when it is not known, never a zero."""
    return "–" if number is None else units.written(number, symbol) + (f" {symbol}" if shown is None else shown)


def sun_words(day: DailyForecast, place: Place) -> str:
    """Sunrise and sunset of a day, or that the sun does not rise, or does not set."""
    noon = datetime.combine(day.date, time(12), zone(place.timezone))
    return wording.sun(day, sky.is_day(place.coordinates, noon))


def day_name(day: date | datetime) -> str:
    """Say "Tuesday 24 November"."""
    return f"{day:%A} {day.day} {day:%B}"
