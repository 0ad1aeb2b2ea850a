"""Which of several places a name means. The people are made up, the rules are the issue's."""

import pytest

from weather.domain.model import Place
from weather.places.gazetteer.ranking import Candidate, is_clear, rank, typing_order
from weather.places.gazetteer.spelling import edits, slips


def candidate(
    name: str, people: int, *, own: bool = True, kind: str = "city", country: str = "XX", state: str | None = None
) -> Candidate:
    place = Place(name, country, state, 0, 0, "Etc/UTC", kind)
    return Candidate(place, people, own, number=hash((name, people, kind)))


def names(ranked: list[Candidate]) -> list[str | None]:
    return [one.place.name for one in ranked]


@pytest.mark.parametrize(("largest", "clear"), [(19_999, False), (20_000, True)])
def test_twenty_times_the_weight_is_clear(largest: int, clear: bool) -> None:
    """A place that outweighs the next by twenty is meant at once; below that one is asked."""
    assert is_clear(rank([candidate("small", 1000), candidate("large", largest)])) is clear


def test_the_only_one_is_clear_and_none_is_not() -> None:
    """However small, a place that nobody shares the name with is meant."""
    assert is_clear([candidate("a", 1)])
    assert not is_clear([])


def test_a_nickname_does_not_beat_the_own_name_of_a_larger_place() -> None:
    """What is merely called so counts an eighth of its people."""
    assert names(rank([candidate("nick", 100_000, own=False), candidate("own", 50_000)])) == ["own", "nick"]
    assert names(rank([candidate("nick", 5_000_000, own=False), candidate("own", 5_000)])) == ["nick", "own"]


def test_a_nickname_makes_a_name_less_doubtful_than_a_namesake() -> None:
    """Lomé, a capital that somebody writes Rome, does not stand between a reader and Rome."""
    rome = candidate("Rome", 9_300_000)
    assert is_clear(rank([rome, candidate("Lomé", 3_700_000, own=False)]))
    assert not is_clear(rank([rome, candidate("Rome", 470_000)]))


def test_a_region_gives_way_to_its_town_of_the_same_name() -> None:
    """New York is the city, not the state; Quebec may be either: its town has too few of the region's people."""
    region = candidate("R", 2_000_000, kind="region")
    city, village = candidate("C", 8_000_000, state="R"), candidate("V", 500_000, state="R")
    assert names(rank([region, city])) == ["C", "R"]
    assert is_clear(rank([region, city]))
    assert names(rank([region, village])) == ["R", "V"]
    assert not is_clear(rank([region, village]))


def test_a_country_gives_way_to_a_town_that_is_most_of_it() -> None:
    """Singapore is the city; Mexico is the country."""
    country = candidate("N", 1_000_000, kind="country")
    assert names(rank([country, candidate("N", 500_000)])) == ["N", "N"]
    assert is_clear(rank([country, candidate("N", 500_000)]))
    assert not is_clear(rank([country, candidate("N", 300_000)]))


def test_an_area_never_gives_way_to_a_town_elsewhere() -> None:
    """A larger town of that name in another country leaves the question open."""
    region = candidate("R", 2_000_000, kind="region", country="YY")
    assert not is_clear(rank([region, candidate("R", 8_000_000, state="R")]))


def test_while_typing_own_names_stand_before_others_and_towns_before_their_parts() -> None:
    """A whole name counts most, then what begins so by its own name; districts and airports stand below towns."""
    whole = candidate("whole", 10_000)
    longer = [
        candidate("nick", 1_000_000, own=False), candidate("district", 150_000, kind="district"),
        candidate("town", 100_000), whole,
    ]  # fmt: skip
    # 10,000 x 30, 100,000, 1,000,000 x 0.03 and 150,000 x 0.2, which are 30,000 both: by number
    assert names(typing_order([whole], longer))[:2] == ["whole", "town"]
    assert set(names(typing_order([whole], longer))[2:]) == {"district", "nick"}


def test_one_slip_is_one_letter_missing_turned_changed_or_added() -> None:
    """The four kinds of slips, of a word of two letters; no others."""
    assert edits("ab", "c") == {"a", "b", "ba", "cb", "ac", "cab", "acb", "abc"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lodnon", "london"),
        ("pariss", "paris"),
        ("muenchenn", "muenchen"),
        ("nwe york", "new york"),
        ("масква", "москва"),
    ],
)
def test_a_name_is_among_the_forms_that_its_slip_may_have_been(typed: str, meant: str) -> None:
    """One slip away the name is found in the first set."""
    assert meant in next(slips(typed))


@pytest.mark.parametrize("text", ["", "abc", "x" * 31])
def test_what_is_too_short_or_too_long_is_a_slip_of_nothing(text: str) -> None:
    """To three letters everything is near, and a long text would cost too much."""
    assert list(slips(text)) == []


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyzabcdefg", "абвгдежзийклмнопрстуфхцчшщъыьэюяабвгд"])
def test_no_length_of_a_name_costs_much(letters):
    """Each form is looked up in the gazetteer: of no name are there more than 25,000, of a long one far fewer."""
    counts = [sum(map(len, slips(letters[:length]))) for length in range(40)]
    assert max(counts) <= 25_000
    assert max(counts[14:]) <= 3_000
