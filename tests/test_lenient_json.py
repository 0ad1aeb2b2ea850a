"""What is odd in a body costs itself."""

import json
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError, Meta, Struct

from weather.upstream.lenient_json import parsed, reader

Number = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Inner(Struct):
    id: int
    name: str | None = None


class Outer(Struct):
    list: Annotated[list[Inner], Meta(max_length=3)]
    number: Number | None = None
    column: list[Number | None] | None = None
    amounts: dict[str, Number | None] | Number | None = None
    tags: list[str] | None = None


read = reader(Outer)
ONE = '{"id": 1}'


@pytest.mark.parametrize(
    "token", ["nan", "-nan", "NaN", "-NaN", "NAN", "Infinity", "-Infinity", "inf", "-inf", "1e999"]
)
def test_a_number_that_is_none_is_null_and_costs_nothing_else(token):
    """Where nobody looks it costs nothing, where somebody does one value; the same letters in a text are a text."""
    raw = f'{{"unread": {token}, "column": [1,{token},3], "tags": ["say \\" {token} , {token}"], "list": [{ONE}]}}'
    told = read(raw.encode())
    assert (told.column, told.tags) == ([1.0, None, 3.0], [f'say " {token} , {token}'])
    assert told.list == [Inner(1)]
    assert parsed(raw.encode())["unread"] is None


@pytest.mark.parametrize("number", ["9" * 4000, "-" + "9" * 400, "1" * 5000 + ".5", "1" * 320 + "e5"])
def test_a_number_that_no_float_holds_is_not_known(number):
    """However many digits it has."""
    assert read(f'{{"number": {number}, "list": [{ONE}]}}'.encode()) == Outer([Inner(1)])


@pytest.mark.parametrize("text", ["0.25", "-1e1", "7"])
def test_a_number_as_text_is_that_number(text):
    """`"rain": {"1h": "0.25"}` is a quarter of a millimetre."""
    told = read(json.dumps({"list": [], "number": text, "amounts": {"1h": text}}).encode())
    assert (told.number, told.amounts) == (float(text), {"1h": float(text)})


@pytest.mark.parametrize("odd", ["80 %", "NaN", "", True, [], {}, 1e10, [1]])
def test_a_field_that_is_none_is_as_if_it_were_not_there(odd):
    """In a field, in a column (whose other places stay), and in a table of amounts."""
    told = read(
        json.dumps({"list": [], "number": odd, "column": [1, odd, 3], "amounts": {"1h": odd, "3h": 2}}).encode()
    )
    assert (told.number, told.column, told.amounts) == (None, [1, None, 3], {"1h": None, "3h": 2})


@pytest.mark.parametrize("odd", [None, 5, "x", {}, {"id": None}, {"id": "x"}, []])
def test_a_member_that_is_none_is_left_out(odd):
    """An entry of a list that lacks what it must have, or is none at all; those beside it stay."""
    told = read(json.dumps({"list": [{"id": 1}, odd, {"id": 2, "name": 5}], "tags": ["a", None, "b"]}).encode())
    assert (told.list, told.tags) == ([Inner(1), Inner(2)], ["a", "b"])


def test_a_list_without_end_is_cut():
    """What stands beyond the greatest length is not read."""
    assert [one.id for one in read(json.dumps({"list": [{"id": n} for n in range(9)]}).encode()).list] == [0, 1, 2]


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{}", b'{"list": 5}', b'{"list": [', b"<html>", b'{"list": nan}', b"\xff"]
)
def test_what_is_no_such_body_is_refused(raw):
    """No JSON, cut short, or without what it must have: also where no member of a list can be read."""
    with pytest.raises(DecodeError):
        read(raw)


@given(st.binary(max_size=200) | st.text('"\\nai[]{}:,0e-', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(raw):
    """Nothing else comes of them."""
    try:
        read(raw)
    except DecodeError:
        assert True
    parsed(raw)


def test_an_open_text_of_backslashes_is_read_in_one_pass():
    """One pass over the bytes, whatever they are: twice a power of two of them would not end otherwise."""
    assert parsed(b'nan"' + b'\\"' * 2**20) is None


def test_deep_nesting_is_refused():
    """A hundred thousand brackets."""
    with pytest.raises(DecodeError):
        read(b'{"list": [], "x": ' + b"[" * 10**5 + b"]" * 10**5 + b"}")


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        (b"M\xfcnchen", "M\ufffdnchen"),  # Latin-1
        ("Gefahr durch Bö".encode()[:-1], "Gefahr durch B\ufffd"),  # cut within a letter
        (rb"a\ud83d b", "a\ufffd b"),  # half an emoji
        (rb"a\udc00\ud83d", "a\ufffd\ufffd"),  # two halves the wrong way round
        (rb"\ud83d\ude00", "😀"),
        (rb"\\ud83d", r"\ud83d"),  # a backslash and letters
        (b"one\ntwo\tthree\x00", "one\ntwo\tthree\x00"),  # RFC 8259, 7: they must be escaped
        (rb"It\'s \x41 \u12", r"It\'s \x41 \u12"),  # escapes that JSON has not
        (rb"say \"so\" \/ \\", r'say "so" / \ '.rstrip()),
    ],
)
def test_a_character_that_is_none_costs_itself(raw, read_as):
    """In a string that nobody reads it costs nothing; in one that somebody reads, one character."""
    body = b'{"unread": "%s", "tags": ["%s", "b"], "list": [%s]}' % (raw, raw, ONE.encode())
    assert parsed(body)["unread"] == read_as
    assert read(body) == Outer([Inner(1)], tags=[read_as, "b"])
    assert read(body.replace(b'"b"', b"1")).list == [Inner(1)]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_in_another_unicode_encoding_is_read(coding):
    """By its first bytes (RFC 4627, 3)."""
    assert read(f'{{"list": [{ONE}], "tags": ["Köln"]}}'.encode(coding)) == Outer([Inner(1)], tags=["Köln"])


def test_a_large_body_that_is_no_json_is_not_mended():
    """Megabytes of quotes would hold everybody up for seconds; a large body that is JSON is read."""
    assert parsed(b'"' * 2**21) is None
    assert parsed(b'[nan, "' + b"a" * 2**20 + b'"]') is None
    assert parsed(b'["' + b"a" * 2**20 + b'"]') is not None
