"""Jinja, and the static files by names that hold their hash: the only module that knows either."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from weather.domain.units import SYSTEMS
from weather.i18n.language import LANGUAGES, language
from weather.i18n.relative_time import ages
from weather.web.http.assets import Assets
from weather.web.pages import forecast_view, icons
from weather.web.pages.meteogram_view import picture_style
from weather.web.pages.preferences import Preferences

PACKAGE = Path(__file__).resolve().parent.parent.parent


def templates_folder() -> Path:
    """`templates/` lies beside the package in a checkout, and inside it in a wheel."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


class Templating:
    """Renders a template from a page's dataclass. Everything is escaped; a name that is not there is an error."""

    def __init__(self, assets: Assets, common: Mapping[str, Any], root: str) -> None:
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates_folder()),
            autoescape=True,
            auto_reload=False,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            common,
            asset=assets.path,
            root=root,
            systems=SYSTEMS,
            languages=tuple(language(code) for code in LANGUAGES),
            pollutants=forecast_view.POLLUTANTS,
            part_names=forecast_view.PARTS,
            ages=ages,
            symbol=lambda code, is_day: f"i-{icons.symbol_for(code, is_day)}",
            sprite=lambda names: Markup(icons.sprite(names)),  # noqa: S704, made of our own file
        )
        self.picture_style = picture_style(assets.text("style.css"))
        self._jinja.filters["iso"] = lambda moment: moment.isoformat(timespec="minutes")

    def compile(self) -> None:
        """Compile every template, which otherwise the first page of each does: a fifth of a second for a forecast."""
        for name in self._jinja.list_templates():
            self._jinja.get_template(name)

    def render(self, name: str, page: Any, wanted: Preferences, query: Mapping[str, str]) -> bytes:
        """The page as UTF-8, in the reader's language; its links keep the rest of the address."""
        context = {f.name: getattr(page, f.name) for f in fields(page)}
        spoken = wanted.reader.language
        context |= {"reader": wanted.reader, "language": spoken, "say": spoken.say, "plural": spoken.plural}
        context |= {"units": wanted.units, "clock": wanted.clock, "kept_query": kept(query)}
        return self._jinja.get_template(name).render(context).encode()


def kept(query: Mapping[str, str]) -> str:
    """What of an address its preference links keep: what is shown, not how."""
    shown = {name: query[name] for name in ("q", "name") if name in query}
    return f"{urlencode(shown)}&" if shown else ""
