"""What is drawn is judged alike by the engine that validates, in any odd corner of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.strategies import Unsupported
from mock_mindvideo.strategies.json_schema.oracle import reported
from mock_mindvideo.strategies.json_schema.rule_space import Space
from mock_mindvideo.strategies.json_schema.supported import check
from mock_mindvideo.strategies.reading import READING, document
from tests.effort import examples
from tests.strategies.drawing import PATIENT

PATTERNS = [
    r"^\p{L}+$", r"^[^\p{L}\s]{2}$", r"^\u{1F600}+$", r"^\ud83d\ude00\/$", r"^(?<y>\d{4})-\k<y>$",
    r"^[^]$", r"^[\b\0\cA\v]$", "^[[a]$", "^[a&&b|]$", "^[--/]$", r"^(?=\d)[a-z\d]{8,}$",
    r"(?<=\$)\d+", r"^(?!admin$)[a-z]+$", r"^[\w.-]+$", "^https?://", r"^(?<$a>x|y)\k<$a>$",
    r"^[\p{Script=Han}]{2,4}$", "[]|a", r"\x41\u0042",
    r"^[^\W\d]$", r"^[^x\D5]$", r"^\D\W$", r"^[\D\s]\d\w$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(PATIENT, max_examples=examples(15))
@given(data=st.data())
def test_texts_and_names_are_drawn_in_which_it_is_found(pattern, data):
    schema = {
        "type": "object",
        "required": ["a"],
        "minProperties": 2,
        "properties": {"a": {"type": "string", "pattern": pattern}},
        "patternProperties": {pattern: {"type": "string"}},
        "additionalProperties": False,
    }
    value = data.draw(Space(document(schema, "x")).valid())

    assert READING.found(pattern, value["a"])
    assert any(READING.found(pattern, name) for name in value if name != "a")


@settings(PATIENT, max_examples=examples(30))
@given(data=st.data())
def test_a_value_that_breaks_the_pattern_alone_is_drawn_and_reported_as_such(data):
    space = Space(document({"type": "string", "pattern": r"^\d\p{Lu}$"}, "x"))
    invalid = data.draw(space.invalid())

    assert [each.keyword for each in reported(space.documents[0], invalid.value)] == [
        invalid.violation.keyword
    ]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"(?<=a+)b", "no texts can be drawn for "),
        (r"\Z", "invalid"),
        (r"(?P<n>a)", "invalid"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_place(pattern, reason):
    with pytest.raises(Unsupported, match=reason) as refused:
        check(document({"properties": {"a": {"pattern": pattern}}}, "input.schema.json"))

    assert refused.value.pointer == "input.schema.json#/properties/a"
    assert refused.value.keyword == "pattern"


@pytest.mark.parametrize("step", [0.1, 0.01, 1e-10, 2.5, 1e300, 3])
@settings(PATIENT, max_examples=examples(30))
@given(data=st.data())
def test_multiples_and_what_is_none_are_told_apart_exactly(step, data):
    space = Space(document({"type": "number", "multipleOf": step}, "x"))

    assert not list(reported(space.documents[0], data.draw(space.valid())))
    broken = data.draw(space.invalid())
    assert list(reported(space.documents[0], broken.value))
