"""What is equal in meaning is no drift; what breaks somebody is, by oasdiff's rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.contract.drift.meaning.answers import Found, Nothing
from mock_mindvideo.contract.drift.meaning.deciding import Decider
from mock_mindvideo.contract.drift.meaning.formulas import Schema
from mock_mindvideo.contract.drift.meaning.references import SchemaDocument
from tests.contract.drift.pairs import (
    BREAKING_DOCUMENTS,
    EQUAL,
    EQUAL_DOCUMENTS,
    NARROWER,
    Pair,
)
from tests.contract.drift.test_drift import drift, write
from tests.effort import examples

RULES = dict(
    reversed(line.split())
    for line in (Path(__file__).parent / "oasdiff_rules.txt").read_text().splitlines()
)

#: What oasdiff has no rule for.
OWN = frozenset(
    ("api-server-removed", "request-parameter-style-changed", "response-body-schema-widened",
     "response-body-enum-value-removed", "response-body-enum-value-added",
     "request-body-schema-changed", "request-body-pattern-changed",
     "request-body-multiple-of-changed", "request-body-not-added",
     "request-body-unique-items-added", "request-body-additional-properties-added",
     "request-body-min-properties-increased", "request-body-schema-widened",
     "request-property-schema-narrowed")
)  # fmt: skip

#: What is an error here, and why oasdiff's level does not fit: see `drift/rules.py`.
STRICTER = ("-set", "api-security-", "response-optional-property-removed", "pattern-changed")


def told(tmp_path: Path, pair: Pair, *options: str) -> tuple[int, list[dict[str, Any]]]:
    old, new = (write(tmp_path, f"{n}.json", each) for n, each in enumerate(pair[:2]))
    done = drift(old, new, "--json", *options)
    return done.exit_code, json.loads(done.stdout)["changes"]


def test_there_are_sixty_pairs_and_half_of_them_are_equal() -> None:
    equal, breaking = len(EQUAL) + len(EQUAL_DOCUMENTS), len(NARROWER) + len(BREAKING_DOCUMENTS)
    assert min(equal, breaking) >= 50


@pytest.mark.parametrize("name", EQUAL)
def test_schemas_that_are_equal_in_meaning_do_not_differ_for_anybody(
    tmp_path: Path, name: str
) -> None:
    for pair in (EQUAL[name], EQUAL[name][::-1]):
        code, changes = told(tmp_path, pair, "--for", "both")
        assert (code, [each for each in changes if each["level"] != "info"]) == (0, [])


@pytest.mark.parametrize("name", NARROWER)
def test_what_was_accepted_and_is_refused_breaks_requests(tmp_path: Path, name: str) -> None:
    code, changes = told(tmp_path, NARROWER[name])
    assert code == 1
    assert any(each["breaks_requests"] for each in changes)
    for each in changes:
        assert each["rule"] in RULES or each["rule"] in OWN or each["level"] != "error"


@pytest.mark.parametrize("name", NARROWER)
def test_a_wider_schema_breaks_readers(tmp_path: Path, name: str) -> None:
    code, changes = told(tmp_path, NARROWER[name][::-1], "--for", "readers")
    assert code == 1
    assert any(each["breaks_readers"] for each in changes)


@pytest.mark.parametrize("name", EQUAL_DOCUMENTS)
def test_documents_that_break_no_client_are_told_as_harmless(tmp_path: Path, name: str) -> None:
    code, changes = told(tmp_path, EQUAL_DOCUMENTS[name])
    assert (code, [each for each in changes if each["level"] != "info"]) == (0, [])


@pytest.mark.parametrize("name", BREAKING_DOCUMENTS)
def test_documents_that_break_a_client_are_told_by_the_rules_name(
    tmp_path: Path, name: str
) -> None:
    *pair, rule = BREAKING_DOCUMENTS[name]
    code, changes = told(tmp_path, (pair[0], pair[1]))
    assert code == 1
    assert rule in [each["rule"] for each in changes if each["level"] == "error"]


def test_levels_are_oasdiffs_but_where_a_value_shows_more(tmp_path: Path) -> None:
    """Rules of one name have one level in both; each exception is named, and is stricter."""
    levels = {"error": "ERR", "warning": "WARN", "info": "INFO"}
    pairs = [*NARROWER.values(), *(pair[:2] for pair in BREAKING_DOCUMENTS.values())]
    for pair in pairs:
        for each in told(tmp_path, pair)[1]:
            rule, level = each["rule"], levels[each["level"]]
            if rule in RULES and level != RULES[rule]:
                assert level == "ERR"
                assert any(word in rule for word in STRICTER), rule


def values() -> st.SearchStrategy[Any]:
    scalars = st.sampled_from([None, True, False, 0, 1, 1.5, 2, -3, "", "a", "ab", "ba", "x"])
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
        ),
        max_leaves=6,
    )


def schemas() -> st.SearchStrategy[Any]:
    names = st.sampled_from(["a", "b", "c"])
    kinds = st.sampled_from(["string", "number", "integer", "boolean", "null", "array", "object"])
    plain = st.fixed_dictionaries(
        {},
        optional={
            "type": kinds | st.lists(kinds, min_size=1, max_size=3, unique=True),
            "enum": st.lists(st.sampled_from([None, True, 0, 1, "a", "ab", [1], {}]), max_size=3),
            "minimum": st.integers(-3, 3),
            "exclusiveMaximum": st.integers(-3, 3),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "minLength": st.integers(0, 3),
            "maxLength": st.integers(0, 3),
            "pattern": st.sampled_from(["^a", "b$", "^[ab]*$", "x|^a"]),
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "required": st.lists(names, max_size=2, unique=True),
            "minProperties": st.integers(0, 2),
            "maxProperties": st.integers(0, 2),
            "dependentRequired": st.dictionaries(names, st.lists(names, max_size=1), max_size=1),
        },
    )

    def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        lists = st.lists(inner, min_size=1, max_size=2)
        return st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(names, inner, max_size=2),
                "patternProperties": st.dictionaries(
                    st.sampled_from(["^a", "b"]), inner, max_size=1
                ),
                "additionalProperties": inner,
                "propertyNames": inner,
                "items": inner,
                "prefixItems": lists,
                "contains": inner,
                "allOf": lists,
                "anyOf": lists,
                "oneOf": lists,
                "not": inner,
                "if": inner,
                "then": inner,
                "else": inner,
            },
        )

    return st.recursive(plain | st.booleans(), larger, max_leaves=5)


@settings(max_examples=examples(120))
@given(old=schemas(), new=schemas(), value=values())
def test_what_is_decided_agrees_with_the_validator(old: Any, new: Any, value: Any) -> None:
    """A value that is found is one for jsonschema too; where none can be, no value is one."""
    decider = Decider()
    one, other = Schema(SchemaDocument(old).top), Schema(SchemaDocument(new).top)
    before, after = Draft202012Validator(old), Draft202012Validator(new)
    verdict = decider.takes(one, value)
    assert verdict is None or verdict is before.is_valid(value)
    answer = decider.beyond(one, other)
    if isinstance(answer, Found):
        assert before.is_valid(answer.value)
        assert not after.is_valid(answer.value)
    if isinstance(answer, Nothing):
        assert not before.is_valid(value) or after.is_valid(value)
