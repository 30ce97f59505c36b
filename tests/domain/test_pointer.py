"""Pointers lead to where they were written for, as another library reads them too."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from referencing import Resource, Specification

from mock_mindvideo.domain.pointer import escaped, followed, pointer, steps, unescaped

NAMES = st.text(st.sampled_from("~/01%ab #図"), max_size=4)
PATHS = st.lists(st.one_of(NAMES, st.integers(0, 2)), max_size=5)


def nested(path: list[str | int]) -> Any:
    """A value that holds "here" at the end of the path."""
    value: Any = "here"
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [*["beside"] * step, value]
    return value


@given(PATHS)
def test_a_written_pointer_leads_to_its_place(path: list[str | int]) -> None:
    assert followed(nested(path), pointer(path)) == "here"
    assert steps(pointer(path)) == [str(step) for step in path]


@given(PATHS)
def test_another_reader_of_pointers_finds_the_same_place(path: list[str | int]) -> None:
    resource = Resource(nested(path), Specification.OPAQUE)
    resolver: Any = None
    quoted = pointer(path).replace("%", "%25")
    assert resource.pointer(quoted, resolver).contents == "here"


@given(NAMES)
def test_what_was_escaped_is_read_back(name: str) -> None:
    assert unescaped(escaped(name)) == name
    assert "/" not in escaped(name)


@pytest.mark.parametrize("at", ["/a/2", "/a/-1", "/a/01", "/a/٠", "/a/x", "/b", "/a/0/0", "/a/-"])
def test_a_pointer_to_nothing_is_an_error(at: str) -> None:
    with pytest.raises(LookupError):
        followed({"a": [1, 2]}, at)
