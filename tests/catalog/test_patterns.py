"""`pattern` is ECMA-262 with the `u` flag, and no pattern can hold up the process."""

import re
import time
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from mock_mindvideo.catalog import CatalogError, Rules
from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.catalog.patterns import (
    _PLAIN,
    SECONDS,
    BadPattern,
    budget,
    found,
    is_plain,
)
from tests.effort import examples

#: A pattern, a text in which it is found, and one in which it is not, where dialects differ.
DIALECT = [
    ("^[a-z]+$", "abc", "abc\n"),
    (r"^\d+$", "09", "٣"),
    (r"^\w$", "_", "é"),
    (r"^\s$", "\ufeff", "\u0085"),
    (r"^\S$", "\u180e", "\u2003"),
    (r"^.$", "\u0085", "\u2028"),
    (r"^.$", "😀", "\r"),
    (r"^\p{L}+$", "图é", "1"),
    (r"^\p{Script=Han}$", "图", "あ"),
    (r"^\P{Lu}$", "a", "É"),
    (r"^\u{1F600}$", "😀", "😁"),
    (r"^\ud83d\ude00$", "😀", "😁"),
    (r"^[\u{1F600}-\u{1F64F}]$", "😁", "a"),
    (r"^(?<n>a)\k<n>$", "aa", "a"),
    (r"^(?:(a)|b)\1$", "b", "ba"),
    (r"^\cJ$", "\n", "J"),
    (r"^[^]$", "\n", ""),
    (r"^[\b]$", "\b", "b"),
    (r"^\0$", "\0", "0"),
    (r"\bé", "aé", "é"),
    (r"(?<=\$\d{1,3})!", "$12!", "12!"),
    (r"^[[a]$", "[", "]"),
    (r"^[a&&b]$", "&", "ab"),
    (r"^\/\.$", "/.", "/x"),
]

#: Not one of them may be read as if it were Python's or Perl's.
REFUSED = [
    "(", "[", "a**", "a{2,1}", r"\Z", r"\A", r"\z", r"\-", r"\a", r"\h", "{", "a{,2}", "]", "}",
    "(?P<n>a)", "(?i)a", "(?#c)", "(?>a)", "a++", r"\p{Nope}", r"\pL", r"\u{110000}", r"\1",
    r"\k<n>", "(?<n>a)(?<n>b)", "[z-a]", r"[\w-z]",
]  # fmt: skip

#: What backtracks without end, and a text that makes it.
SLOW = [
    (r"^(?=(a+)+$)b?", "a" * 100_000 + "b"),
    (r"^(a+)+\1$", "a" * 40 + "b"),
    (r"(a*)*\1b", "a" * 60),
    (r"(.*)*(.*)*(.*)*z", "x" * 100_000 + "!"),
    (r"^((a|a)+)+(?!.)\2$", "a" * 64 + "!"),
    (r"^(?:(?:a{1,100}){1,100})$", "a" * 9_999 + "b"),
]

#: What backtracks in Python and elsewhere, and need not.
QUICK = [
    (r"^(a+)+$", "a" * 100_000 + "b"),
    (r"^(a|a)*$", "a" * 100_000 + "b"),
    (r"(x+x+)+y", "x" * 100_000),
    (r"^([a-zA-Z0-9]+\s?)*$", "a" * 100_000 + "!"),
]


def rules(schema):
    return Rules(Path("input.schema.json"), schema)


@pytest.mark.parametrize("word", ["pattern", "patternProperties", "propertyNames"])
@pytest.mark.parametrize(("pattern", "found", "missed"), DIALECT)
def test_a_pattern_means_what_ecma_262_says(word, pattern, found, missed):
    if word == "pattern":
        judge, both = rules({"items": {"pattern": pattern}}), ([found], [missed])
    elif word == "propertyNames":
        judge, both = rules({"propertyNames": {"pattern": pattern}}), ({found: 1}, {missed: 1})
    else:
        closed = {"patternProperties": {pattern: True}, "additionalProperties": False}
        judge, both = rules(closed), ({found: 1}, {missed: 1})

    assert [judge.is_valid(value) for value in both] == [True, False]
    assert [len(judge.violations(value)) for value in both] == [0, 1]


@pytest.mark.parametrize("word", ["additionalProperties", "unevaluatedProperties"])
def test_members_by_pattern_are_known_to_what_speaks_of_the_rest(word):
    judge = rules({"allOf": [{word: False, "patternProperties": {r"^[^]\d$": True}}]})

    assert judge.violations({"x1": 1}) == ()
    assert [each.keyword for each in judge.violations({"x1": 1, "x٣": 2})] == [word]


@pytest.mark.parametrize(
    "part",
    [
        {"$ref": "#/$defs/part"},
        {"allOf": [{"$ref": "#/$defs/part"}]},
        {"anyOf": [{"required": ["never"]}, {"$ref": "#/$defs/part"}]},
        {"if": True, "then": {"$ref": "#/$defs/part"}},
        {"dependentSchemas": {"a1": {"$ref": "#/$defs/part"}}},
    ],
)
def test_members_by_pattern_are_seen_wherever_their_schema_applies(part):
    defs = {"part": {"patternProperties": {r"^\p{L}\d$": {"type": "integer"}}}}
    judge = rules({**part, "unevaluatedProperties": False, "$defs": defs})

    assert judge.is_valid({"a1": 1, "图2": 2})
    assert not judge.is_valid({"a1": 1, "图": 2})


@pytest.mark.parametrize("pattern", [*REFUSED])
def test_what_is_no_pattern_of_ecma_262_does_not_load(pattern):
    with pytest.raises(CatalogError) as refused:
        rules({"not": {"pattern": pattern}})

    assert refused.value.pointer == "/not/pattern"
    assert refused.value.reason.startswith("bad pattern: ")


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(("pattern", "text"), SLOW)
def test_a_pattern_that_backtracks_is_stopped_and_told(pattern, text, deep):
    schema = {"items": {"pattern": pattern}}
    judge = rules({"not": {"not": schema}} if deep else schema)

    began = time.thread_time()
    (broken,) = judge.violations([text] * 50)
    spent = time.thread_time() - began

    assert broken.keyword == "pattern"
    assert "takes over 20 ms" in broken.message
    assert broken.schema_pointer.endswith("/items/pattern")
    assert spent < 10 * SECONDS


@pytest.mark.parametrize(("pattern", "text"), SLOW)
def test_where_a_pattern_is_undecided_the_opposite_is_not_taken_for_true(pattern, text):
    assert rules({"not": {"pattern": pattern}}).violations(text)
    assert not rules({"not": {"pattern": pattern}}).is_valid(text)


@pytest.mark.parametrize(("pattern", "text"), QUICK)
def test_a_pattern_without_back_references_is_matched_in_linear_time(pattern, text):
    (broken,) = rules({"pattern": pattern}).violations(text)

    assert "must match the pattern" in broken.message


def test_after_a_pattern_that_took_too_long_the_next_value_is_judged_afresh():
    judge = rules({"items": {"pattern": SLOW[1][0]}})

    assert judge.violations([SLOW[1][1]])
    assert judge.violations(["aa"]) == ()


@pytest.mark.parametrize(
    ("step", "value", "verdict"),
    [
        (0.1, 0.3, True),
        (0.1, 0.35, False),
        (0.01, 19.99, True),
        (0.01, 0.07, True),
        (1e-10, 0.1234567891, True),
        (1e-10, 1e-11, False),
        (0.1, 1e308, True),
        (0.3, 10**30, False),
        (0.3, 3 * 10**30, True),
        (0.0001, 123456789.0001, True),
        (2.5, 10**400, True),
        (7, 10**400, False),
        (0.5, 5e-324, False),
        (1.0, 3, True),
        (1e300, 1e308, True),
    ],
)
def test_steps_are_exact_decimals(step, value, verdict):
    judge = rules({"multipleOf": step})

    assert judge.is_valid(value) is verdict
    assert (judge.violations(value) == ()) is verdict
    assert judge.is_valid(-value) is verdict


def test_bounds_in_a_schema_file_are_as_exact_as_what_they_bound(tmp_path):
    file = tmp_path / "input.schema.json"
    file.write_text('{"maximum": 100000000000000000000001, "multipleOf": 1.0}')
    judge = Rules(file, read_object(file))

    assert judge.is_valid(10**23 + 1)
    assert not judge.is_valid(10**23 + 2)


_plain = st.from_regex(_PLAIN, fullmatch=True)


@settings(max_examples=examples(300))
@given(_plain, st.text(max_size=6) | st.text("aZ09 :/._-\n\u2028", max_size=8), st.data())
def test_engines_agree_on_plain_patterns(pattern: str, text: str, data: st.DataObject) -> None:
    assert is_plain(pattern)
    try:
        fitting = data.draw(st.from_regex(pattern) | st.just(text))
        with budget() as spent:
            verdict = found(pattern, fitting)
    except (BadPattern, re.error, InvalidArgument):
        return  # a range that runs backwards, a count that does
    if spent.slow:
        return  # stars in stars, where this engine goes back; the quick one never does
    quick = jsonschema_rs.validator_for(
        {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
    )
    assert quick.is_valid(fitting) == verdict


def test_what_engines_read_differently_is_not_plain() -> None:
    for pattern in (".", r"\d", r"\w", "[a&&b]", "[[:alpha:]]", "(?i)a", "(?=a)", "[a--b]", "a**"):
        assert not is_plain(pattern)
