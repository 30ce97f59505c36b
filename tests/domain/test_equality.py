"""Two JSON values are equal where JSON Schema says so."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.domain.equality import key, same

LEAVES = st.sampled_from([None, True, False, 0, 1, -1, 0.0, 1.0, 0.5, "", "1", "a", 10**20, 1e20])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)


@given(VALUES, VALUES)
def test_equality_is_that_of_const(left: Any, right: Any) -> None:
    assert same(left, right) == Draft202012Validator({"const": left}).is_valid(right)


@given(VALUES, VALUES)
def test_equal_values_and_only_those_share_a_key(left: Any, right: Any) -> None:
    assert (key(left) == key(right)) == same(left, right)
