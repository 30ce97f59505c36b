"""`GET /_mock/changes`, read by a client that we did not write."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.settings import Bounds
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.changes.log import Log
from tests.conftest import AUTH, TASKS, client_of, example
from tests.redis_server import RedisServer
from tests.web.changes.reading import CHANGES, Told, following, news, of_kind, steps_of

FAILING = {"X-Mock-Script": "outcome=failed; error=content_policy"}


@pytest.fixture
def key(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"Authorization": f"Bearer mv_test_{abs(hash(request.node.nodeid))}"}


@pytest.fixture
def client(server: MockServer, key: dict[str, str]) -> Iterator[httpx.Client]:
    """A client of a world of the test's own, whose clock stands."""
    with httpx.Client(base_url=server.url, headers=key, timeout=60) as opened:
        yield opened


def submit(client: httpx.Client, **headers: str) -> str:
    task_id: str = client.post(TASKS, json=example(), headers=headers).json()["task_id"]
    return task_id


def live_a_little(client: httpx.Client) -> None:
    """A little of everything; a reset and one more key end it."""
    submit(client, **FAILING)
    client.post("/_mock/clock", json={"advance": 100})
    client.post("/_mock/scripts", json={"script": "status=503; times=1"})
    client.post(TASKS, json=example())
    client.post(f"/_mock/tasks/{submit(client)}/succeed")
    client.post("/_mock/credit", json={"credit": "3"})
    client.post("/_mock/clock", json={"speed": 2})
    client.post("/_mock/uploads", content=b"GIF89a", headers={"Content-Type": "image/gif"})
    key_id = client.post("/_mock/keys").json()["id"]
    client.patch(f"/_mock/keys/{key_id}", json={"disabled": True})


def until_disabled(events: Iterator[Told]) -> list[Told]:
    """The events before the last act of `live_a_little`."""
    last = ("key", "disabled")
    return list(takewhile(lambda each: (each.kind, each.data.get("event")) != last, events))


def test_the_feed_tells_everything_in_the_order_in_which_it_happened(client: httpx.Client) -> None:
    with following(client) as events:
        live_a_little(client)
        told = until_disabled(events)
    assert [each.kind for each in told] == [
        "opened",
        *("request", "script", "task", "ledger"),  # a submit whose script decides its plan
        *("task", "task", "ledger", "clock"),  # it starts and fails while the clock is moved
        *("script", "request", "script"),  # a script is added, and refuses a submit
        *("request", "task", "ledger", "task", "task", "ledger"),  # a task is made to succeed
        *("credit", "clock", "upload", "key"),
    ]
    failed = next(each.data for each in told if each.data.get("status") == "failed")
    assert (failed["before"], failed["error"]["code"]) == ("processing", "content_policy")
    moments = [each.data["at"] for each in told[1:]]
    assert moments == sorted(moments)


def test_a_key_is_never_told(client: httpx.Client, key: dict[str, str]) -> None:
    secret = key["Authorization"].removeprefix("Bearer ")
    with following(client) as events:
        client.post("/_mock/scripts", json={"script": f"outcome=failed; message={secret}"})
        submit(client, **{"Idempotency-Key": "order"})
        made = client.post("/_mock/keys").json()["key"]
        client.patch("/_mock/keys/key_x", json={"disabled": True})
        told = list(takewhile(lambda each: each.kind != "key", events))
    assert len(told) >= 4
    assert not any(text in str(told) for text in (secret, made))


def test_a_reader_goes_on_after_any_event_and_gets_each_of_the_others_once(
    client: httpx.Client,
) -> None:
    with following(client) as events:
        live_a_little(client)
        whole = until_disabled(events)
    for at, seen in enumerate(whole):
        with following(client, seen.id) as events:
            again = until_disabled(events)
        assert again[0].kind == "opened"
        assert again[1:] == whole[at + 1 :]


def test_what_happened_while_nobody_read_is_told_to_who_comes_back(client: httpx.Client) -> None:
    with following(client) as events:
        first = next(events)
    task_id = submit(client)
    client.post("/_mock/clock", json={"advance": 100})
    with following(client, first.id) as events:
        told = list(takewhile(lambda each: each.kind != "clock", events))
    states = [status for _, status in steps_of(told)[task_id]]
    assert states == ["queued", "processing", "succeeded"]


@pytest.mark.parametrize("seen", ["1", "0badc0de-3", "nonsense", "é", "-1", "99999999999999999999"])
def test_an_id_that_nobody_gave_is_answered_with_a_gap(client: httpx.Client, seen: str) -> None:
    headers = {"Last-Event-ID": seen.encode("latin-1")}
    with client.stream("GET", CHANGES, headers=headers) as answer:
        lines = list(takewhile(lambda line: "reason" not in line, answer.iter_lines()))
    assert "event: gap" in lines


def test_a_reset_says_that_what_was_before_is_lost(client: httpx.Client) -> None:
    with following(client) as events:
        first = next(events)
        submit(client)
        next(events)
    client.post("/_mock/reset")
    with following(client, first.id) as events:
        told = [next(events) for _ in range(3)]
    assert [each.kind for each in told] == ["opened", "gap", "reset"]


def test_a_reader_of_changes_that_reads_on_is_told_of_a_reset_without_a_gap(
    client: httpx.Client,
) -> None:
    with following(client) as events:
        next(events)
        client.post("/_mock/reset")
        task_id = submit(client)
        told = [next(events) for _ in range(3)]
    assert [each.kind for each in told] == ["reset", "request", "task"]
    assert told[2].data["task_id"] == task_id


def test_states_that_fall_due_on_the_running_clock_are_told_by_themselves() -> None:
    settings = Settings(port=0, progress="time", speed=50, log_level="warning")
    with (
        MockServer(settings) as running,
        httpx.Client(base_url=running.url, headers=AUTH, timeout=60) as client,
        following(client) as events,
    ):
        task_id = submit(client)
        told = []
        while not told or told[-1].data.get("status") != "succeeded":
            told.append(next(events))
    assert [status for _, status in steps_of(told)[task_id]] == [
        "queued",
        "processing",
        "succeeded",
    ]


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_what_is_done_through_another_process_is_told_too(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    store = f"sqlite:///{tmp_path / 'mock.db'}"
    if kind == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.empty()
        store = server.url
    settings = Settings(port=0, progress="manual", store=store, log_level="warning", seed=7)
    with (
        MockServer(settings) as one,
        MockServer(settings) as other,
        httpx.Client(base_url=one.url, headers=AUTH, timeout=60) as reader,
        httpx.Client(base_url=other.url, headers=AUTH, timeout=60) as writer,
        following(reader) as events,
    ):
        live_a_little(writer)
        told = until_disabled(events)
        writer.post("/_mock/reset")
        submit(writer)
        kinds = [each.kind for each in (next(events) for _ in range(3))]
    assert [each["event"] for each in of_kind(told, "script")] == ["fired", "added", "fired"]
    assert [len(states) for states in steps_of(told).values()] == [3, 3]
    assert kinds == ["reset", "request", "task"]


def test_a_journal_that_is_too_small_for_what_happened_is_a_gap() -> None:
    app_settings = Settings(
        port=0, progress="manual", bounds=Bounds(journal_entries=10), log_level="warning"
    )
    with (
        MockServer(app_settings) as running,
        httpx.Client(base_url=running.url, headers=AUTH, timeout=60) as client,
    ):
        with following(client) as events:
            first = next(events)
        for _ in range(30):
            client.get(f"{TASKS}/task_none")
        with following(client, first.id) as events:
            told = [next(events) for _ in range(12)]
    assert "gap" in {each.kind for each in told}
    assert len(of_kind(told, "request")) >= 9


def test_in_process_the_stream_ends_where_it_is_now(mindvideo: MindVideo) -> None:
    with mindvideo.client(headers={"Host": "localhost"}) as client:
        (opened,) = news(client, None)
        task_id = submit(client)
        mindvideo.advance(100)
        told = news(client, opened.id)
        assert [status for _, status in steps_of(told)[task_id]] == [
            "queued",
            "processing",
            "succeeded",
        ]
        assert news(client, told[-1].id)[1:] == []


def test_head_is_answered_without_a_stream(client: httpx.Client) -> None:
    answer = client.head(CHANGES)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_a_foreign_page_may_not_follow(client: httpx.Client) -> None:
    answer = client.get(CHANGES, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_nothing_is_derived_as_long_as_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("mock_mindvideo.web.changes.following.Follower.catch_up", fail)
    app = create_app(Settings(progress="manual"))
    assert client_of(app).post(TASKS, json=example()).status_code == 200
    app.store.close()


def test_a_reader_that_is_too_slow_for_the_bound_is_told_of_the_gap_and_costs_no_memory() -> None:
    log = Log(most=100, most_bytes=10_000)
    first = log.number(log.id(0))
    for number in range(5_000):
        log.add("request", {"number": number, "text": "x" * (number % 500)})
        assert sum(len(change.data) for change in log.after(0, 10_000)) <= 10_000
    assert first == 0
    assert log.first_after(0) > 4_900
    assert log.first_after(log.last) == log.last + 1
