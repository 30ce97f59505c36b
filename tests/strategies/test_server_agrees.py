"""The running application agrees: 200 for what is valid, 422 with the label for what is not."""

import json

import pytest
from hypothesis import given

from mock_mindvideo import Settings, create_app
from mock_mindvideo.strategies import (
    idempotency_pairs,
    invalid_inputs,
    tasks,
    valid_inputs,
    valid_requests,
    violations,
)
from tests.in_process import client_in_process
from tests.strategies.drawing import PATIENT, draw_many

TASKS = "/api/v1/tasks"
CLIENT = client_in_process(create_app(Settings(progress="manual", seed=7)), "mv_test_strategies")
CLIENT.headers["Content-Type"] = "application/json"


def submit(given_input):
    body = {"model": "wan2-7-r2v", "input": given_input}
    return CLIENT.post(TASKS, content=json.dumps(body))


@PATIENT
@given(valid_inputs())
def test_valid_inputs_are_taken(value):
    assert submit(value).status_code == 200


@PATIENT
@given(valid_requests())
def test_valid_requests_are_taken_as_they_are(request):
    CLIENT.post("/_mock/reset", content="{}")  # a key may come up twice
    headers = dict(request.headers) | {"Authorization": "Bearer mv_test_strategies"}
    answer = CLIENT.request(request.method, request.path, content=request.content, headers=headers)
    assert answer.status_code == 200


@PATIENT
@given(invalid_inputs())
def test_invalid_inputs_are_refused_with_the_label(found):
    answer = submit(found.value)
    details = answer.json()["error"]["details"]
    told = [(detail["pointer"], detail["keyword"]) for detail in details]
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_input"
    assert told == [(f"/input{found.violation.pointer}", found.violation.keyword)]


@pytest.mark.parametrize("rule", violations(), ids=str)
def test_the_application_names_each_rule_as_the_label_does(rule):
    test = test_invalid_inputs_are_refused_with_the_label.hypothesis.inner_test
    for found in draw_many(invalid_inputs(rules=[rule]), 5):
        test(found)


@PATIENT
@given(invalid_inputs(max_violations=3))
def test_several_violations_are_all_told(found):
    details = submit(found.value).json()["error"]["details"]
    told = {(detail["pointer"], detail["keyword"]) for detail in details}
    assert told == {(f"/input{v.pointer}", v.keyword) for v in found.violations}


@PATIENT
@given(idempotency_pairs())
def test_pairs_that_mean_the_same_are_one_task_and_others_conflict(pair):
    CLIENT.post("/_mock/reset", content="{}")
    first, second = (
        CLIENT.post(
            TASKS,
            content=request.content,
            headers={"Idempotency-Key": request.headers["Idempotency-Key"]},
        )
        for request in (pair.first, pair.second)
    )
    assert first.status_code == 200
    assert second.status_code == (200 if pair.same else 409)
    if pair.same:
        assert second.json()["task_id"] == first.json()["task_id"]


def test_tasks_of_the_application_have_the_members_that_drawn_tasks_have():
    submitted = submit({"prompt": "a", "video_urls": ["https://example.com/1.mp4"]}).json()
    CLIENT.post("/_mock/clock", content='{"advance": 600}')
    ended = CLIENT.get(f"{TASKS}/{submitted['task_id']}").json()
    (drawn,) = draw_many(tasks("succeeded"), 1)
    assert set(ended) == set(drawn)
