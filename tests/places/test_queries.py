"""The list of queries with the places that are meant: each class reaches its aim, and nothing is wrong silently."""

import asyncio
from collections.abc import Sequence

import pytest
from places.report import AIMS, Outcome, outcomes, queries


@pytest.fixture(scope="module")
def results() -> list[Outcome]:
    return asyncio.run(outcomes())


def test_the_list_is_as_long_and_as_wide_as_it_has_to_be():
    """At least 400 queries in 20 languages, each class among them."""
    listed = queries()
    assert len(listed) >= 400
    assert len({query.lang for query in listed}) >= 20
    assert {query.group for query in listed} == AIMS.keys()
    assert len({query.text for query in listed}) == len(listed)


@pytest.mark.slow
def test_nothing_is_wrong_silently(results):
    """No query leads to another place than the one that is meant without asking."""
    assert not [f"{result.query.text}: {result.told}" for result in results if result.is_wrong]


@pytest.mark.slow
@pytest.mark.parametrize("group", AIMS)
def test_a_class_reaches_its_aim(results, group):
    """The share of the class that is answered rightly."""
    own: Sequence[Outcome] = [result for result in results if result.query.group == group]
    misses = [f"{result.query.text}: {result.told}" for result in own if not result.is_right]
    assert 1 - len(misses) / len(own) >= AIMS[group], misses
