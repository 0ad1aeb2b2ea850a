"""The query parameters that choose units: `units`, and one for each quantity that refines it. Pure."""

from functools import partial

from weather.domain.unit_choice import CHOICES, refined
from weather.domain.units import SYSTEMS, System
from weather.web.http.query import one_of, read_all, units

UNIT_PARAMS = ("units", *CHOICES)


def system_in(values: dict[str, str], default: str) -> System:
    """The unit system of a query, refined by its parameters for single quantities. Raises BadParameter."""
    names = [name for name in CHOICES if name in values]
    readers = [partial(one_of, name=name, default="") for name in names]
    system, *chosen = read_all(values, [], lambda params: units(params, default), *readers)
    return refined(SYSTEMS[system], dict(zip(names, chosen, strict=True)))
