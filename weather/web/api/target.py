"""The place that a query means, for all who read one."""

from weather.places.search.place_search import PlaceSearch, Target
from weather.upstream.types import Requester
from weather.web.http.query import PlaceQuery


async def target_of(finder: PlaceSearch, where: PlaceQuery, visitor: Requester) -> Target:
    """Return the place of a query that is not about a saved place. Raises PlaceNotFound, and what a geocoder raises."""
    if where.at:
        return Target(where.at)
    if where.name:
        return await finder.resolve(where.name, visitor)
    if where.code:
        return await finder.by_zip(where.code, visitor)
    return await finder.by_id(where.number or 0, visitor)
