"""Reads upstream's JSON as far as possible: a malformed part is left out, and nothing beside it. Pure.

1. A good body is read in one pass, in C. Only a body that fails is read again, part by part.
2. A field that cannot be read is left out; a member of a list is dropped, or None where the type allows that.
3. A list that is too long is cut. A list of which no member can be read is malformed: an empty one would mean something
   else.
4. A character that is none costs itself: a byte of another encoding (a text cut within a letter), half a surrogate,
   a bare line break in a string.
"""

import json
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
"""What C and Python print for not-a-number (seen at Open-Meteo) and infinity, numbers that no float holds, and strings,
in which the same letters may stand."""

LARGEST_MENDED = 2**20
"""Bytes of a body that is mended, which is slow: forecasts have a tenth of that."""

ODD_CHARACTERS = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb'|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|(\\)|([\x00-\x1f])'
)
"""In a string: half a surrogate pair (first group), a backslash that escapes nothing (second), a control character
(third); and what looks alike and is right."""


def reader(kind: type[T]) -> Callable[[bytes], T]:
    """Returns a function that reads a body as that type. It raises msgspec.DecodeError if even its parts fail."""
    whole = msgspec.json.Decoder(kind, strict=False).decode  # not strict: "0.25" is the number that it spells

    def read(body: bytes) -> T:
        try:
            return whole(body)
        except NO_JSON:
            value: T = salvaged(parsed(body), kind)
            return value

    return read


def parsed(body: bytes) -> object:
    """The JSON in a body, with None for not-a-number; None also if the body is no JSON, and too large to be mended."""
    with suppress(*NO_JSON):
        return msgspec.json.decode(body)
    if len(body) > LARGEST_MENDED:
        return None
    with suppress(*NO_JSON):
        text = body.decode(json.detect_encoding(body), "replace").encode()
        return msgspec.json.decode(NO_NUMBERS.sub(string_or_null, text))
    return None


def string_or_null(match: re.Match[bytes]) -> bytes:
    return ODD_CHARACTERS.sub(right_character, match[0]) if match[0].startswith(b'"') else b"null"


def right_character(match: re.Match[bytes]) -> bytes:
    half_pair, lone_backslash, control = match.groups()
    if half_pair:
        return rb"\ufffd"
    if lone_backslash:
        return rb"\\"
    return rb"\u%04x" % control[0] if control else match[0]


def salvaged(value: object, kind: Any) -> Any:
    """As much of a value as fits a type. Raises ValidationError if nothing does."""
    with suppress(ValidationError):
        return msgspec.convert(value, kind, strict=False)
    for option, most in options(kind):
        with suppress(ValidationError):
            return in_parts(value, option, most)
    raise ValidationError("not of this type")


def options(kind: Any, most: int | None = None) -> Iterator[tuple[Any, int | None]]:
    """The plain types of a union or annotated type, each with the greatest length."""
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
        yield from options(kind, next((note.max_length for note in notes if isinstance(note, Meta)), None))
    elif get_origin(kind) in (Union, UnionType):
        for option in get_args(kind):
            yield from options(option, most)
    else:
        yield kind, most


def in_parts(value: object, kind: Any, most: int | None) -> Any:
    """A struct, list or dict, read part by part. Raises ValidationError if the value is none of that type."""
    if isinstance(kind, type) and issubclass(kind, Struct) and isinstance(value, dict):
        return structure(value, kind)
    if get_origin(kind) is list and isinstance(value, list):
        parts = [part for _, part in members(enumerate(value[:most]), get_args(kind)[0])]
        if parts or not value:
            return parts
    if get_origin(kind) is dict and isinstance(value, dict):
        return dict(members(value.items(), get_args(kind)[1]))
    raise ValidationError("not of this type")


def structure(value: dict[str, Any], kind: type[Struct]) -> Struct:
    """The struct with the fields that can be read; the others count as missing."""
    fields = {}
    for field in msgspec.structs.fields(kind):
        with suppress(ValidationError, KeyError):
            fields[field.name] = salvaged(value[field.encode_name], field.type)
        if field.required and field.name not in fields:
            raise ValidationError(f"no {field.encode_name!r}")
    return kind(**fields)


def members(pairs: Any, kind: Any) -> Iterator[tuple[Any, Any]]:
    """The members that can be read, and None for the others where the type allows it: columns keep their places."""
    may_be_none = any(option is NoneType for option, _ in options(kind))
    for name, value in pairs:
        try:
            yield name, salvaged(value, kind)
        except ValidationError:
            if may_be_none:
                yield name, None
