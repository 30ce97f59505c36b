"""Webhooks of ended tasks, as a receiver meets them that somebody else wrote."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.testclient import TestClient

from mock_mindvideo import MockServer, Settings, mock
from mock_mindvideo.catalog import CatalogError, load
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.webhooks.target import NotTaken, Sender, leads_here
from tests.conftest import AUTH, TASKS, MakeClient, client_of, example
from tests.web.receiving import SECRET, Delivery, Receiver, hooked


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with closing(Receiver()) as found:
        yield found


@pytest.fixture
def told(make_client: MakeClient, receiver: Receiver, tmp_path: Path) -> TestClient:
    folder = hooked(tmp_path, receiver.url)
    return make_client(progress="manual", schemas=(folder,), public_url="http://127.0.0.1:8080")


def submitted(client: TestClient, script: str | None = None) -> str:
    headers = {"X-Mock-Script": script} if script else {}
    return str(client.post(TASKS, json=example(), headers=headers).json()["task_id"])


def advance(client: TestClient, seconds: float) -> None:
    client.post("/_mock/clock", json={"advance": seconds})
    client.app.webhooks.deliver(wait=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "cancelled"])
def test_each_terminal_state_is_told_with_the_very_object_that_a_look_gives(
    told: TestClient, receiver: Receiver, outcome: str
) -> None:
    task_id = submitted(told, f"outcome={outcome}")
    advance(told, 3)
    assert receiver.got == []
    advance(told, 8)
    (message,) = receiver.got
    assert message.body == told.get(f"{TASKS}/{task_id}").content
    assert message.headers["content-type"] == "application/json"
    advance(told, 1000)
    assert len(receiver.got) == 1


def test_the_signature_is_what_the_published_library_verifies(
    told: TestClient, receiver: Receiver
) -> None:
    submitted(told)
    advance(told, 11)
    (message,) = receiver.got
    assert Webhook(SECRET).verify(message.body, message.headers) == json.loads(message.body)
    for forged in (
        Delivery(message.headers, message.body + b" "),
        Delivery({**message.headers, "webhook-id": "msg_x"}, message.body),
        Delivery({**message.headers, "webhook-timestamp": "1"}, message.body),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(forged.body, forged.headers)


def test_a_message_that_is_refused_comes_again_on_the_worlds_clock(
    told: TestClient, receiver: Receiver
) -> None:
    receiver.statuses = [500, 307]
    submitted(told)
    advance(told, 10)
    assert len(receiver.got) == 1
    advance(told, 4)
    assert len(receiver.got) == 1
    advance(told, 1)
    assert len(receiver.got) == 2
    advance(told, 60)
    advance(told, 600)
    assert len(receiver.got) == 3, "the third was taken"
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 1
    assert len({each.body for each in receiver.got}) == 1


def test_after_the_last_retry_a_message_is_given_up(told: TestClient, receiver: Receiver) -> None:
    receiver.statuses = [500] * 9
    submitted(told)
    advance(told, 10_000)
    assert len(receiver.got) == 3


def test_a_receiver_that_is_away_is_no_error_of_the_mock(
    make_client: MakeClient, tmp_path: Path
) -> None:
    gone = Receiver()
    gone.close()
    client = make_client(progress="manual", schemas=(hooked(tmp_path, gone.url),))
    task_id = submitted(client)
    advance(client, 10_000)
    assert client.get(f"{TASKS}/{task_id}").json()["status"] == "succeeded"


def test_each_attempt_is_told_to_whoever_follows_the_world(
    told: TestClient, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    task_id = submitted(told)
    advance(told, 20)
    page = told.app.store.recorded("default", 0, 100)  # type: ignore[attr-defined]
    acts = [json.loads(entry.body) for _, entry in page.entries if entry.act == "webhook"]
    assert [(each["task_id"], each["attempt"], each["over"]) for each in acts] == [
        (task_id, 1, False),
        (task_id, 2, True),
    ]
    assert [each["problem"] for each in acts] == ["it was answered with 500", None]


def test_a_script_lets_attempts_be_lost(told: TestClient, receiver: Receiver) -> None:
    submitted(told, "webhook-drop=2")
    advance(told, 10)
    advance(told, 5)
    assert receiver.got == []
    advance(told, 60)
    assert len(receiver.got) == 1


def test_a_script_sends_a_message_twice(told: TestClient, receiver: Receiver) -> None:
    submitted(told, "webhook-duplicate")
    advance(told, 20)
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_script_puts_a_message_behind_a_later_one(told: TestClient, receiver: Receiver) -> None:
    late = submitted(told, "webhook-reorder")
    advance(told, 2)
    early = submitted(told)
    advance(told, 60)
    assert [each.task_id for each in receiver.got] == [early, late]


def test_a_webhook_word_beside_a_task_that_never_ends_is_refused(told: TestClient) -> None:
    headers = {"X-Mock-Script": "outcome=stuck; webhook-duplicate"}
    assert told.post(TASKS, json=example(), headers=headers).status_code == 422


@given(seconds=st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_messages_come_in_the_order_in_which_tasks_ended(
    tmp_path_factory: pytest.TempPathFactory, seconds: list[int]
) -> None:
    with closing(Receiver()) as receiver:
        folder = hooked(tmp_path_factory.mktemp("dialect"), receiver.url)
        client = client_of(create_app(Settings(progress="manual", schemas=(folder,))))
        made = [submitted(client, f"queued={each}; processing=1") for each in seconds]
        advance(client, 100)
        ended = sorted(range(len(made)), key=lambda index: (seconds[index], index))
        assert [each.task_id for each in receiver.got] == [made[index] for index in ended]


def test_a_poll_that_moves_the_clock_brings_the_message(
    make_client: MakeClient, receiver: Receiver, tmp_path: Path
) -> None:
    client = make_client(progress="polls", schemas=(hooked(tmp_path, receiver.url),))
    task_id = submitted(client)
    while client.get(f"{TASKS}/{task_id}").json()["status"] != "succeeded":
        pass
    client.app.webhooks.deliver(wait=True)  # type: ignore[attr-defined]
    assert [each.task_id for each in receiver.got] == [task_id]


def test_a_reset_world_tells_of_its_new_tasks_alone(told: TestClient, receiver: Receiver) -> None:
    submitted(told)
    told.post("/_mock/reset", json={})
    again = submitted(told)
    advance(told, 20)
    assert [each.task_id for each in receiver.got] == [again]


def test_a_running_server_tells_by_itself_and_after_a_restart_only_what_is_missing(
    receiver: Receiver, tmp_path: Path
) -> None:
    folder = hooked(tmp_path, receiver.url, retries=[1])
    settings = Settings(port=0, schemas=(folder,), db=tmp_path / "worlds.db", log_level="critical")
    with MockServer(settings) as server, httpx2.Client(base_url=server.url, headers=AUTH) as real:
        headers = {"X-Mock-Script": "queued=0; processing=0"}
        first = real.post(TASKS, json=example(), headers=headers).json()["task_id"]
        assert receiver.came.wait(60)
        shown = real.get(f"{TASKS}/{first}")
    assert [each.body for each in receiver.got] == [shown.content]
    receiver.came.clear()
    with MockServer(settings) as server, httpx2.Client(base_url=server.url, headers=AUTH) as real:
        second = real.post(TASKS, json=example(), headers=headers).json()["task_id"]
        assert receiver.came.wait(60)
    assert [each.task_id for each in receiver.got] == [first, second]


def test_a_receiver_that_never_answers_does_not_hold_up_the_end_of_a_server(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(50)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        settings = Settings(
            port=0, schemas=(hooked(tmp_path, url, timeout=60),), log_level="critical"
        )
        with MockServer(settings) as server, httpx2.Client(base_url=server.url) as real:
            real.headers.update(AUTH)
            headers = {"X-Mock-Script": "queued=0; processing=0"}
            assert real.post(TASKS, json=example(), headers=headers).status_code == 200
            connection, _ = deaf.accept()
            began = time.monotonic()
        assert time.monotonic() - began < 50  # and not the 60 seconds that its answer may take
        connection.close()


def test_in_virtual_time_an_application_waits_for_its_webhook_and_its_retries(
    tmp_path: Path,
) -> None:
    import requests  # noqa: PLC0415 - a client that the mock meets in this process

    with (
        closing(Receiver(poll=0.5)) as receiver,
        mock(schemas=(hooked(tmp_path, receiver.url),)) as mindvideo,
        mindvideo.virtual_time(),
    ):
        receiver.statuses = [500, 500]
        began = mindvideo.now
        requests.post(f"{mindvideo.base_url}{TASKS}", json=example(), headers=AUTH, timeout=5)
        for seconds in (10, 15, 75):
            assert receiver.came.wait(100)
            receiver.came.clear()
            assert (mindvideo.now - began).total_seconds() == seconds
        first = receiver.got[0]
        assert Webhook(SECRET).verify(first.body, first.headers)
        assert len(receiver.got) == 3


@pytest.mark.asyncio
@pytest.mark.parametrize("virtual", [False, True])
async def test_a_receiver_in_the_event_loop_of_the_test_has_its_message(
    tmp_path: Path, virtual: bool
) -> None:
    got: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await got.put(await request.read())
        return web.Response(status=204)

    hooks = web.Application()
    hooks.router.add_post("/hooks", take)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(hooks))
        folder = hooked(tmp_path, f"http://127.0.0.1:{server.port}/hooks")
        mindvideo = stack.enter_context(mock(schemas=(folder,)))
        if virtual:
            stack.enter_context(mindvideo.virtual_time())
        client = await stack.enter_async_context(httpx2.AsyncClient(headers=AUTH))
        path = f"{mindvideo.base_url}{TASKS}"
        task_id = (await client.post(path, json=example())).json()["task_id"]
        if not virtual:
            mindvideo.advance(60)
        body = await asyncio.wait_for(got.get(), 60)
        assert body == (await client.get(f"{path}/{task_id}")).content


def test_a_test_that_moves_the_clock_has_its_webhook_at_once(
    receiver: Receiver, tmp_path: Path
) -> None:
    import requests  # noqa: PLC0415 - a client that the mock meets in this process

    with mock(schemas=(hooked(tmp_path, receiver.url),)) as mindvideo:
        task_id = requests.post(
            f"{mindvideo.base_url}{TASKS}", json=example(), headers=AUTH, timeout=5
        ).json()["task_id"]
        mindvideo.advance(60)
        assert [each.task_id for each in receiver.got] == [task_id]
        shown = requests.get(f"{mindvideo.base_url}{TASKS}/{task_id}", headers=AUTH, timeout=5)
        assert receiver.got[0].body == shown.content


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("[::1]", True),
        ("[::ffff:127.0.0.1]", True),
        ("192.0.2.1", False),
        ("[::ffff:192.0.2.1]", False),
    ],
)
def test_only_this_machine_is_a_target_by_itself(host: str, own: bool) -> None:
    assert leads_here(host.strip("[]")) is own


def test_another_machine_is_a_target_only_where_it_is_named(monkeypatch: Any) -> None:
    asked: list[str] = []

    def refuse(address: tuple[str, int], *_: object, **__: object) -> None:
        asked.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("http.client.socket.create_connection", refuse)
    with pytest.raises(NotTaken, match="--webhook-host"):
        Sender(()).post("http://192.0.2.1/x", {}, b"", 1)
    assert asked == []
    with pytest.raises(NotTaken, match="did not answer"):
        Sender(("192.0.2.1",)).post("http://192.0.2.1/x", {}, b"", 1)
    assert asked == ["192.0.2.1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "ftp://127.0.0.1/"},
        {"url": "http:///x"},
        {"secret": "whsec_x"},
        {"secret": "hush"},
        {"retries": [-1]},
        {"timeout": 0},
    ],
)
def test_a_webhook_that_cannot_work_is_refused_by_its_place(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(CatalogError) as refused:
        load((hooked(tmp_path, **{"url": "http://127.0.0.1:1/", **changes}),))
    assert refused.value.pointer.startswith("/extensions/webhooks/")


def test_without_them_nothing_is_looked_for(client: TestClient) -> None:
    assert client.app.webhooks is None  # type: ignore[attr-defined]
