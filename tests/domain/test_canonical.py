"""Same payload means equal JSON values: equal values are equal bytes, and only they."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.payload import canonical, read_json

from .documents import TOKENS, documents, meaning, spelled

same_documents = documents.flatmap(lambda each: st.tuples(spelled(each), spelled(each)))
two_documents = st.tuples(documents.flatmap(spelled), documents.flatmap(spelled))


def written(text):
    return canonical(read_json(text.encode()))


@given(same_documents)
def test_two_spellings_of_one_document_are_equal_bytes(texts):
    one, other = texts

    assert written(one) == written(other)


@given(two_documents | same_documents)
def test_bytes_are_equal_exactly_where_json_values_are(texts):
    one, other = texts

    assert (written(one) == written(other)) is (meaning(one) == meaning(other))


@given(st.sampled_from(TOKENS), st.sampled_from(TOKENS))
def test_bytes_of_numbers_are_equal_exactly_where_the_numbers_are(one, other):
    assert (written(one) == written(other)) is (meaning(one) == meaning(other))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("1", "1.0", True),
        ("1", "true", False),
        ("0", "false", False),
        ("0", "null", False),
        ("1", '"1"', False),
        ("0", "-0.0", True),
        ("1" + "0" * 30, "1e30", True),
        ("1" + "0" * 29 + "1", "1e30", False),
        ("9007199254740992", "9007199254740993", False),
        ('{"a":1,"b":2}', '{ "b": 2, "a": 1 }', True),
        ('{"a":1}', '{"a":1,"b":null}', False),
        ("[1,2]", "[2,1]", False),
        ("[]", "{}", False),
        (r'"\u56fe\/"', '"图/"', True),
        (r'"\u00e9"', r'"e\u0301"', False),
    ],
)
def test_what_clients_may_take_for_the_same_payload(one, other, equal):
    assert (written(one) == written(other)) is equal


@given(documents.flatmap(spelled))
def test_canonical_bytes_read_back_as_the_value_and_as_themselves(text):
    value = read_json(text.encode())

    assert read_json(canonical(value)) == value
    assert canonical(read_json(canonical(value))) == canonical(value)


@given(documents.flatmap(spelled))
def test_canonical_bytes_have_sorted_names_and_no_white_space(text):
    raw = written(text).decode()

    def check(members):
        names = [name for name, _ in members]
        assert names == sorted(names)

    json.loads(raw, object_pairs_hook=check)
    assert not re.search(r"\s", re.sub(r'"(\\.|[^"\\])*"', "", raw))


def test_names_are_sorted_also_beside_an_integer_beyond_64_bits():
    assert canonical({"b": 10**30, "a": "图"}) == (
        '{"a":"图","b":1000000000000000000000000000000}'.encode()
    )
