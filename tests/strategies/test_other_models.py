"""The strategies of every model of the platform are sound and complete."""

import json

import pytest

from mock_mindvideo import Settings, create_app
from mock_mindvideo.catalog import every_model
from mock_mindvideo.strategies import (
    implied_rules,
    invalid_inputs,
    tasks,
    valid_inputs,
    valid_requests,
    violations,
)
from tests.in_process import client_in_process
from tests.strategies.drawing import draw_many
from tests.strategies.oracle import labels, reports

OTHERS = [model for model in every_model().models.values() if model.fidelity != "documented"]


@pytest.fixture(params=OTHERS, ids=lambda model: model.slug)
def other(request):
    """One of the platform's other models."""
    return request.param


@pytest.mark.parametrize("count", [15, pytest.param(60, marks=pytest.mark.slow)])
def test_jsonschema_refuses_no_valid_input(other, count):
    for value in draw_many(valid_inputs(other.slug), count):
        assert reports(value, other) == set()


def test_each_rule_can_be_broken_alone_and_is_reported_as_labelled(other):
    for rule in violations(other.slug):
        (found, *_) = draw_many(invalid_inputs(other.slug, rules=[rule]), 2)
        assert found.violation == rule
        assert reports(found.value, other) == labels(found)


#: What is no rule: notes, and what only holds rules.
NOTES = {"title", "description", "default", "$schema", "$comment", "x-fidelity"}


def keywords(schema, at=""):
    """The pointer of every rule that stands in one of these schemas."""
    for word, value in schema.items():
        if word == "properties":
            for name, inner in value.items():
                yield from keywords(inner, f"{at}/properties/{name}")
        elif word == "items":
            yield from keywords(value, f"{at}/items")
        elif word == "required":
            yield from (f"{at}/required/{index}" for index in range(len(value)))
        elif word not in NOTES:
            yield f"{at}/{word}"


def test_every_keyword_of_the_schema_is_a_rule_or_implied_by_one(other):
    listed = {each.schema_pointer for each in violations(other.slug)}
    listed |= {each.violation.schema_pointer for each in implied_rules(other.slug)}

    assert {f"input.schema.json#{at}" for at in keywords(other.input_schema)} == listed


@pytest.fixture(scope="module")
def submit():
    """Submits an input for a model to a mock that offers all of them."""
    app = create_app(Settings(progress="manual", seed=7, models=("all",)))
    client = client_in_process(app, "mv_test_strategies")

    def send(model, given):
        return client.post(
            "/api/v1/tasks",
            content=json.dumps({"model": model.slug, "input": given}),
            headers={"Content-Type": "application/json"},
        )

    return send


@pytest.mark.parametrize("count", [5, pytest.param(20, marks=pytest.mark.slow)])
def test_the_application_takes_each_valid_input_and_refuses_others_by_their_label(
    other, submit, count
):
    for value in draw_many(valid_inputs(other.slug), count):
        assert submit(other, value).status_code == 200
    for rule in violations(other.slug):
        (found, *_) = draw_many(invalid_inputs(other.slug, rules=[rule]), 1)
        answer = submit(other, found.value)
        told = [(each["pointer"], each["keyword"]) for each in answer.json()["error"]["details"]]
        assert answer.status_code == 422
        assert told == [(f"/input{found.violation.pointer}", found.violation.keyword)]


def test_a_task_of_it_has_the_output_of_its_kind(other):
    for task in draw_many(tasks("succeeded", other.slug), 10):
        assert [*task["output"]] == [other.output]


def test_its_requests_name_it(other):
    for request in draw_many(valid_requests(other.slug), 10):
        assert json.loads(request.content)["model"] == other.slug
