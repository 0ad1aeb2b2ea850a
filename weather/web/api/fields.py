"""`fields=`: parses dotted names, and selects them from an answer. Pure."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from weather.errors import BadParameter
from weather.web.http.query import all_of
from weather.web.http.suggestions import member_for

Schema = Mapping[str, Any]
Tree = dict[str, Any]
WHOLE: Tree = {}


@cache
def names_of(kind: type) -> tuple[str, ...]:
    """Return every dotted name in an answer of that type. A name inside a list stands for all its items."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="{name}")
    return tuple(dict.fromkeys(_names(schema, parts)))


def _names(schema: Schema, parts: Mapping[str, Schema]) -> Iterator[str]:
    if "$ref" in schema:
        schema = parts[schema["$ref"]]
    for part in [*schema.get("anyOf", ()), *filter(None, [schema.get("items")])]:
        yield from _names(part, parts)
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from (f"{name}.{rest}" for rest in _names(inner, parts))


def parse_fields(text: str, known: tuple[str, ...]) -> frozenset[str]:
    """Parse a comma list of known names: their union, blanks and empty names left out. Raises BadParameter."""
    names = frozenset(filter(None, (name.strip() for name in text.split(","))))
    if not names:
        raise BadParameter("fields", "fields is empty")
    if unknown := sorted(names.difference(known)):
        raise all_of([unknown_field(name, known) for name in unknown[:MOST_TOLD]])
    return names


MOST_TOLD = 20
"""Unknown names that one answer tells of."""


def unknown_field(name: str, known: tuple[str, ...]) -> BadParameter:
    """Return the error of an unknown name, with the one that was meant, or those of its section."""
    meant, shown = member_for(name[:80], known), repr(name[:80])
    if meant:
        return BadParameter("fields", f"{shown} is not a field here; did you mean {meant}?", did_you_mean=meant)
    section = name.partition(".")[0]
    within = tuple(field for field in known if section in known and field.startswith(f"{section}."))
    return BadParameter(
        "fields", f"{shown} is not a field here", within or tuple(field for field in known if "." not in field)
    )


def select(value: Any, names: frozenset[str]) -> Any:
    """Select these names from a value of sequences and dictionaries. The order of the value stays."""
    return _selected(value, _tree(names))


def _tree(names: frozenset[str]) -> Tree:
    """Return the names as a tree, so that each member is looked up once. A member that is wanted whole is WHOLE."""
    tree: Tree = {}
    for name in sorted(names):  # "a" before "a.b", which adds nothing to it
        *above, last = name.split(".")
        level = tree
        for part in above:
            level = level.setdefault(part, {})
            if level is WHOLE:
                break
        else:
            level[last] = WHOLE
    return tree


def _selected(value: Any, tree: Tree) -> Any:
    if isinstance(value, list | tuple):
        return [_selected(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner if tree[key] is WHOLE else _selected(inner, tree[key]) for key, inner in value.items() if key in tree
    }
