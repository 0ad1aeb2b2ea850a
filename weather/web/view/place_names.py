"""How a place is called, and a point that has no name. Pure."""

from weather.domain.model import Coordinates, Place, format_degrees
from weather.i18n.formatting import Formatter
from weather.i18n.territories import territory
from weather.places.gazetteer.folding import normalize_name


def name_of(place: Place, reader: Formatter) -> str:
    """The place's name, "near …" for a point outside of one, else the point."""
    return nearby(place, reader) or point_in_words(place.coordinates)


def place_in_words(place: Place, reader: Formatter) -> str:
    """The place as it was understood: its name, region and country."""
    name = name_of(place, reader)
    region = place.state if place.state != place.name else None
    return reader.listed([part for part in (name, region, territory(place.country, reader.language.code)) if part])


def nearby(place: Place, reader: Formatter) -> str:
    """The name of a place, as of a place near by where the point lies outside of it; "" if it has none."""
    if not place.name:
        return ""
    return reader.say("near {place}", place=place.name) if place.distance else place.name


def point_in_words(at: Coordinates) -> str:
    """Say "51.5° N, 0.1° W" for a place without a name."""
    north = f"{format_degrees(abs(at.latitude))}° {'N' if at.latitude >= 0 else 'S'}"
    return f"{north}, {format_degrees(abs(at.longitude))}° {'E' if at.longitude >= 0 else 'W'}"


def other_name(place: Place, shown: Place, typed: str) -> str | None:
    """What else a place is called, where that is what was typed; `shown`: it, as the reader's language has it."""
    if shown.matched or not (place.name and shown.name) or place.name == shown.name:
        return shown.matched
    begun, own = normalize_name(typed), normalize_name(place.name)
    is_own = bool(begun) and (own.startswith(begun) or begun.startswith(own))
    return place.name if is_own and not normalize_name(shown.name).startswith(begun) else None
