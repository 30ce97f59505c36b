"""Reading a body: all of JSON, nothing but JSON, and nothing that could hurt a reader."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import InvalidJson
from mock_mindvideo.domain.payload import MAX_DEPTH, read_json

from .documents import documents, spelled, value_of
from .making import LETTERS

TOO_DEEP = "the body is not acceptable JSON: nested over 64 levels deep"

MALFORMED = {
    "nothing": b"",
    "white space": b" \n",
    "not UTF-8": b'"\xff"',
    "cut in a character": b'"\xe5\x9b"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b"NaN",
    "Infinity": b'{"a":Infinity}',
    "minus Infinity": b"[-Infinity]",
    "a lone high surrogate": rb'"\ud83d"',
    "a lone low surrogate": rb'"\ude00"',
    "surrogates the wrong way round": rb'"\ude00\ud83d"',
    "a NUL": b'"\x00"',
    "a tab in a string": b'"\t"',
    "over a double": b"1e400",
    "under a double": b"-1e400",
    "400 digits": b"1" * 400,
    "5000 digits": b"1" * 5000,
    "the first number over a double": b"1.7976931348623159e308",
    "an exponent that nothing can hold": b"1e99999999999999999999999",
    "a leading zero": b"01",
    "a plus": b"+1",
    "a bare point": b"[1.,.5]",
    "a trailing comma": b"[1,]",
    "a comment": b"{}//",
    "two values": b"{} {}",
    "100,000 brackets": b"[" * 100_000,
    "100,000 pairs of brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_json_is_refused_with_the_reason(body):
    with pytest.raises(
        InvalidJson, match=r"^the body is not (valid|acceptable) JSON: .+"
    ) as refused:
        read_json(body)

    assert (refused.value.status, refused.value.code) == (400, "invalid_json")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"5.0", 5),
        (b"5e0", 5),
        (b"-0.0", 0),
        (b"1E+2", 100),
        (b"1e30", 10**30),
        (b"9007199254740993.0", 9007199254740993),
        (b"18446744073709551616", 2**64),
        (b"1" + b"0" * 308, 10**308),
        (b"0e99999999", 0),
        (b"0e999999999999999999999999", 0),
        (b"0.0e-99999999999999999999999", 0),
        (b"1." + b"0" * 5000, 1),
    ],
)
def test_a_whole_number_is_an_exact_int_however_it_is_written(body, value):
    read = read_json(body)

    assert read == value
    assert type(read) is int


@pytest.mark.parametrize("body", [b"1e-400", b"1e-99999999", b"1e-999999999999999999999999"])
def test_a_number_too_small_for_a_double_is_read_as_nothing(body):
    assert read_json(body) == 0


@pytest.mark.parametrize(
    ("body", "value"),
    [(b"true", True), (b"null", None), (b'"1.5e3"', "1.5e3"), (b"0.1", 0.1), (rb'"\u56fe"', "图")],
)
def test_values_other_than_numbers_are_read_as_themselves(body, value):
    read = read_json(body)

    assert read == value
    assert type(read) is type(value)


def test_of_a_name_given_twice_the_last_one_counts():
    assert read_json(b'{"a":1,"b":0.5,"a":2}') == {"a": 2, "b": 0.5}


@given(
    levels=st.integers(MAX_DEPTH - 3, MAX_DEPTH + 3),
    bracket=st.sampled_from([(b"[", b"]"), (b'{"a":', b"}")]),
    inside=st.sampled_from([b"1", b"0.5", b'"x"', b"[]", b"{}"]),
    beside=st.sampled_from([b"", b" "]),
)
def test_nesting_is_taken_to_exactly_64_levels_whatever_is_inside(levels, bracket, inside, beside):
    opening, closing = bracket
    depth = levels + (inside in (b"[]", b"{}"))
    body = opening * levels + beside + inside + closing * levels
    if depth > MAX_DEPTH:
        with pytest.raises(InvalidJson) as refused:
            read_json(body)
        assert str(refused.value) == TOO_DEEP
    else:
        assert read_json(body) == json.loads(body)


def test_brackets_beside_each_other_are_not_nesting():
    assert read_json(b"[" + b"[]," * 4998 + b"[]]") == [[]] * 4999


def test_brackets_in_a_string_are_not_nesting():
    assert read_json(b'"' + b"[{" * 10_000 + b'"') == "[{" * 10_000


@given(st.binary(max_size=30) | st.text('{}[]":,0123456789eE+-. nulltrue\\ud8', max_size=40))
def test_any_bytes_are_either_read_or_refused(body):
    raw = body if isinstance(body, bytes) else body.encode()
    try:
        read_json(raw)
    except InvalidJson:
        return

    json.loads(raw)  # what was read is JSON to another reader too


@given(st.data())
def test_what_is_written_as_json_is_read_as_what_it_was(data):
    text = data.draw(documents.flatmap(spelled))

    assert read_json(text.encode()) == value_of(text)


@given(st.text(LETTERS) | st.sampled_from(["1.5", "12345678901234567890", "1e5"]))
def test_text_that_looks_like_a_number_stays_text(text):
    assert read_json(json.dumps({"a": text, "b": 1.5}).encode()) == {"a": text, "b": 1.5}
