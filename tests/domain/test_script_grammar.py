"""What can be written in a script, and what is said of the rest."""

import string
from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_mindvideo.domain.fault import Fault
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.script import (
    WORDS,
    Kind,
    PlanOverrides,
    Script,
    ScriptError,
    parse,
    written,
)

WAIT = "seconds, like 2 or 0.5, below 10000; or a distribution, like lognormal(30,0.5)"
STAY = "seconds, like 2 or 0.5, below 100000000; or a distribution, like lognormal(30,0.5)"
MESSAGE = '1 to 500 characters, in "quotes" where it has a semicolon'

waits = st.decimals(0, 9_999, places=6) | st.integers(0, 9_999)
stays = st.decimals(0, 99_999_999, places=6) | st.integers(0, 99_999_999)
counts = st.integers(0, 999_999_999)

#: For each word: values that fit it, and what the member it sets then holds.
ROUND_TRIPS = {
    "outcome": (st.sampled_from(["succeeded", "failed", "cancelled", "stuck"]), str),
    "queued": (stays, lambda value: int(value * SECOND)),
    "processing": (stays, lambda value: int(value * SECOND)),
    "error": (st.text(string.ascii_lowercase + "0_", min_size=1, max_size=64), str),
    "message": (st.text(min_size=1, max_size=100), str),
    "delay": (waits, lambda value: int(value * SECOND)),
    "status": (st.integers(400, 599), int),
    "retry-after": (st.integers(0, 99_999_999), int),
    "webhook-drop": (st.integers(1, 99), int),
    "webhook-duplicate": (st.none(), lambda _: True),
    "webhook-reorder": (st.none(), lambda _: True),
    "drop@before-commit": (st.none(), lambda _: "before-commit"),
    "drop@after-commit": (st.none(), lambda _: "after-commit"),
    "truncate": (counts, int),
    "malformed": (st.none(), lambda _: True),
    "drip": (st.integers(1, 999_999_999), int),
    "cut": (st.integers(1, 999_999_999), int),
    "duplicate": (st.integers(1, 999_999_999), int),
    "heartbeats": (waits, lambda value: int(value * SECOND)),
    "limit": (
        st.builds("{}/{}".format, st.integers(1, 999_999_999), st.integers(1, 99_999_999)),
        lambda value: (int(value.split("/")[0]), int(value.split("/")[1]) * SECOND),
    ),
    "times": (counts, int),
    "skip": (counts, int),
    "probability": (st.decimals("0", "1", places=3), float),
    "method": (st.sampled_from(["GET", "HEAD", "POST"]), str),
    "path": (st.sampled_from(["/api/v1/tasks", "/api/*/tasks/*", "/api/v1/tasks/x/events"]), str),
}
PLAN_WORDS = (
    *("outcome", "queued", "processing", "error", "message"),
    *("webhook-drop", "webhook-duplicate", "webhook-reorder"),
)


FAULT_WORDS = tuple(
    word for word in WORDS if WORDS[word].member(word) in {each.name for each in fields(Fault)}
)


def member(script, word):
    holder = script
    if word in PLAN_WORDS:
        holder = script.plan
    elif word in FAULT_WORDS:
        holder = script.fault
    return getattr(holder, WORDS[word].member(word))


def texts(values):
    """The same words as texts."""
    return {word: None if value is None else str(value) for word, value in values.items()}


def parsed(values):
    """The script of some words; without an example where one would do nothing."""
    try:
        return parse(written(texts(values)))
    except ScriptError as refused:
        assume("would do nothing" not in str(refused))
        assume("never act on the same" not in str(refused))
        assume("needs 'status=429'" not in str(refused))
        assume("no request has" not in str(refused))
        assume(" the script is for " not in str(refused))
        assume("at most 1000 characters" not in str(refused))
        raise


def refusal(text):
    with pytest.raises(ScriptError) as refused:
        parse(text)
    return str(refused.value)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_says_how_its_value_is_written(word):
    assert WORDS[word].form


@pytest.mark.parametrize("word", WORDS)
@given(st.data())
def test_every_word_is_read_back_as_the_value_that_was_written(word, data):
    values, read = ROUND_TRIPS[word]
    value = data.draw(values)
    mate = {"retry-after": {"status": 503}, "times": {"delay": 1}, "skip": {"delay": 1}}
    mate |= {"probability": {"delay": 1}, "method": {"delay": 1}, "path": {"delay": 1}}

    script = parsed({word: value} | mate.get(word, {}))
    assert member(script, word) == read(value)


@given(st.sets(st.sampled_from(sorted(ROUND_TRIPS)), min_size=1, max_size=6), st.data())
def test_words_that_have_something_to_do_may_stand_in_any_order_and_with_any_space(words, data):
    assume(words - {"times", "skip", "probability", "method", "path"})
    assume(not words >= {"drop@before-commit", "drop@after-commit"})
    values = {word: data.draw(ROUND_TRIPS[word][0]) for word in sorted(words)}
    space = data.draw(st.sampled_from(["", " ", "\t ", " ; ;"]))
    order = data.draw(st.permutations(sorted(words)))
    parsed(values)

    each = (written({word: text}) for word, text in texts({w: values[w] for w in order}).items())
    script = parse(
        ";".join(f"{space}{one.replace('=', f' {space[:1]}= '[1:], 1)}{space}" for one in each)
    )
    for word, value in values.items():
        assert member(script, word) == ROUND_TRIPS[word][1](value)


def test_what_a_script_does_not_say_is_left_as_it_is():
    expected = Script("outcome=failed", PlanOverrides(outcome="failed"), acts_on=Kind.SUBMIT)
    assert parse("outcome=failed") == expected


def test_an_empty_script_says_nothing_to_do():
    assert refusal("") == "the script '' says nothing to do; try 'outcome=failed'"
    assert refusal(" ;; ") == "the script ' ;; ' says nothing to do; try 'outcome=failed'"


def test_modifiers_alone_say_nothing_to_do():
    assert refusal("times=2; method=POST") == (
        "the script 'times=2; method=POST' says nothing to do; try 'outcome=failed'"
    )


@pytest.mark.parametrize("word", WORDS)
@given(st.data())
def test_a_word_with_one_slip_is_answered_with_the_word(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    slip = data.draw(st.sampled_from(["", word[at] * 2]))
    typed = word[:at] + slip + word[at + 1 :]
    assume(typed not in WORDS)

    assert refusal(f"{typed}=1") == (
        f"unknown word '{typed}' (did you mean '{word}'?) in the script '{typed}=1'"
    )


def test_the_first_half_of_a_word_is_answered_with_the_word():
    assert "did you mean 'drop@before-commit'?" in refusal("drop=before-commit")
    assert "did you mean 'drop@before-commit'?" in refusal("drop")


def test_a_word_in_capitals_is_answered_with_the_word():
    assert "did you mean 'status'?" in refusal("STATUS=503")
    assert "did you mean 'retry-after'?" in refusal("status=503; Retry-After=1")
    assert "did you mean 'drop@after-commit'?" in refusal("Drop@After-Commit")


def test_a_word_like_none_is_answered_with_all_of_them():
    assert refusal("xyzzy=1") == (
        f"unknown word 'xyzzy'; known are {', '.join(WORDS)} in the script 'xyzzy=1'"
    )


@pytest.mark.parametrize("word", WORDS)
def test_a_word_cannot_stand_twice(word):
    value = {"outcome": "stuck", "error": "x", "message": "x", "method": "GET", "path": "/"}
    value |= {"status": "503", "limit": "1/1"}
    one = written({word: None if WORDS[word].alone else str(value.get(word, 1))})
    text = "; ".join([one] * 2)

    assert refusal(text) == f"the word '{word}' stands twice in the script '{text}'"


@pytest.mark.parametrize("word", [word for word in WORDS if WORDS[word].alone])
def test_a_word_that_stands_alone_takes_no_value(word):
    assert refusal(f"{word}=1") == f"the word '{word}' takes no value"


def test_retry_after_needs_a_status_to_stand_on():
    assert refusal("retry-after=2") == (
        "the word 'retry-after' needs 'status=429' or another status, or a limit, beside it"
    )


@pytest.mark.parametrize("word", [word for word in WORDS if not WORDS[word].alone])
def test_a_word_without_a_value_is_told_what_fits(word):
    form = WORDS[word].form

    assert refusal(word) == f"the word '{word}' needs a value: {form}"
    assert refusal(f"{word}=") == f"'{word}=' does not fit: {form}"


@pytest.mark.parametrize(
    ("word", "value", "form"),
    [
        ("outcome", "Failed", "succeeded, failed, cancelled or stuck"),
        ("outcome", "queued", "succeeded, failed, cancelled or stuck"),
        ("queued", "-1", STAY),
        ("queued", "1e3", STAY),
        ("queued", "1.", STAY),
        ("queued", "٣", STAY),
        ("processing", "0.1234567", STAY),
        ("processing", "100000000", STAY),
        ("delay", "10000", WAIT),
        ("delay", "nan", WAIT),
        ("delay", "inf", WAIT),
        ("retry-after", "9" * 50, "whole seconds"),
        ("limit", "1/" + "9" * 9, "requests/seconds, like 10/60"),
        ("times", "9" * 10, "a whole number"),
        ("error", "Content Policy", "an error code of lower case letters, digits and _"),
        ("message", "x" * 501, MESSAGE),
        ("times", "-1", "a whole number"),
        ("times", "1.5", "a whole number"),
        ("skip", "many", "a whole number"),
        ("probability", "1.5", "a number from 0 to 1"),
        ("probability", "-0.1", "a number from 0 to 1"),
        ("probability", "nan", "a number from 0 to 1"),
        ("method", "post", "an HTTP method, like POST"),
        ("path", "api", "a path, like /api/v1/tasks"),
        ("path", "/a b", "a path, like /api/v1/tasks"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_does(word, value, form):
    assert refusal(f"{word}={value}") == f"'{word}={value[:100]}' does not fit: {form}"


@given(st.text(string.printable + " ;=é\n") | st.text("outcme=failds;times 0123.").filter(bool))
def test_any_text_is_a_script_or_a_refusal_with_words(text):
    try:
        script = parse(text)
    except ScriptError as refused:
        assert str(refused)  # noqa: PT017 - any message will do here
    else:
        assert script.plan != PlanOverrides() or script.fault is not None
        assert parse(script.text) == script
