"""In virtual time every client's waits are the world's: a stream, a slow answer, a deadline."""

import time

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.transports.clients import Client

pytestmark = pytest.mark.mindvideo(virtual_time=True)


def test_a_stream_is_followed_to_its_end(streaming: Client, mindvideo: MindVideo) -> None:
    task_id = streaming.submit(example())
    seen: list[tuple[str, str]] = []

    def look(line: str) -> bool:
        if line.startswith("event: "):
            seen.append((line, mindvideo.task(task_id).status))
        return False

    streaming.lines(f"{TASKS}/{task_id}/events", look, timeout=60)
    assert seen == [
        ("event: task.queued", "queued"),
        ("event: task.processing", "processing"),
        ("event: task.succeeded", "succeeded"),
    ]


def test_a_silence_beyond_the_timeout_is_one_however_often_the_world_moves(
    streaming: Client, mindvideo: MindVideo
) -> None:
    mindvideo.next_task(queued=1, processing=40)
    task_id = streaming.submit(example())
    with pytest.raises(streaming.slow_stream or streaming.timed_out):
        streaming.lines(f"{TASKS}/{task_id}/events", lambda _: False, timeout=5)
    assert mindvideo.task(task_id).status == "processing"


def test_polls_with_sleeps_between_them_reach_the_end(client: Client, mindvideo: MindVideo) -> None:
    task_id = client.submit(example())
    began = mindvideo.now
    while client.request("GET", f"{TASKS}/{task_id}").json()["status"] != "succeeded":
        time.sleep(5)
    assert 5 <= (mindvideo.now - began).total_seconds() <= 60


def test_a_slow_answer_moves_the_clock(client: Client, mindvideo: MindVideo) -> None:
    before = mindvideo.now
    mindvideo.script("delay=30; times=1")
    client.request("POST", TASKS, json=example(), timeout=60)
    assert (mindvideo.now - before).total_seconds() == pytest.approx(30, abs=1)


def test_a_slow_answer_beyond_the_timeout_is_the_librarys_own(
    client: Client, mindvideo: MindVideo
) -> None:
    mindvideo.script("delay=30")
    with pytest.raises(client.timed_out):
        client.request("POST", TASKS, json=example(), timeout=2)
