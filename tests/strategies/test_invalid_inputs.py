"""Invalid inputs: each with exactly the broken rule that its label names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.strategies import Violation, implied_rules, invalid_inputs, violations
from tests.strategies.drawing import PATIENT, check, draw_many, kinds, some
from tests.strategies.oracle import Report, labels, reports

SOUND = 20_000  # examples that the long run looks at


@PATIENT
@given(invalid_inputs())
def test_jsonschema_reports_the_labelled_violation_and_no_other(found):
    assert reports(found.value) == {Report(*_fields(found.violation))}


@pytest.mark.slow
def test_jsonschema_agrees_on_twenty_thousand_labels():
    run = test_jsonschema_reports_the_labelled_violation_and_no_other
    check(invalid_inputs(), SOUND, run.hypothesis.inner_test)


@pytest.mark.parametrize("rule", violations(), ids=str)
def test_each_rule_can_be_asked_for_by_itself(rule):
    for found in draw_many(invalid_inputs(rules=[rule]), 10):
        assert found.violation == rule
        assert reports(found.value) == {Report(*_fields(found.violation))}


@pytest.mark.slow
def test_every_rule_comes_up_unasked():
    every = set(violations())
    assert kinds(invalid_inputs(), lambda found: {found.violation}, every) == every


@PATIENT
@given(invalid_inputs(max_violations=3))
def test_several_rules_broken_at_once_are_all_labelled(found):
    assert reports(found.value) == labels(found)
    assert 1 <= len(found.violations) <= 3
    assert found.violation == found.violations[0]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_so_many_violations_come_up(count):
    some(invalid_inputs(max_violations=3), lambda found: len(found.violations) == count)


def test_rules_may_be_named_by_their_schema_pointer():
    name = "input.schema.json#/properties/prompt/maxLength"
    found = some(invalid_inputs(rules=[name]))
    assert len(found.value["prompt"]) == 5_001


def test_a_prompt_too_long_in_utf16_only_is_not_taken_for_too_long():
    name = "input.schema.json#/properties/prompt/maxLength"
    assert all(len(f.value["prompt"]) > 5_000 for f in draw_many(invalid_inputs(rules=[name]), 50))


def test_the_sixth_reference_is_refused_in_every_split():
    rule = "rules.schema.json#/allOf/0/not"
    sixth = {(i, 6 - i) for i in range(1, 6)}

    def split(found):
        return {(len(found.value["image_with_roles"]), len(found.value["video_urls"]))}

    splits = kinds(invalid_inputs(rules=[rule]), split, sixth)
    assert {each for each in splits if sum(each) == 6} == sixth


def test_an_unknown_rule_is_refused_with_the_nearest_one():
    with pytest.raises(
        ValueError, match=r"did you mean 'input\.schema\.json#/properties/size/enum'"
    ):
        invalid_inputs(rules=["input.schema.json#/properties/size/enums"])


def test_a_rule_that_cannot_be_broken_alone_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"breaks input\.schema\.json#/properties/size/enum too"):
        invalid_inputs(rules=["input.schema.json#/properties/size/type"])


@pytest.mark.parametrize("arguments", [{"rules": []}, {"max_violations": 0}])
def test_asking_for_no_violation_is_refused(arguments):
    with pytest.raises(ValueError, match=r"no rule|1 or more"):
        invalid_inputs(**arguments)


def test_the_list_is_stable_and_its_entries_are_told_apart_by_their_place():
    assert violations() == violations()
    assert len({rule.schema_pointer for rule in violations()}) == len(violations())


def test_type_beside_enum_is_implied_by_it():
    implied = {each.violation.schema_pointer: each.by for each in implied_rules()}
    by = implied["input.schema.json#/properties/size/type"]
    assert by == Violation("/size", "enum", "input.schema.json#/properties/size/enum")


@PATIENT
@given(st.sampled_from(implied_rules()))
def test_what_implies_a_rule_can_be_broken(implied):
    assert implied.by in violations()


def _fields(violation):
    return violation.pointer, violation.keyword, violation.schema_pointer
