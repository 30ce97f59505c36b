"""The worker keeps its deadline on a real server, and in no time."""

import time

import pytest
from worker import Worker

pytestmark = pytest.mark.mindvideo(virtual_time=True)


@pytest.mark.parametrize("time_of_the_pool", ["first", "second"])
def test_jobs_are_done_at_the_same_time(mindvideo_live, time_of_the_pool):
    began = mindvideo_live.now
    worker = Worker(mindvideo_live.base_url, mindvideo_live.api_key)
    assert set(worker.make(["a", "b", "c"]).values()) == {"succeeded"}
    assert 10 <= (mindvideo_live.now - began).total_seconds() <= 30
    assert worker.beats == 0


def test_a_stuck_job_ends_at_its_deadline(mindvideo_live):
    mindvideo_live.next_task(outcome="stuck")
    began = mindvideo_live.now
    worker = Worker(mindvideo_live.base_url, mindvideo_live.api_key)
    assert worker.make(["a"]) == {"a": "timeout"}
    assert 600 <= (mindvideo_live.now - began).total_seconds() <= 620
    assert worker.beats == 10


@pytest.mark.mindvideo(virtual_time=False)
def test_real_time_is_back():
    began = time.perf_counter()
    time.sleep(0.05)
    assert 0.05 <= time.perf_counter() - began < 30
