"""What a body holds is known before it is read, and bounded."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.amount import amount
from mock_mindvideo.domain.errors import InvalidJson, PayloadTooLarge
from mock_mindvideo.domain.payload import MAX_DIGITS, MAX_VALUES, read_json

FAR = 10**6

texts = st.text('",[]{}\\:a图', max_size=12)
values = st.recursive(
    st.none() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


def held(value):
    """Members and items of a value, all the way down."""
    if isinstance(value, dict):
        return len(value) + sum(map(held, value.values()))
    return len(value) + sum(map(held, value)) if isinstance(value, list) else 0


def containers(value):
    if isinstance(value, dict):
        return 1 + sum(map(containers, value.values()))
    return 1 + sum(map(containers, value)) if isinstance(value, list) else 0


@pytest.mark.parametrize(
    "write", [orjson.dumps, lambda value: json.dumps(value, indent=2).encode()]
)
@given(values)
def test_the_counted_amount_is_never_less_than_the_true_one_and_hardly_more(write, value):
    text = write(value)
    quotes = text.count(b'\\"')

    assert held(value) <= amount(text, FAR) <= held(value) + containers(value) + quotes


@given(texts)
def test_what_stands_in_a_string_does_not_count(text):
    written = orjson.dumps([text])

    assert amount(written, FAR) <= 1 + text.count('"')


@given(st.binary(max_size=40))
def test_any_bytes_have_an_amount(raw):
    assert 0 <= amount(raw, FAR) <= len(raw)


BODIES = {
    "items": b"[" + b"1," * MAX_VALUES + b"1]",
    "members": b"{" + b'"a":1,' * MAX_VALUES + b'"a":1}',
    "arrays": b"[" + b"[[]]," * (MAX_VALUES // 2) + b"1]",
    "not JSON": b"[" + b"1," * MAX_VALUES + b"x",
    "escaped quotes": b'"' + b'\\"' * (5 * MAX_VALUES) + b'"',
    "after a long string": b'["' + b"[," * 10**6 + b'"' + b",1" * MAX_VALUES + b"]",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_holds_more_than_its_bound_is_refused_before_it_is_read(body):
    with pytest.raises(PayloadTooLarge, match="over 10000 members and items") as refused:
        read_json(body)

    assert (refused.value.status, refused.value.code) == (413, "payload_too_large")


def test_a_body_that_holds_just_as_much_as_its_bound_is_read():
    assert len(read_json(b"[" + b"1," * (MAX_VALUES - 2) + b"1]")) == MAX_VALUES - 1


def test_strings_may_be_as_long_as_a_body():
    uri = "data:image/png;base64," + "A" * 10**7

    assert read_json(orjson.dumps([uri, '\\"' * 9000])) == [uri, '\\"' * 9000]


def test_the_bound_can_be_set():
    with pytest.raises(PayloadTooLarge, match="over 2 members"):
        read_json(b"[1,2,3,4]", 2)


def test_a_number_of_many_digits_is_refused():
    with pytest.raises(InvalidJson, match=f"a number of over {MAX_DIGITS} digits"):
        read_json(b"1" * 200 + b"." + b"0" * MAX_DIGITS)


@given(st.integers(-(10**320), 10**320), st.integers(0, 60))
def test_a_large_number_is_exact_however_it_is_written(number, shift):
    digits = str(number)
    number *= 10**shift
    if abs(number) < 10**308:
        assert read_json(f"{digits}e{shift}".encode()) == number
        assert read_json(f"[{digits}.000e+{shift}]".encode()) == [number]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_the_number_that_it_is(number):
    value = read_json(orjson.dumps({"a": [number]}))["a"][0]

    assert float(value) == number
    assert isinstance(value, int) is number.is_integer()
