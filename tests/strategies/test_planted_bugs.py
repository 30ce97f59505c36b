"""The examples of the strategies guide find the bugs they are about, within 200 examples."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

from mock_mindvideo.strategies import ClientMachine, invalid_inputs, valid_inputs
from tests.strategies import clients

BUDGET = settings(
    max_examples=200,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


def checks(given_input, *, count=len, together=True):
    """A client's own check of prompts and references, as one would write it before sending."""
    images, videos = given_input.get("image_with_roles", ()), given_input.get("video_urls", ())
    if not 1 <= count(given_input["prompt"]) <= 5_000:
        return False
    return 1 <= len(images) + len(videos) <= (5 if together else 10)


def utf16(text):
    """What JavaScript and Java call the length of a text."""
    return len(text.encode("utf-16-le")) // 2


ABOUT = [
    "input.schema.json#/properties/prompt/maxLength",
    "input.schema.json#/properties/prompt/minLength",
    "rules.schema.json#/allOf/0/not",
    "rules.schema.json#/allOf/1/anyOf",
]


def takes_what_is_valid(**bug):
    @BUDGET
    @given(valid_inputs())
    def run(value):
        assert checks(value, **bug)

    run()


def refuses_what_is_not(**bug):
    @BUDGET
    @given(invalid_inputs(rules=ABOUT))
    def run(found):
        assert not checks(found.value, **bug)

    run()


def test_a_right_check_passes_both():
    takes_what_is_valid()
    refuses_what_is_not()


def thrice(look, **given):
    """By chance, one look in many does not see what is wrong; three do."""
    for _ in range(3):
        look(**given)


def test_counting_characters_in_utf16_is_found():
    with pytest.raises(AssertionError):
        thrice(takes_what_is_valid, count=utf16)


def test_forgetting_that_references_count_together_is_found():
    with pytest.raises(AssertionError):
        thrice(refuses_what_is_not, together=False)


def test_retrying_without_the_key_is_found():
    class Machine(ClientMachine):
        def connect(self):
            found = clients.ForgetsItsKey()
            return found, found.backstage

    with pytest.raises(AssertionError, match="business requests, but"):
        thrice(run_state_machine_as_test, state_machine_factory=Machine, settings=BUDGET)
