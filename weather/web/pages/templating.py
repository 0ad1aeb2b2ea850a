"""The templates, with the static files by names that hold their hash: the only module that knows Jinja."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup, escape

from weather.domain.unit_choice import CHOICES
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import UNKNOWN
from weather.i18n.language import LANGUAGES, language
from weather.i18n.relative_time import ages
from weather.messages import C_
from weather.web.http.assets import Assets
from weather.web.http.preferences import Preferences
from weather.web.pages.embeds import embed_view
from weather.web.pages.embeds.preview_picture import palette
from weather.web.pages.status import PART_WORDS, SHARES, parted
from weather.web.pages.untranslated import in_english
from weather.web.view import air, icons, labels
from weather.web.view.chart import picture_style
from weather.web.view.place_names import other_name

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
            unit_choices=CHOICES,
            languages=tuple(language(code) for code in LANGUAGES),
            pollutants=air.POLLUTANTS,
            part_names=labels.PARTS,
            ages=ages,
            C_=C_,
            known=known,
            other_name=other_name,
            embed_query=embed_view.embed_query,
            preview_of=embed_view.preview_of,
            unknown=UNKNOWN,
            part_words=PART_WORDS,
            parted=parted,
            result_words=SHARES,
            symbol=lambda code, is_day: f"i-{icons.symbol_for(code, is_day)}",
            sprite=lambda names: Markup(icons.sprite(names)),  # noqa: S704, made of our own file
        )
        self.picture_style = picture_style(assets.text("style.css"))
        rules, self.card_style_source = embed_view.card_style(assets.text("style.css"), assets.text("card.css"))
        self.palette = palette(assets.text("style.css"))
        self._jinja.globals["card_style"] = Markup(rules)  # noqa: S704, made of our own files
        self._jinja.filters["iso"] = lambda moment: moment.isoformat(timespec="minutes")

    def compile(self) -> None:
        """Compile every template, which otherwise the first page of each does: a fifth of a second for a forecast."""
        for name in self._jinja.list_templates():
            self._jinja.get_template(name)

    def render(self, name: str, page: Any, wanted: Preferences, query: Mapping[str, str], path: str = "/") -> bytes:
        """The page as UTF-8, in the reader's language. To its address, without preferences, its settings lead back."""
        context: dict[str, Any] = {f.name: getattr(page, f.name) for f in fields(page)}
        spoken = wanted.reader.language
        context |= {"reader": wanted.reader, "language": spoken, "say": spoken.say, "plural": spoken.plural}
        context |= {"preferences": wanted, "kept": dict(wanted.kept), "clean_address": clean(path, query)}
        context["page"] = page
        context["comma"] = spoken.conventions.comma
        return in_english(self._jinja.get_template(name).render(context)).encode()


def known(value: str, say: Callable[[str], str]) -> Markup:
    """A value; where it is not known a dash, and words for those who hear the page."""
    if value != UNKNOWN:
        return escape(value)
    return Markup('<span aria-hidden="true">{}</span><span class="unseen">{}</span>').format(value, say("not known"))


def clean(path: str, query: Mapping[str, str]) -> str:
    """Of an address what says what is shown, not how."""
    shown = {name: query[name] for name in ("q", "name", "layer", "zoom", "edit") if name in query}
    return quote(path, safe="/,:@") + (f"?{urlencode(shown)}" if shown else "")
