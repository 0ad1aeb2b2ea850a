"""`fields=`: parses a comma list of dotted names, and selects them from an answer. Pure."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from weather.errors import BadParameter

Schema = Mapping[str, Any]
Tree = dict[str, Any]
WHOLE: Tree = {}


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
    """Parse a comma list of known names. Raises BadParameter, which suggests the nearest known name."""
    names: set[str] = set()
    for name in text.split(","):
        if name not in known:
            raise BadParameter("fields", unknown(name[:80], known))
        if name in names:
            raise BadParameter("fields", f"{name} is given more than once")
        names.add(name)
    return frozenset(names)


def unknown(name: str, known: tuple[str, ...]) -> str:
    """Return the message about an unknown name."""
    near = get_close_matches(name, known, 1, 0.5)
    return f"{name!r} is not a field here" + (f"; did you mean {near[0]}?" if near else "")


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
