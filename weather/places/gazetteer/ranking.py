"""Which of the places that a text may mean is meant: by how many people live there, and whose own name it is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from weather.domain.model import Place
from weather.places.gazetteer.cells import distance

AREAS = ("country", "region")
CLEAR = 20
"""A place that outweighs the next one so many times is meant by the bare name."""
NICKNAME, NICKNAME_OF_AREA = 0.05, 0.12
"""What another name than its own counts of a place's people, when it competes with places that are called so:
Pueblo is not Puebla, nor Dili Delhi, though these are called so somewhere; but Calcutta is Kolkata."""
REGION = 2
"""What a region by its own name counts: more towns share its people, but more people know it. Bali is no suburb."""
DOUBT, DOUBT_OF_NICKNAME = 0.25, 0.4
"""What of its weight a place that is merely called so, too, makes a name doubtful by: Rome is not Lomé, and
Philadelphia not Amman, which was called so in antiquity; more where the first is merely called so, too."""
LETTERS_OF_IATA, SHORT = 3, 4
KNOWN_BY_SHORT = 100_000
"""A place with fewer people is not taken by another name of at most SHORT letters."""
KNOWN_AIRPORT = 1_600_000
"""An airport that counts less is not taken by a part of its name: Heathrow is, Bogotá (El Dorado) is not."""
OWN_RIVAL = 8
"""What the own name of a rival counts more where a country is merely called so: Columbia is not Colombia alone, nor is
SIN, the code of Singapore's airport, China."""
HEAD, HEAD_OF_NICKNAME = 0.45, 0.25
"""A country whose town of the same name has so much of its weight gives way to it: Luxembourg, Singapore; the latter
where the country is merely called so, as Brazil is Brasilia in some languages."""
AROUND_KM, OF_AIRPORT_KM = 100.0, 70.0
"""The chief town of a region lies at most so far from a town of the region's name that it surrounds (Buenos Aires), and
a town from the airport by whose code it is called (LAX)."""
EXACT, MINOR, NICKNAME_TYPED = 30, 0.2, 0.03
"""While a name is being typed: what a place counts whose whole name it is, a part of a town or an airport, and what a
place counts of which another name begins so."""


class Area(NamedTuple):
    """A country by its ISO 3166 code, one of its regions by the name as in `Place.state`, or a county of a region."""

    country: str
    region: str = ""
    county: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that bears the name: its people, and whether the name is its own; `number` is the gazetteer's.

    A capital counts four times its people, a region a tenth, an airport a twentieth of its town.
    """

    place: Place
    people: int
    own: bool
    number: int = 0

    @property
    def weight(self) -> float:
        """Its people: fewer where the name is not its own, more of a region; at least 1."""
        if self.own:
            return max(1.0, self.people * (REGION if self.place.kind == "region" else 1))
        return max(1.0, self.people * (NICKNAME_OF_AREA if self.place.kind in AREAS else NICKNAME))


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates, the likeliest first: by weight; of the same weight the own name, then the lower id.

    An area comes after the town in it that bears its name, if that has a good part of its people.
    """
    ranked = sorted(candidates, key=lambda hit: (-hit.weight, not hit.own, hit.place.id or 0))
    areas = [hit for hit in ranked if any(gives_way(hit, other) for other in ranked)]
    return [hit for hit in ranked if hit not in areas] + areas


def gives_way(hit: Candidate, other: Candidate) -> bool:
    """Whether whoever types the name means the other: of an area its town, of a town its airport if it is a code."""
    if hit.place.kind == "city":
        return _is_called_by_code(hit, other)
    return hit.place.kind in AREAS and _is_its_town(hit, other)


def _is_its_town(area: Candidate, town: Candidate) -> bool:
    """Whether a town has an area's name as its own, and a good part of its people."""
    if town.place.kind != "city" or not town.own or area.place.country != town.place.country:
        return False
    if area.place.kind == "region":
        surrounds = area.own and distance(area.place.coordinates, town.place.coordinates) <= AROUND_KM
        return (surrounds or area.place.name == town.place.state) and town.people >= area.people
    return town.people >= (HEAD if area.own else HEAD_OF_NICKNAME) * area.weight


def _is_called_by_code(town: Candidate, airport: Candidate) -> bool:
    """Whether a town is merely called by the IATA code of an airport near it."""
    if town.own or airport.place.kind != "airport" or len(airport.place.matched or "") != LETTERS_OF_IATA:
        return False
    return distance(town.place.coordinates, airport.place.coordinates) <= OF_AIRPORT_KM


def is_clear(ranked: Sequence[Candidate]) -> bool:
    """Whether the first of the ranked candidates is meant beyond doubt: it is the only one, or far larger.

    Whose own name it is, is not rivalled by a place that is no larger and merely called so, too (Rome and Lomé).
    """
    if is_by_chance(ranked):
        return False
    rivals = [hit for hit in ranked[1:] if not gives_way(hit, ranked[0]) and not _is_named_after(hit, ranked[0])]
    own = OWN_RIVAL if ranked and not ranked[0].own and ranked[0].place.kind in AREAS else 1
    called = DOUBT if ranked and ranked[0].own else DOUBT_OF_NICKNAME
    heaviest = max((rival.weight * (own if rival.own else called) for rival in rivals), default=0)
    return bool(ranked) and ranked[0].weight >= CLEAR * heaviest


def _is_named_after(airport: Candidate, town: Candidate) -> bool:
    """Whether the rival is an airport by a part of its name, which is that of the town."""
    by_part = airport.place.kind == "airport" and len(airport.place.matched or "") not in (0, LETTERS_OF_IATA)
    return by_part and town.own and town.place.kind == "city"


def is_by_chance(ranked: Sequence[Candidate]) -> bool:
    """Whether the first may bear the name by chance, so that it is offered only.

    That is an airport by a part of its name (Fresno Yosemite) or its ICAO code, as four letters are as often a word
    (SYLT); a town whose name only begins so; and one that has another name of so few letters (Buhodle, also Wein, where
    Wien is meant).
    """
    if not ranked:
        return False
    candidate, matched = ranked[0], ranked[0].place.matched or ""
    if candidate.place.kind == "airport":
        is_by_part = len(matched) not in (0, LETTERS_OF_IATA)
        return is_by_part and (len(matched) <= SHORT or candidate.people < KNOWN_AIRPORT)
    return not candidate.own and len(matched) <= SHORT and (not matched or candidate.people < KNOWN_BY_SHORT)


def typing_order(exact: Iterable[Candidate], longer: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates while a name is being typed, each once: by weight, own names and whole names first."""
    best: dict[int, tuple[float, Candidate]] = {}
    for factor, candidates in ((EXACT, exact), (1, longer)):
        for hit in candidates:
            minor = MINOR if hit.place.kind in ("district", "airport") else 1
            weight = hit.people * minor * (factor if hit.own else NICKNAME_TYPED)
            if hit.number not in best or weight > best[hit.number][0]:
                best[hit.number] = weight, hit
    return [hit for _, hit in sorted(best.values(), key=lambda pair: (-pair[0], pair[1].number))]
