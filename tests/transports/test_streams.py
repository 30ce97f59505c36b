"""Streams in process: as far as the client has read, and over when it lets go."""

import json

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.transports.clients import Client


def events(lines: list[str]) -> list[int]:
    return [json.loads(line[6:])["sequence"] for line in lines if line.startswith("data: ")]


def read_all(client: Client, path: str, **headers: str) -> list[str]:
    lines: list[str] = []

    def look(line: str) -> bool:
        lines.append(line)
        return False

    client.lines(path, look, headers=headers)
    return lines


def test_a_stream_gives_every_event_and_ends(streaming: Client, mindvideo: MindVideo) -> None:
    task_id = streaming.submit(example())

    assert events(read_all(streaming, f"{TASKS}/{task_id}/events")) == [1, 2, 3]
    mindvideo.assert_stream_complete(task_id)


def test_an_event_arrives_before_the_next_one_exists(
    streaming: Client, mindvideo: MindVideo
) -> None:
    task_id = streaming.submit(example())
    seen: list[tuple[str, str]] = []

    def look(line: str) -> bool:
        if line.startswith("event: "):
            seen.append((line, mindvideo.task(task_id).status))
        return False

    streaming.lines(f"{TASKS}/{task_id}/events", look)
    assert seen == [
        ("event: task.queued", "queued"),
        ("event: task.processing", "processing"),
        ("event: task.succeeded", "succeeded"),
    ]


@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")  # the libraries' own
def test_the_server_side_of_a_stream_ends_as_soon_as_the_client_closes_it(
    streaming: Client, mindvideo: MindVideo
) -> None:
    assert mindvideo.app is not None
    task_id = streaming.submit(example())
    streams = mindvideo.app.open_streams
    during: list[tuple[int, object]] = []

    def look(line: str) -> bool:
        during.append((len(streams), mindvideo.now))
        return True

    streaming.lines(f"{TASKS}/{task_id}/events", look)
    assert during == [(1, mindvideo.now)]
    assert len(streams) == 0


def test_a_stream_with_nothing_left_to_come_is_a_read_timeout_at_once(
    streaming: Client, mindvideo: MindVideo
) -> None:
    mindvideo.next_task(outcome="stuck")
    task_id = streaming.submit(example())

    with pytest.raises(streaming.slow_stream or streaming.timed_out):
        read_all(streaming, f"{TASKS}/{task_id}/events")
    assert mindvideo.app is not None
    assert len(mindvideo.app.open_streams) == 0


def test_a_cut_stream_goes_on_after_the_last_event_that_was_seen(
    streaming: Client, mindvideo: MindVideo
) -> None:
    task_id = streaming.submit(example())
    mindvideo.script("cut=2", times=1)

    first = read_all(streaming, f"{TASKS}/{task_id}/events")
    second = read_all(streaming, f"{TASKS}/{task_id}/events", **{"Last-Event-ID": "2"})
    assert (events(first), events(second)) == ([1, 2], [3])
    mindvideo.assert_stream_complete(task_id)


def test_a_stream_that_breaks_off_is_the_librarys_protocol_error(
    streaming: Client, mindvideo: MindVideo
) -> None:
    task_id = streaming.submit(example())
    mindvideo.script("truncate=40")

    with pytest.raises(streaming.broken):
        read_all(streaming, f"{TASKS}/{task_id}/events")
