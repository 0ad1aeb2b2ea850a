"""`/forecast/{p}/map`: a map that needs no script."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.errors import BadParameter
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.time_zones import zone_at
from weather.upstream.freshness import combine
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.responses import allow_reuse, freshness_headers
from weather.web.http.site import Site
from weather.web.pages.forecast import path_point, to_cell
from weather.web.pages.map.basemap import outlines
from weather.web.pages.map.layers import LAYERS, RAIN
from weather.web.pages.map.names import SOUGHT, boxes
from weather.web.pages.map.projection import LEAST_ZOOM, MOST_ZOOM, USUAL_ZOOM, View
from weather.web.pages.map.tiles import FetchedTile, Tiles
from weather.web.pages.map.view import MapQuery, Material, map_page, radar_link, view_for
from weather.web.pages.renderer import PageRenderer

NO_LAYER = N_("There is no such layer of the map.")
NO_ZOOM = N_("The map has no such zoom.")


class Maps:
    """Draws maps: the world from our own files, the weather as tiles of the provider."""

    def __init__(self, site: Site, atlas: Gazetteer, tiles: Tiles, frame: PageRenderer) -> None:
        self._site, self._atlas, self._tiles, self._frame = site, atlas, tiles, frame
        self._largest = lru_cache(256)(self._find_largest)

    async def page(self, request: Request) -> Response:
        """The map around a point. Raises BadParameter for a layer or a zoom that there is not."""
        settings = self._site.settings
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, settings.root_path, "/map")
        asked, reader = map_query(at, request.query_params), self._frame.preferences(request).reader
        view, visitor = view_for(asked), requester_of(request, settings.trusted_proxies)
        tiles = await self._tiles.fetch(asked.layer.tiles, view.tiles(), visitor) if self._tiles.are_there else None
        ground = await asyncio.to_thread(outlines, view)  # takes tens of milliseconds: others go on meanwhile
        names = await asyncio.to_thread(self._largest, view, reader.language.code)
        material = Material(view, ground, names, tiles)
        place, spoken = self._place(at, asked.name, reader.language.code)
        page = map_page(replace(asked, name=spoken), place, material, reader, self._site.clock())
        page = replace(page, radar=radar_link(settings.radar_url, at))
        return self._frame.shown(request, "map.html", page, self._headers(request, tiles or ()))

    def _headers(self, request: Request, tiles: Sequence[FetchedTile]) -> dict[str, str]:
        """How old the oldest tile is; nothing where there is none."""
        answers = [tile.answer for tile in tiles if tile.answer]
        if not answers:
            return {}
        if len(answers) == len(tiles):
            allow_reuse(request, [answer.validity for answer in answers], of_minute=True)
        at, newest = combine(answer.standing for answer in answers), max(answer.entry.fetched_at for answer in answers)
        return freshness_headers(at, newest, self._site.settings.stale_for)

    def _place(self, at: Coordinates, name: str, language: str) -> tuple[Place, str]:
        """The place there, or the nearest one, with the zone of the point; the name asked for as a language has it."""
        near = self._atlas.nearest(at) or Place(None, None, None, at.latitude, at.longitude, zone_at(at))
        named = self._atlas.in_language(near, language)
        spoken = self._atlas.label_in_language(name, near, language)
        return replace(named, latitude=at.latitude, longitude=at.longitude), spoken

    def _find_largest(self, view: View, language: str) -> list[Place]:
        return self._atlas.largest(boxes(view), SOUGHT, language)


def map_query(at: Coordinates, query: Mapping[str, str]) -> MapQuery:
    """What the address asks for. Raises BadParameter."""
    layer, zoom = LAYERS.get(query.get("layer", RAIN.word)), query.get("zoom", str(USUAL_ZOOM))
    if layer is None:
        raise BadParameter("layer", NO_LAYER, tuple(LAYERS))
    if zoom not in {str(level) for level in range(LEAST_ZOOM, MOST_ZOOM + 1)}:
        raise BadParameter("zoom", NO_ZOOM)
    return MapQuery(at, layer, int(zoom), label(query.get("name")) or "")
