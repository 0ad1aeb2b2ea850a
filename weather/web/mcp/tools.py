"""The tools: places by name, the forecast and the warnings of a place. Functions, cache and quotas are the API's."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from weather.errors import BadParameter, PlaceNotFound, WeatherError
from weather.i18n.formatting import Formatter
from weather.i18n.language import SOURCE, language
from weather.upstream.types import Requester
from weather.web.api import model
from weather.web.api.schema import WEATHER_ROUTES, WeatherRoute, response_body
from weather.web.api.sections import Selection
from weather.web.api.target import target_of
from weather.web.docs.operations import LANG, LENGTHS, LIMIT, ONE_WAY, QUERY, UNITS, WAYS, Parameter
from weather.web.http import query
from weather.web.http.problems import problem_of
from weather.web.http.site import Site
from weather.web.http.unit_params import system_in
from weather.web.mcp.words import lead_of

USUAL = {"hours": 24, "days": 7, "limit": 5}
"""How much is told when nobody says how much: a model reads all of it, and pays for it."""

PLACE = tuple(way for way in WAYS if way.name != "saved")
NAMES = {"text": "Place names by GeoNames", "url": "https://www.geonames.org/", "license": "CC-BY-4.0"}
FOUND = "Names and positions of places, the likeliest first; no weather, nothing that ages by the hour."
NONE_FOUND = "No place of that name is known. That does not mean that there is none."


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it is for, as a model reads it, and its arguments."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        needed = [parameter.name for parameter in self.parameters if parameter.required]
        properties = {parameter.name: described(parameter) for parameter in self.parameters}
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def described(parameter: Parameter) -> dict[str, Any]:
    usual = {"default": USUAL[parameter.name]} if parameter.name in USUAL else {}
    return parameter.schema | {"description": parameter.about.replace(ONE_WAY, "").strip()} | usual


ONE = "The place is exactly one of q, lat and lon, zip, id."
TOOLS = {
    tool.name: tool
    for tool in (
        Tool("search", "Places by name", "Find places by name; ask for one by its id.", (QUERY, LIMIT, LANG)),
        Tool(
            "forecast",
            "Weather of a place",
            f"The weather of a place now, in the next hours and days, with air quality and official warnings. {ONE} "
            "The first sentences say how old the answer is and whom to credit: repeat both.",
            (*PLACE, UNITS, LANG, *LENGTHS.values()),
        ),
        Tool(
            "alerts",
            "Official warnings",
            f"The official weather warnings in force at a place. {ONE} Where `alerts` is null it is not known whether "
            "there are any: never say that there are none.",
            (*PLACE, LANG),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool answers: sentences for the model, and the document that they are about."""

    words: str
    document: dict[str, Any]
    is_error: bool = False


class Tools:
    """Carries out calls of tools, for whoever may call upstream for them."""

    def __init__(self, site: Site) -> None:
        self._site, self._settings = site, site.settings

    async def call(self, tool: Tool, arguments: Mapping[str, Any], visitor: Requester) -> ToolAnswer:
        """Return the answer of a tool; an error of ours is one too, for a model can mend its arguments."""
        try:
            values, mistakes = texts(arguments, tool)
            if tool.name == "search":
                return await self._search(values, mistakes, visitor)
            return await self._weather(WEATHER_ROUTES[tool.name], values, mistakes, visitor)
        except WeatherError as error:
            document = problem_of(error).document(self._settings.root_path)
            if isinstance(error, PlaceNotFound):
                document["suggestions"] = await self._suggestions(str(arguments.get("q", "")))
            return ToolAnswer(f"There is no answer: {document['detail']}", document, is_error=True)

    async def _search(self, values: dict[str, str], mistakes: list[BadParameter], visitor: Requester) -> ToolAnswer:
        name, limit, lang = query.read_all(
            values,
            mistakes,
            lambda params: query.needed(params, "q"),
            lambda params: query.count(params, "limit"),
            lambda params: query.lang(params, SOURCE),
        )
        places = await self._site.search.search(name, limit, visitor)
        spoken, now = language(lang), self._site.clock() // 3600 * 3600
        results = msgspec.to_builtins([model.place(place, spoken, now) for place in places])
        return ToolAnswer(FOUND if places else NONE_FOUND, {"results": results, "attributions": [NAMES]})

    async def _weather(
        self, route: WeatherRoute, values: dict[str, str], mistakes: list[BadParameter], visitor: Requester
    ) -> ToolAnswer:
        system, lang, hours, days, *where = query.read_all(
            values,
            mistakes,
            lambda params: system_in(params, self._settings.units or "metric"),
            lambda params: query.lang(params, SOURCE),
            lambda params: query.count(params, "hours"),
            lambda params: query.count(params, "days"),
            *([] if mistakes else [query.where]),
        )
        target = await target_of(self._site.search, where[0], visitor)
        report = await self._site.provider.report(target.at, target.place, frozenset(route.sections), visitor)
        now, formatter = self._site.clock(), Formatter(language(lang), system)
        document = msgspec.to_builtins(response_body(report, route, Selection(hours, days), formatter, now))
        return ToolAnswer(lead_of(document, now), document)

    async def _suggestions(self, name: str) -> list[Any]:
        near = await asyncio.to_thread(self._site.search.suggestions, name)  # to compare spellings takes long
        spoken, now = language(SOURCE), self._site.clock() // 3600 * 3600
        return list(msgspec.to_builtins([model.place(place, spoken, now) for place in near]))


def texts(arguments: Mapping[str, Any], tool: Tool) -> tuple[dict[str, str], list[BadParameter]]:
    """Return the arguments as a query string has them, with the usual lengths; and what is wrong with them.

    Raises BadParameter if they are far too many: for each that is not known the nearest name is looked for.
    """
    if len(arguments) > query.MOST_FIELDS:
        raise BadParameter("arguments", f"at most {query.MOST_FIELDS} arguments")
    values = {name: str(USUAL[name]) for name in tool.names if name in USUAL}
    mistakes: list[BadParameter] = []
    for name, value in arguments.items():
        if name not in tool.names:
            mistakes.append(query.unknown(name, tool.names))
        elif value == "" or isinstance(value, list | dict):
            mistakes.append(BadParameter(name, f"{name} is one text or number, and not empty"))
        elif value is not None:
            values[name] = text_of(value)
    return values, mistakes


def text_of(value: Any) -> str:
    """Return a value as it stands in a query: models write whole numbers as 24.0 too."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6f}"
    return str(value)
