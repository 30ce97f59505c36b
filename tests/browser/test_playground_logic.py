"""The playground's logic: JSON without loss, defaults, branches, scripts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from mock_mindvideo.domain.pointer import unescaped
from tests.browser.playing import leaves
from tests.browser.pure import Logic, NodeError, logic
from tests.browser.test_playground_forms import FORMS
from tests.effort import examples


@pytest.fixture(scope="module")
def pure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logic]:
    with logic(tmp_path_factory.mktemp("pure")) as opened:
        yield opened


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = TEXT | st.sampled_from(["__proto__", "constructor", "1", "toString", ""])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def exact(text: str) -> Any:
    """JSON with its numbers as they are written."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)

    def constant(text: str) -> None:
        raise ValueError(text)

    return json.loads(
        text, parse_float=str, parse_int=str, object_pairs_hook=members, parse_constant=constant
    )


@given(VALUES, st.sampled_from(["", "  "]), st.booleans())
def test_json_goes_through_the_form_without_loss(
    pure: Logic, value: Any, indent: str, ascii_only: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert exact(pure.do("rewritten", text, indent)) == exact(text)


@pytest.mark.parametrize(
    "number", ["1.0", "-0", "0.10", "1e3", "1E-7", "12345678901234567890", "1e400"]
)
def test_a_number_keeps_the_digits_that_it_was_written_with(pure: Logic, number: str) -> None:
    assert pure.do("rewritten", f"[{number}]") == f"[{number}]"


MARKS = list('{}[],:"\\ \n\t0123456789.eE+-tfnu\x00\x0b\u00a0')


def broken(text: str, at: int, mark: str, cut: int) -> str:
    """A text with a mark put in somewhere, in the place of what stood there."""
    at %= len(text) + 1
    return text[:at] + mark + text[at + cut :]


BROKEN = st.builds(
    broken, VALUES.map(json.dumps), st.integers(0, 200), st.sampled_from(MARKS), st.integers(0, 2)
)


@given(BROKEN)
def test_what_is_no_json_is_refused_and_what_is_is_read(pure: Logic, text: str) -> None:
    try:
        expected = exact(text)
    except ValueError:
        with pytest.raises(NodeError, match=r"^line \d+, column \d+: "):
            pure.do("rewritten", text, "")
    else:
        assert exact(pure.do("rewritten", text, "")) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1,\n "a": 2}', 'line 2, column 2: the name "a" stands here twice'),
        ('{"a": [1,]}', "line 1, column 10: a value is expected, not ]"),
        ("{'a': 1}", "line 1, column 2: unexpected \"'a': 1}\""),
        ('{"a": 01}', 'line 1, column 7: unexpected "01}"'),
        ('{"a"', "line 1, column 5: a colon is expected"),
        ("1 2", "line 1, column 3: nothing may follow the value"),
        ("[" * 600, "line 1, column 502: nested over 500 levels deep"),
    ],
)
def test_a_text_that_is_no_json_is_told_its_place(pure: Logic, text: str, told: str) -> None:
    with pytest.raises(NodeError) as refused:
        pure.do("rewritten", text, "")
    assert str(refused.value) == told


def candidates(case: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The values of a form, whole, or with one of their members replaced or taken out."""
    known = st.sampled_from([case["value"], case["becomes"]])

    def changed(value: Any) -> st.SearchStrategy[Any]:
        return st.tuples(st.sampled_from(list(leaves(value))), VALUES).map(
            lambda drawn: put(value, drawn[0].split("/")[1:], drawn[1])
        )

    return known | known.flatmap(changed) | VALUES


def put(value: Any, path: list[str], made: Any) -> Any:
    if not path:
        return made
    name = unescaped(path[0])
    if isinstance(value, list):
        at = int(name)
        return [*value[:at], put(value[at], path[1:], made), *value[at + 1 :]]
    return {**value, name: put(value[name], path[1:], made)}


@settings(max_examples=examples(300))
@given(st.sampled_from(list(FORMS)), st.data())
def test_the_branch_of_a_value_is_judged_as_a_validator_does(
    pure: Logic, name: str, data: st.DataObject
) -> None:
    schema = FORMS[name]["schema"]
    value = data.draw(candidates(FORMS[name]))
    judge = validator_for(schema)(schema)
    assert pure.do("fits", json.dumps(schema), json.dumps(value)) == judge.is_valid(value)


@given(VALUES, VALUES)
def test_equality_is_that_of_json(pure: Logic, one: Any, other: Any) -> None:
    for left, right in ((one, other), (one, one)):
        equal = validator_for({})({"const": left}).is_valid(right)
        assert pure.do("equal", json.dumps(left), json.dumps(right)) == equal


@given(VALUES, VALUES, st.data())
def test_one_place_is_changed_and_nothing_else(
    pure: Logic, value: Any, made: Any, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(list(leaves(value))))
    changed = exact(pure.do("put", json.dumps(value), place, json.dumps(made)))
    assert changed == exact(json.dumps(put(value, place.split("/")[1:], made)))
    assert pure.do("pointer", place) == place


def members(required: str = "", **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split()}


ONE = members(a={"default": 1})
DEFAULTS: list[tuple[Any, Any]] = [
    (members(a={"default": 3}, b={"type": "string"}), {"a": 3}),
    (members("b", b={"type": "boolean"}), {"b": False}),
    (members(o=ONE), {}),
    (members("o", o=ONE), {"o": {"a": 1}}),
    (members("l", l={"type": "array", "minItems": 2, "items": {"default": "x"}}), {"l": ["x"] * 2}),
    (members("n c", n={"type": "null"}, c={"const": 7}), {"n": None, "c": 7}),
    (members("e", e={"enum": ["only"]}, f={"enum": ["only"]}), {"e": "only"}),
    (members("me", me={"$ref": "#"}), {"me": {"me": {}}}),
    (members("x", x={"anyOf": [{"$ref": "#/properties/x"}, {"type": "string"}]}), {}),
    ({"allOf": [ONE, members(b={"default": 2})]}, {"a": 1, "b": 2}),
    (members(a={"default": None, "anyOf": [{"type": "array"}, {"type": "null"}]}), {"a": None}),
]


@pytest.mark.parametrize(("schema", "begun"), DEFAULTS)
def test_defaults_are_in_place_and_nothing_else_is_made_up(
    pure: Logic, schema: Any, begun: Any
) -> None:
    assert json.loads(pure.do("initial", json.dumps(schema))) == begun


OUTCOMES = {"": "", "failed": "outcome=failed", "policy": "outcome=failed; error=content_policy"}


def test_a_list_of_outcomes_changes_its_own_words_and_keeps_the_others(pure: Logic) -> None:
    script = pure.do("withWords", "delay=1; outcome=stuck", OUTCOMES, "policy")
    assert script == "delay=1; outcome=failed; error=content_policy"
    assert pure.do("chosenOf", script, OUTCOMES) == "policy"
    assert pure.do("withWords", script, OUTCOMES, "") == "delay=1"
    assert pure.do("chosenOf", "outcome=stuck", OUTCOMES) is None
