"""The worker keeps its deadline, which takes no time."""

import time

import pytest
import trio
from worker import BUDGET, Worker

pytestmark = pytest.mark.mindvideo(virtual_time=True)


def test_all_are_made_at_the_same_time(mindvideo):
    worker, began = Worker(), mindvideo.now
    trio.run(worker.make, ["cat", "dog", "cow"])
    assert {status for status, _ in worker.ended.values()} == {"succeeded"}
    assert {(at - began).total_seconds() for _, at in worker.ended.values()} == {10}


def test_a_stuck_one_ends_at_its_deadline_and_holds_nobody_up(mindvideo):
    mindvideo.next_task(outcome="stuck")
    worker, began = Worker(), mindvideo.now
    trio.run(worker.make, ["cat", "dog"])
    ended = {status: (at - began).total_seconds() for status, at in worker.ended.values()}
    assert ended == {"timeout": BUDGET, "succeeded": 10}


@pytest.mark.mindvideo(virtual_time=False)
def test_real_time_is_back():
    began = time.perf_counter()
    trio.run(trio.sleep, 0.05)
    assert 0.05 <= time.perf_counter() - began < 30
