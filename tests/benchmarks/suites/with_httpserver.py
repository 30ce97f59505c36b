"""The same two calls to static handlers of pytest-httpserver."""

import pytest

from tests.benchmarks.suites.calls import ANSWER, CLIENT, REPEAT, URL, submit


@pytest.mark.parametrize("number", REPEAT)
def test(number, httpserver):
    httpserver.expect_request(URL, method="POST").respond_with_json(ANSWER)
    httpserver.expect_request(f"{URL}/task_1", method="GET").respond_with_json(ANSWER)
    tasks = httpserver.url_for(URL)
    task_id = submit(tasks).json()["task_id"]
    assert CLIENT.get(f"{tasks}/{task_id}").json()["status"] == "queued"
