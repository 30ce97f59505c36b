"""A test with `mindvideo`: the fixture, a POST and a GET."""

import pytest

from tests.benchmarks.suites.calls import CLIENT, REPEAT, URL, submit

TASKS = f"https://api.mindvideo.ai{URL}"


@pytest.mark.parametrize("number", REPEAT)
def test(number, mindvideo):
    task_id = submit(TASKS).json()["task_id"]
    assert CLIENT.get(f"{TASKS}/{task_id}").json()["status"] == "queued"
