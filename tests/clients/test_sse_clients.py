"""SSE clients that nobody here wrote agree on the same events, over cuts and resumes."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import httpx_sse
import pytest
import requests
import requests_sse
import sseclient

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.npm import npm_folder, place

NODE = Path(__file__).parent / "node"
LIBRARIES = ("@microsoft/fetch-event-source@2.0.1", "eventsource-client@1.2.0", "eventsource@4.1.1")

#: Sequence and type of each event, in the order in which the client gave them.
Events = list[tuple[int, str]]
EVERY: Events = [(1, "task.queued"), (2, "task.processing"), (3, "task.succeeded")]


def headers(key: str, seen: str) -> dict[str, str]:
    resume = {"Last-Event-ID": seen} if seen else {}
    return {"Authorization": f"Bearer {key}", "Accept": "text/event-stream", **resume}


def resuming(connect: Callable[[str], Iterator[tuple[str, str, str]]]) -> Events:
    """Connect again after the last event until the terminal one, as a page would."""
    events: Events = []
    while not events or not events[-1][1].endswith("succeeded"):
        for number, kind, data in connect(str(events[-1][0]) if events else ""):
            if not data:  # `retry:` alone, which some clients give as an event
                continue
            events.append((int(number), kind))
    return events


def by_httpx_sse(url: str, key: str) -> Events:
    def connect(seen: str) -> Iterator[tuple[str, str, str]]:
        with (
            httpx.Client() as client,
            httpx_sse.connect_sse(client, "GET", url, headers=headers(key, seen)) as source,
        ):
            for each in source.iter_sse():
                yield each.id, each.event, each.data

    return resuming(connect)


def by_sseclient(url: str, key: str) -> Events:
    def connect(seen: str) -> Iterator[tuple[str, str, str]]:
        answer = requests.get(url, headers=headers(key, seen), stream=True, timeout=10)
        with answer:
            for each in sseclient.SSEClient(answer.iter_content(64)).events():  # type: ignore[arg-type]
                yield each.id, each.event, each.data

    return resuming(connect)


def by_requests_sse(url: str, key: str) -> Events:
    events: Events = []
    with requests_sse.EventSource(url, headers=headers(key, ""), timeout=10) as source:
        for each in source:
            events.append((int(each.last_event_id), each.type))
            if "cost_actual" in json.loads(each.data)["task"]:
                break
    return events


def by_npm(library: str) -> Callable[[str, str], Events]:
    def follow(url: str, key: str) -> Events:
        command = ["node", str(installed()), library, url, key]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return [(number, kind) for number, kind in json.loads(done.stdout)]

    return follow


def installed() -> Path:
    """The program that follows a task, beside the npm packages."""
    return place(NODE / "follow.mjs", npm_folder(*LIBRARIES))


CLIENTS = [
    pytest.param(by_httpx_sse, id="httpx-sse"),
    pytest.param(by_sseclient, id="sseclient-py"),
    pytest.param(by_requests_sse, id="requests-sse"),
    pytest.param(by_npm("eventsource"), id="eventsource", marks=pytest.mark.slow),
    pytest.param(by_npm("eventsource-client"), id="eventsource-client", marks=pytest.mark.slow),
    pytest.param(by_npm("fetch-event-source"), id="fetch-event-source", marks=pytest.mark.slow),
]


#: Some clients take a second or two to come back, and a heartbeat comes after one.
DISTURBANCES = (
    "cut=1; times=1",
    pytest.param("cut=2; times=1", marks=pytest.mark.slow),
    pytest.param("heartbeats=1; times=1", marks=pytest.mark.slow),
)


@pytest.fixture
def stream(mindvideo_live: MindVideo) -> str:
    """The address of a new task's events."""
    with mindvideo_live.client() as client:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
    return f"{mindvideo_live.base_url}{TASKS}/{task_id}/events"


@pytest.mark.parametrize("follow", CLIENTS)
@pytest.mark.parametrize("script", ["", *DISTURBANCES])
def test_every_client_gives_each_event_once(
    mindvideo_live: MindVideo, stream: str, follow: Callable[[str, str], Events], script: str
) -> None:
    if script:
        mindvideo_live.script(script)

    assert follow(stream, mindvideo_live.api_key) == EVERY
    mindvideo_live.assert_stream_complete()


@pytest.mark.parametrize("follow", CLIENTS)
def test_every_client_shows_a_duplicate_as_it_came(
    mindvideo_live: MindVideo, stream: str, follow: Callable[[str, str], Events]
) -> None:
    mindvideo_live.script("duplicate=2")

    assert follow(stream, mindvideo_live.api_key) == [EVERY[0], EVERY[1], EVERY[1], EVERY[2]]


def test_httpx_sse_reads_the_stream_in_process_too(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        with httpx_sse.connect_sse(client, "GET", f"{TASKS}/{task_id}/events") as source:
            events = [(int(each.id), each.event) for each in source.iter_sse() if each.data]
    assert events == EVERY
