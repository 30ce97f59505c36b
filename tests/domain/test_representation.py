"""Tasks and events as the API shows them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.dialect import own_dialect
from mock_mindvideo.domain.instant import rfc3339
from mock_mindvideo.domain.representation import task_body
from mock_mindvideo.domain.task import Transition, timeline
from mock_mindvideo.domain.world import VIRTUAL_START

from .making import LIFECYCLE, make_task, tasks

SCHEMAS = builtin_catalog().schemas
REGISTRY = Registry().with_resources(
    [(name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()]
)
VIDEOS = {"videos": [{"url": "https://example.com/1.mp4"}]}
IMAGES = {"images": [{"url": "https://example.com/1.png"}, {"url": "https://example.com/2.png"}]}


def told(*event):
    return own_dialect().events.told(*event).body


def validator(name):
    return Draft202012Validator(SCHEMAS[name], registry=REGISTRY)


@given(tasks(), st.sampled_from(LIFECYCLE.states), st.sampled_from([VIDEOS, IMAGES]))
def test_a_task_agrees_with_its_schema_in_every_state(task, status, output):
    body = task_body(task, status, LIFECYCLE, output)

    validator("task.schema.json").validate(json.loads(json.dumps(body)))


@given(tasks())
def test_every_event_agrees_with_its_schema(task):
    for number, step in enumerate(timeline(task, LIFECYCLE), 1):
        event = told(task, number, step, LIFECYCLE, VIDEOS)
        validator("event.schema.json").validate(json.loads(json.dumps(event)))


@pytest.mark.parametrize("status", ["queued", "processing"])
def test_a_waiting_task_shows_the_four_members_of_the_submit(status):
    assert task_body(make_task(), status, LIFECYCLE, VIDEOS) == {
        "request_id": "req_1",
        "task_id": "task_1",
        "status": status,
        "cost_estimate": 0.6165,
    }


def test_a_success_shows_its_cost_and_its_output():
    body = task_body(make_task(), "succeeded", LIFECYCLE, VIDEOS)

    assert (body["cost_actual"], body["output"]) == (0.6165, VIDEOS)
    assert "error" not in body


def test_a_failure_is_free_and_shows_why():
    body = task_body(make_task(), "failed", LIFECYCLE, VIDEOS)

    assert body["cost_actual"] == 0
    assert body["error"] == {
        "code": "generation_failed",
        "message": "The model could not generate a result.",
    }
    assert "output" not in body


def test_a_cancelled_task_is_free_and_shows_neither():
    body = task_body(make_task(), "cancelled", LIFECYCLE, VIDEOS)

    assert list(body) == ["request_id", "task_id", "status", "cost_estimate", "cost_actual"]
    assert body["cost_actual"] == 0


def test_an_event_is_named_for_its_task_its_number_and_its_state():
    step = Transition(VIRTUAL_START, "processing")

    assert told(make_task(), 2, step, LIFECYCLE, {}) == {
        "event_id": "evt_1_2",
        "sequence": 2,
        "type": "task.processing",
        "created_at": "2026-01-01T00:00:00.000Z",
        "task": task_body(make_task(), "processing", LIFECYCLE, {}),
    }


@given(tasks(), st.sampled_from(LIFECYCLE.states), st.integers(1, 9))
def test_an_event_holds_the_task_as_of_its_own_state(task, status, number):
    event = told(task, number, Transition(VIRTUAL_START, status), LIFECYCLE, VIDEOS)

    assert event["task"] == task_body(task, status, LIFECYCLE, VIDEOS)
    assert event["created_at"] == rfc3339(VIRTUAL_START)
