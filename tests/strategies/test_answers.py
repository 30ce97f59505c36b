"""Answers: tasks and events in every state, as their schemas and the lifecycle have them."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.strategies import events, histories, tasks
from tests.strategies.drawing import PATIENT, draw_many

STATES = builtin_catalog().lifecycle.states
SCHEMAS = builtin_catalog().schemas


def judge(name: str) -> Any:
    """jsonschema on one of the platform's schemas, formats included."""
    known = [(each, DRAFT202012.create_resource(schema)) for each, schema in SCHEMAS.items()]
    registry: Any = Registry().with_resources(known)
    return Draft202012Validator(SCHEMAS[name], registry=registry, format_checker=FormatChecker())


@PATIENT
@given(tasks())
def test_tasks_are_as_their_schema_has_them(task):
    assert judge("task.schema.json").is_valid(task)


@pytest.mark.parametrize("status", STATES)
def test_tasks_come_in_the_status_that_is_asked_for(status):
    assert {task["status"] for task in draw_many(tasks(status), 20)} == {status}


def test_tasks_come_in_every_status_unasked():
    assert {task["status"] for task in draw_many(tasks(), 100)} == set(STATES)


@PATIENT
@given(tasks("succeeded"))
def test_succeeded_tasks_show_the_output_of_the_models_kind(task):
    assert list(task["output"]) == ["videos"]
    assert all(link["url"].startswith("https://") for link in task["output"]["videos"])


@PATIENT
@given(events())
def test_events_are_as_their_schema_has_them(event):
    assert judge("event.schema.json").is_valid(event)
    assert event["type"] == f"task.{event['task']['status']}"


@pytest.mark.parametrize("status", STATES)
def test_events_come_in_the_status_that_is_asked_for(status):
    assert {event["type"] for event in draw_many(events(status), 20)} == {f"task.{status}"}


@PATIENT
@given(histories())
def test_histories_count_from_one_without_gaps_and_never_go_back_in_time(history):
    assert [event["sequence"] for event in history] == list(range(1, len(history) + 1))
    moments = [datetime.fromisoformat(event["created_at"]) for event in history]
    assert moments == sorted(moments)


@PATIENT
@given(histories())
def test_histories_follow_one_task_along_the_lifecycle(history):
    lifecycle = builtin_catalog().lifecycle
    states = [event["task"]["status"] for event in history]
    assert states[0] == lifecycle.initial
    pairs = pairwise(states)
    assert all(after in lifecycle.transitions[before] for before, after in pairs)
    assert len({event["task"]["task_id"] for event in history}) == 1
    assert len({event["event_id"] for event in history}) == len(history)


@PATIENT
@given(st.sampled_from([tasks, events, histories]))
def test_an_unknown_status_is_refused(strategy):
    with pytest.raises(ValueError, match="no status 'done'"):
        strategy("done")
