"""A task's events over a real socket: as they happen, resumable, without gaps or repeats."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import requests
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.catalog import builtin_catalog
from tests.conftest import TASKS
from tests.web.live import Live, events, next_event


@pytest.fixture
def live(server: MockServer) -> Iterator[Live]:
    """A fresh world, whose clock moves only when told."""
    with Live(server, uuid4().hex) as world:
        yield world


def test_events_arrive_as_they_happen(live: Live) -> None:
    task_id = live.submit()
    with live.stream(task_id) as lines:
        assert next_event(lines).type == "task.queued"
        live.control("clock", advance=2)
        assert next_event(lines).type == "task.processing"
        live.control(f"tasks/{task_id}/fail")
        last = next_event(lines)
        assert (last.id, last.type, last.data["task"]["status"]) == ("3", "task.failed", "failed")
        assert list(lines) == [], "the stream closes after the terminal event"


def test_an_event_is_what_its_schema_says(live: Live) -> None:
    task_id = live.submit()
    live.control("clock", advance=60)
    schemas = builtin_catalog().schemas
    registry = Registry().with_resource(
        "task.schema.json", Resource.from_contents(schemas["task.schema.json"])
    )
    validator = Draft202012Validator(schemas["event.schema.json"], registry=registry)
    with live.stream(task_id) as lines:
        found = events(lines)
    for number, event in enumerate(found, 1):
        validator.validate(event.data)
        assert event.id == str(event.data["sequence"]) == str(number)
        assert event.type == event.data["type"]
        assert event.data["event_id"] == f"evt_{task_id.removeprefix('task_')}_{number}"
    assert [event.data["created_at"] for event in found] == [
        "2026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:02.000Z",
        "2026-01-01T00:00:10.000Z",
    ]


def test_an_event_stays_whole_for_clients_that_cut_lines_where_python_does(live: Live) -> None:
    """U+2028, U+2029, U+0085 and their like: httpx and requests end a line at each."""
    cutting = "".join(c for c in map(chr, range(0x3000)) if len(f"a{c}b".splitlines()) > 1)
    assert set("\u2028\u2029\x85\n\x1e") < set(cutting)
    task_id = live.submit()
    live.control(f"tasks/{task_id}/fail", message=cutting)
    with live.stream(task_id) as lines:
        assert events(lines)[-1].data["task"]["error"]["message"] == cutting
    url = f"{live.http.base_url}{TASKS}/{task_id}/events"
    with requests.get(url, headers=dict(live.http.headers), stream=True, timeout=30) as answer:
        found = list(answer.iter_lines(decode_unicode=True))
    assert len([line for line in found if line.startswith("data: ")]) == 2
    assert {line.partition(":")[0] for line in found} == {"retry", "id", "event", "data", ""}
    as_json = live.http.get(url, headers={"Accept": "application/json"})
    assert len(as_json.text.splitlines()) == 1
    assert as_json.json()["events"][-1]["task"]["error"]["message"] == cutting


def test_the_stream_begins_with_how_long_to_wait_before_a_retry(live: Live) -> None:
    with live.stream(live.submit()) as lines:
        assert [next(lines), next(lines)] == ["retry: 1000", "id: 1"]


@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_stream_resumes_without_gap_or_repeat(live: Live, cut: int) -> None:
    task_id = live.submit()
    live.control("clock", advance=3)
    with live.stream(task_id) as lines:
        before = [next_event(lines) for _ in range(cut)]
    live.control("clock", advance=60)
    with live.stream(task_id, **{"Last-Event-ID": before[-1].id}) as lines:
        after = events(lines)
    assert [event.id for event in before + after] == ["1", "2", "3"]


def test_after_the_terminal_event_there_is_nothing_left(live: Live) -> None:
    task_id = live.submit()
    live.control("clock", advance=60)
    path = f"{TASKS}/{task_id}/events"
    done = live.http.get(path, headers={"Last-Event-ID": "3"})
    assert (done.status_code, done.content) == (204, b"")


@pytest.mark.parametrize("odd", ["0", "4", "-1", "x", "1.5", "99999999999999999999", "\xb2", ""])
def test_an_id_that_is_none_of_the_tasks_sends_everything_again(live: Live, odd: str) -> None:
    task_id = live.submit()
    live.control("clock", advance=60)
    headers = [(b"Last-Event-ID", odd.encode("latin-1"))]
    with live.http.stream("GET", f"{TASKS}/{task_id}/events", headers=headers) as answer:
        assert [event.id for event in events(answer.iter_lines())] == ["1", "2", "3"]


def test_as_json_the_events_so_far_come_at_once(live: Live) -> None:
    task_id = live.submit()
    path = f"{TASKS}/{task_id}/events"
    json = {"Accept": "application/json"}
    assert [each["type"] for each in live.http.get(path, headers=json).json()["events"]] == [
        "task.queued"
    ]
    live.control("clock", advance=60)
    resumed = live.http.get(path, headers=json | {"Last-Event-ID": "1"}).json()["events"]
    assert [each["sequence"] for each in resumed] == [2, 3]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/event-stream;q=0.5, application/json", "application/json"),
        ("*/*", "text/event-stream; charset=utf-8"),
        ("", "text/event-stream; charset=utf-8"),
        ("text/event-stream", "text/event-stream; charset=utf-8"),
        ("text/event-stream, application/json", "text/event-stream; charset=utf-8"),
        ("application/json;q=0", "text/event-stream; charset=utf-8"),
        ("application/json;q=x", "text/event-stream; charset=utf-8"),
    ],
)
def test_the_accept_header_chooses_the_form(live: Live, accept: str, kind: str) -> None:
    task_id = live.submit()
    live.control("clock", advance=60)
    answer = live.http.get(f"{TASKS}/{task_id}/events", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == kind


def test_where_polls_drive_the_clock_a_waiting_stream_does_too(live: Live) -> None:
    live.control("clock", progress="polls")
    with live.stream(live.submit()) as lines:
        assert [event.type for event in events(lines)] == [
            "task.queued",
            "task.processing",
            "task.succeeded",
        ]


def test_with_the_real_clock_a_stream_waits_for_what_is_due(live: Live) -> None:
    live.control("clock", progress="time", speed=100)
    with live.stream(live.submit()) as lines:
        assert len(events(lines)) == 3


def test_a_reset_ends_the_streams_of_its_world(live: Live) -> None:
    with live.stream(live.submit()) as lines:
        next_event(lines)
        live.control("reset")
        assert events(lines) == []


def test_a_stream_whose_client_leaves_is_no_longer_counted_as_open(
    server: MockServer, live: Live
) -> None:
    open_before = len(server.app.open_streams)
    task_id = live.submit()
    with live.stream(task_id) as lines:
        next_event(lines)
        assert len(server.app.open_streams) == open_before + 1
    live.http.close()
    while len(server.app.open_streams) > open_before:
        pass  # the server notices on its own loop; a hang here fails by the suite's timeout


def test_streams_are_bounded_and_one_too_many_is_503() -> None:
    settings = Settings(port=0, progress="manual", streams=1, log_level="warning")
    with MockServer(settings) as server, Live(server, "bounded") as live:
        task_id = live.submit()
        with live.stream(task_id) as lines:
            next_event(lines)
            refused = live.http.get(f"{TASKS}/{task_id}/events")
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")


def test_a_server_stops_with_streams_open() -> None:
    settings = Settings(port=0, progress="manual", log_level="warning")
    with (
        MockServer(settings) as server,
        Live(server, "stopping") as live,
        live.stream(live.submit()) as lines,
    ):
        next_event(lines)
        server.stop()
        assert events(lines) == [], "the stream ends in order, not by a broken connection"
