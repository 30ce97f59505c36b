"""A test with `mindvideo_live`: a new world on the session's server, a POST and a GET."""

import pytest

from tests.benchmarks.suites.calls import CLIENT, REPEAT, URL, submit


@pytest.mark.parametrize("number", REPEAT)
def test(number, mindvideo_live):
    tasks = mindvideo_live.base_url + URL
    key = {"Authorization": f"Bearer {mindvideo_live.api_key}"}
    task_id = submit(tasks, **key).json()["task_id"]
    assert CLIENT.get(f"{tasks}/{task_id}", headers=key).json()["status"] == "queued"
