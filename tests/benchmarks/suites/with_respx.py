"""The same two calls to static routes of respx."""

import pytest

from tests.benchmarks.suites.calls import ANSWER, CLIENT, REPEAT, URL, submit

TASKS = f"https://api.mindvideo.ai{URL}"


@pytest.mark.parametrize("number", REPEAT)
def test(number, respx_mock):
    respx_mock.post(TASKS).respond(json=ANSWER)
    respx_mock.get(f"{TASKS}/task_1").respond(json=ANSWER)
    task_id = submit(TASKS).json()["task_id"]
    assert CLIENT.get(f"{TASKS}/{task_id}").json()["status"] == "queued"
