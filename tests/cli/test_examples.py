"""`mock-mindvideo examples`: inputs as JSON lines."""

import json

import pytest

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.strategies import violations

MODEL = builtin_catalog().model("wan2-7-r2v")


def lines(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_examples_prints_as_many_valid_inputs_as_asked_for_and_repeats_them_for_a_seed(run):
    first = lines(run("examples", "--valid", "5", "--seed", "3"))
    assert len(first) == 5
    assert all(not MODEL.violations(value) for value in first)
    assert lines(run("examples", "--valid", "5", "--seed", "3")) == first


def test_each_rule_has_an_invalid_input_that_breaks_it(run):
    found = lines(run("examples", "--invalid"))
    assert [each["violation"]["schema_pointer"] for each in found] == [
        rule.schema_pointer for rule in violations()
    ]
    for each in found:
        (broken,) = MODEL.violations(each["value"])
        assert (broken.pointer, broken.keyword) == (
            each["violation"]["pointer"],
            each["violation"]["keyword"],
        )


def test_the_bounds_and_one_step_past_them_can_be_asked_for(run):
    valid = lines(run("examples", "--valid", "1", "--boundaries"))
    assert {value.get("duration") for value in valid} >= {2, 15}
    invalid = lines(run("examples", "--invalid", "--boundaries"))
    assert {each["value"].get("duration") for each in invalid} >= {1, 16}


@pytest.mark.parametrize("arguments", [[], ["--valid", "1", "--invalid"]])
def test_neither_or_both_kinds_is_misuse(run, arguments):
    result = run("examples", *arguments)
    assert (result.exit_code, result.stderr) == (
        2,
        "mock-mindvideo: say either --valid N or --invalid\n",
    )
