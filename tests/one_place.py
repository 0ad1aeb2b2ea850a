"""A hook for schemathesis: the rule that OpenAPI has no word for, that a place is named in exactly one way.

And that many places are told in JSON alone.

The parameters are flat and optional, so that every client generator builds a right request; the rule stands in their
descriptions and in the 400. Without this hook the tool would send none or all of them, and call the refusal a fault.
"""

import schemathesis
from schemathesis import GenerationMode

WAYS = ({"q"}, {"lat", "lon"}, {"zip"}, {"id"}, {"saved"}, {"at"})
NAMES = set().union(*WAYS)


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    """Where a valid request names no place, or several, it asks for London instead; what is invalid stays as it is."""
    known = {parameter.name for parameter in case.operation.query}
    if not known >= NAMES - {"at"} or (case.meta and case.meta.generation.mode is GenerationMode.NEGATIVE):
        return
    if NAMES & set(case.query) not in WAYS:
        case.query = {name: value for name, value in case.query.items() if name not in NAMES} | {"q": "London"}
    if "at" in case.query and case.query.get("format") == "csv":
        case.query = case.query | {"format": "json"}
