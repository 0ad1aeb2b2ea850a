"""`fields=`: a comma list of dotted names, and what of an answer they choose. Pure."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from weather.errors import BadParameter

Schema = Mapping[str, Any]
Tree = dict[str, Any]
WHOLE: Tree = {}


def names_of(kind: type) -> tuple[str, ...]:
    """Every dotted name in an answer of that type; those inside a list stand for all its items."""
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
    """The names in a list, each a known one. Raises BadParameter, which names the nearest."""
    names: set[str] = set()
    for name in text.split(","):
        if name not in known:
            raise BadParameter("fields", unknown(name[:80], known))
        if name in names:
            raise BadParameter("fields", f"{name} is given more than once")
        names.add(name)
    return frozenset(names)


def unknown(name: str, known: tuple[str, ...]) -> str:
    """What to say of a name that is none."""
    near = get_close_matches(name, known, 1, 0.5)
    return f"{name!r} is not a field here" + (f"; did you mean {near[0]}?" if near else "")


def select(value: Any, names: frozenset[str]) -> Any:
    """Of a value made of sequences and dictionaries what these names choose, in its own order."""
    return _selected(value, _tree(names))


def _tree(names: frozenset[str]) -> Tree:
    """The names by their parts, so that each member is looked up once; one that is wanted whole has nothing below."""
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
