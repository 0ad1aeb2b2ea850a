"""The members of a whole answer, one by one, as their types describe them: the table of `/docs`. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from weather.web.api.schema import ANSWERS

REFERENCE = "#/"
FORMATS = {"date-time": "time", "date": "date"}
TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its dotted path, `[]` for every item of a list; its type; whether it may be null; unit; meaning."""

    path: str
    kind: str
    is_nullable: bool
    unit: str
    about: str


@cache
def members() -> dict[str, tuple[Member, ...]]:
    """Return the members of the answer of `/api/v1/forecast`, by its top member."""
    (schema,), parts = msgspec.json.schema_components([ANSWERS["forecast"]], ref_template=f"{REFERENCE}{{name}}")
    rows = list(described(resolved(schema, parts), parts, ""))
    tops = dict.fromkeys(member.path.partition(".")[0].removesuffix("[]") for member in rows)
    return {top: tuple(row for row in rows if row.path.startswith(top)) for top in tops}


def described(schema: dict[str, Any], parts: dict[str, Any], above: str) -> Iterator[Member]:
    """Yield the members of an object, each followed by its own."""
    for name, inner in schema.get("properties", {}).items():
        is_nullable = {"type": "null"} in inner.get("anyOf", ())
        shape = resolved(next(iter(inner.get("anyOf", (inner,)))), parts)
        path = f"{above}{name}"
        if shape.get("type") == "array":
            items = resolved(shape["items"], parts)
            yield Member(path, f"list of {kind_of(items)}", is_nullable, *words_of(inner | shape))
            yield from described(items, parts, f"{path}[].")
        else:
            yield Member(path, kind_of(shape), is_nullable, *words_of(shape | inner))
            yield from described(shape, parts, f"{path}.")


def resolved(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema refers to, or itself."""
    definition: dict[str, Any] = parts[schema["$ref"].removeprefix(REFERENCE)] if "$ref" in schema else schema
    return definition


def kind_of(shape: dict[str, Any]) -> str:
    return FORMATS.get(shape.get("format", "")) or TYPES.get(shape.get("type", ""), "object")


def words_of(schema: dict[str, Any]) -> tuple[str, str]:
    """Return unit and meaning, with all values if there are few."""
    about, _, unit = schema.get("description", "").partition(" Unit: ")
    values = ", ".join(f"`{value}`" for value in schema.get("enum", ()) if value is not None)
    return unit.strip("`."), f"{about} One of {values}." if values else about
