"""Tests in any order, in several processes: each finds its world as it was made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a cat", "video_urls": ["https://example.com/cat.mp4"]},
}


def send(world, **headers):
    with world.client(headers=headers) as client:
        return client.post("/api/v1/tasks", json=BODY).json()["task_id"]


@pytest.mark.parametrize("turn", range(10))
def test_a_world_of_ones_own(mindvideo, turn):
    assert mindvideo.requests == ()
    task = send(mindvideo)
    assert [each.id for each in mindvideo.tasks] == [task]


@pytest.mark.parametrize("turn", range(10))
def test_a_live_world_of_ones_own(mindvideo_live, turn):
    task = send(mindvideo_live)
    assert [each.id for each in mindvideo_live.tasks] == [task]
    assert mindvideo_live.stray_lines == []


@pytest.mark.parametrize("turn", range(5))
def test_the_modules_world_made_anew(mindvideo_module, turn):
    mindvideo_module.reset()
    send(mindvideo_module)
    assert len(mindvideo_module.tasks) == 1


@settings(max_examples=20, database=None, deadline=None)
@given(times=st.integers(1, 3))
def test_a_key_makes_one_task(mindvideo_factory, times):
    with mindvideo_factory() as mindvideo:
        assert len({send(mindvideo, **{"Idempotency-Key": "k"}) for _ in range(times)}) == 1
        mindvideo.assert_requested("POST /api/v1/tasks", times=times)
