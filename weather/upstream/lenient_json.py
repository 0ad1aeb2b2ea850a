"""JSON from upstream, read as far as it can be: an odd part costs itself, and nothing beside it. Pure.

A good body is read in one go, in C. Only one that cannot be is read again, part by part: a field that is none is left
out, a member of a list is dropped (or None, where that is a value), and a list without end is cut. A list of which
no member can be read is none: that it is empty would be another message.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import DecodeError, Meta, Struct, ValidationError

T = TypeVar("T")

NO_JSON = (DecodeError, UnicodeDecodeError, RecursionError)
NO_NUMBERS = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"?|[-+]?(?:nan(?:\([a-z]*\))?|inf(?:inity)?)|-?\d[\d.e+-]{300,}|-?\d[\d.]*e\+?\d{3,}',
    re.IGNORECASE | re.DOTALL,
)
"""What C and Python print for a number that is none (seen at Open-Meteo), or that no float can hold; and texts, in
which the same letters may stand."""


def reader(kind: type[T]) -> Callable[[bytes], T]:
    """What makes a value of that type of a body. It raises msgspec.DecodeError if even its parts cannot be read."""
    whole = msgspec.json.Decoder(kind, strict=False).decode  # not strict: "0.25" is the number that it spells

    def read(body: bytes) -> T:
        try:
            return whole(body)
        except NO_JSON:
            value: T = salvaged(parsed(body), kind)
            return value

    return read


def parsed(body: bytes) -> object:
    """The JSON in a body, a number that is none as None; None too if it is no JSON."""
    with suppress(*NO_JSON):
        return msgspec.json.decode(body)
    with suppress(*NO_JSON):
        return msgspec.json.decode(NO_NUMBERS.sub(known, body))
    return None


def known(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0].startswith(b'"') else b"null"


def salvaged(value: object, kind: Any) -> Any:
    """As much of a value as is of a type. Raises ValidationError if that is nothing."""
    with suppress(ValidationError):
        return msgspec.convert(value, kind, strict=False)
    for one, most in options(kind):
        with suppress(ValidationError):
            return in_parts(value, one, most)
    raise ValidationError("not of this type")


def options(kind: Any, most: int | None = None) -> Iterator[tuple[Any, int | None]]:
    """The plain types that a type stands for, each with the greatest length."""
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
        yield from options(kind, next((note.max_length for note in notes if isinstance(note, Meta)), None))
    elif get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from options(one, most)
    else:
        yield kind, most


def in_parts(value: object, kind: Any, most: int | None) -> Any:
    """A structure whose parts are read one by one. Raises ValidationError if it is none of that type."""
    if isinstance(kind, type) and issubclass(kind, Struct) and isinstance(value, dict):
        return structure(value, kind)
    if get_origin(kind) is list and isinstance(value, list):
        found = [part for _, part in members(enumerate(value[:most]), get_args(kind)[0])]
        if found or not value:
            return found
    if get_origin(kind) is dict and isinstance(value, dict):
        return dict(members(value.items(), get_args(kind)[1]))
    raise ValidationError("not of this type")


def structure(value: dict[str, Any], kind: type[Struct]) -> Struct:
    """The fields that can be read; the others are as if they were not there."""
    told = {}
    for field in msgspec.structs.fields(kind):
        with suppress(ValidationError, KeyError):
            told[field.name] = salvaged(value[field.encode_name], field.type)
        if field.required and field.name not in told:
            raise ValidationError(f"no {field.encode_name!r}")
    return kind(**told)


def members(pairs: Any, kind: Any) -> Iterator[tuple[Any, Any]]:
    """The members that can be read. A place in a column must stay: there None stands for what cannot."""
    may_be_none = any(one is NoneType for one, _ in options(kind))
    for name, value in pairs:
        try:
            yield name, salvaged(value, kind)
        except ValidationError:
            if may_be_none:
                yield name, None
