"""What can befall Redis while it is used: refused by its name, and forgotten once it is over."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores.redis.names import of_world
from mock_mindvideo.web.app import App
from tests.conftest import TASKS, client_of, example
from tests.redis_server import RedisServer

from ..making import create, note, put_file, start
from .conftest import opened

#: Does something to the server, and undoes it.
Trouble = Callable[[RedisServer], Any]


@contextmanager
def killed(server: RedisServer) -> Iterator[None]:
    server.kill()
    yield
    server.start()


@contextmanager
def suspended(server: RedisServer) -> Iterator[None]:
    server.signal(signal.SIGSTOP)
    yield
    server.signal(signal.SIGCONT)


@contextmanager
def full(server: RedisServer) -> Iterator[None]:
    with server.client() as client:
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


@contextmanager
def read_only(server: RedisServer) -> Iterator[None]:
    with server.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        yield
        client.execute_command("REPLICAOF", "NO", "ONE")


#: A client waits for a server that says nothing.
SILENT = pytest.param(suspended, marks=pytest.mark.slow)

TROUBLES = (killed, full, read_only, SILENT)


@pytest.fixture
def client(own_server: RedisServer) -> Iterator[TestClient]:
    with client_of(App(Settings(store=own_server.url, progress="manual"))) as client:
        yield client


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_submit_answers_503_with_the_name_of_the_store_until_it_is_over(
    client: TestClient, own_server: RedisServer, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    first = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
    with trouble(own_server):
        for _ in range(3):
            answer = client.post(TASKS, json=example(), headers={"Idempotency-Key": "b"})
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (503, "unavailable")
            assert str(own_server.address) in error["message"]
            assert "\n" not in error["message"]
            assert int(answer.headers["Retry-After"]) >= 1
    again = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
    assert again.json() == first.json()
    later = client.post(TASKS, json=example(), headers={"Idempotency-Key": "b"})
    assert later.status_code == 200
    listed = [each["task_id"] for each in client.get("/_mock/tasks").json()["tasks"]]
    assert listed == [first.json()["task_id"], later.json()["task_id"]]
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("trouble", [killed, SILENT])
@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/tasks", "/_mock/ledger"])
def test_a_look_answers_503_with_the_name_of_the_store_too(
    client: TestClient, own_server: RedisServer, trouble: Trouble, path: str
) -> None:
    client.post(TASKS, json=example())
    with trouble(own_server):
        answer = client.get(path)
        assert (answer.status_code, str(own_server.address) in answer.text) == (503, True)
    assert client.get(path).status_code == 200


def test_a_full_server_still_answers_what_it_knows_and_can_be_emptied(
    client: TestClient, own_server: RedisServer
) -> None:
    made = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"}).json()["task_id"]
    with full(own_server):
        assert client.post(TASKS, json=example()).status_code == 503
        assert client.get(f"{TASKS}/{made}").json()["status"] == "queued"
        assert client.get("/_mock/ledger").status_code == 200
        known = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
        assert known.json()["task_id"] == made


def test_a_refused_write_leaves_nothing_behind(own_server: RedisServer) -> None:
    with opened(own_server) as store:
        create(store, start(), "a")
        with full(own_server), pytest.raises(Unavailable, match="maxmemory"):
            create(store, start(), "b")
        assert not store.has_idempotency_key("default", "b")
        assert [each.number for each in store.tasks("default")] == [1]
        assert create(store, start(), "b").number == 2


def test_the_journal_waits_while_the_server_is_away(own_server: RedisServer) -> None:
    with opened(own_server) as store:
        store.record("default", note(1))
        with killed(own_server):
            store.record("default", note(2))
            with pytest.raises(Unavailable):
                store.flush()
        assert [each.at for each in store.journal("default", 10)] == [1, 2]


def test_what_was_answered_is_there_after_a_kill_when_each_write_is_synced(
    own_server: RedisServer,
) -> None:
    with own_server.client() as client:
        client.config_set("appendfsync", "always")
    with opened(own_server) as store:
        made = [create(store, start(), f"k{number}") for number in range(50)]
        put_file(store, "default", "a")
        with killed(own_server):
            pass
        assert list(store.tasks("default")) == made
        assert store.files.find("default", "a.png") is not None
        assert create(store, start()).number == 51


def test_a_server_that_was_emptied_meanwhile_begins_anew(own_server: RedisServer) -> None:
    with opened(own_server) as store:
        create(store, start(), "k")
        own_server.empty()
        assert create(store, start(), "k").number == 1
        assert len(store.worlds()) == 1


@pytest.mark.parametrize("what", ["tasks", "world", "scripts", "ids"])
def test_damaged_data_are_refused_with_503_until_they_are_mended(
    own_server: RedisServer, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(Settings(store=own_server.url, progress="manual"))
    with client_of(app) as client, own_server.client() as redis:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        name = of_world("default", what)
        kept = redis.dump(name)
        spoil(redis, what, name, task_id)
        other = App(Settings(store=own_server.url, progress="manual"))
        with client_of(other) as asking:
            answers = [asking.get(f"{TASKS}/{task_id}"), asking.get("/_mock/tasks")]
            answers.append(asking.post(TASKS, json=example()))
            codes = {each.status_code for each in answers}
            assert codes <= {200, 503}
            assert 503 in codes
            redis.restore(name, 0, kept, replace=True)
            assert asking.get(f"{TASKS}/{task_id}").json()["status"] == "queued"
    assert not any(record.exc_info for record in caplog.records)


def spoil(redis: Any, what: str, name: str, task_id: str) -> None:
    if what == "tasks":
        redis.hset(name, task_id, b"nothing\nof\nthis")
    elif what == "world":
        redis.hset(name, mapping={"text": "[1, 2]", "version": "another"})
    else:
        redis.set(name, "[{}]")


@pytest.mark.parametrize("trouble", [killed, SILENT])
def test_a_node_is_alive_but_not_ready_while_redis_is_away(
    client: TestClient, own_server: RedisServer, trouble: Trouble
) -> None:
    assert client.get("/_mock/ready").status_code == 200
    with trouble(own_server):
        refused = client.get("/_mock/ready")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert client.get("/_mock/live").status_code == 200
    assert client.get("/_mock/ready").status_code == 200


def test_the_journal_holds_back_no_more_than_its_bound(own_server: RedisServer) -> None:
    with opened(own_server) as store:
        with killed(own_server):
            store.record("quiet", note(1))
            for number in range(2500):
                store.record("default", note(number))
        store.flush()
        assert [each.at for each in store.journal("default", 5000)] == list(range(501, 2500))
        assert [each.at for each in store.journal("quiet", 5000)] == [1]
        assert store.forgotten("default") == store.counts()["dropped_journal"] == 501
        page = store.recorded("default", 0, 1)
        assert page.lost


def test_health_is_as_the_control_planes_document_says(client: TestClient) -> None:
    health = client.get("/_mock/health").json()
    document = client.get("/_mock/control-openapi.json").json()
    assert health["store"] == "redis"
    said = document["paths"]["/_mock/health"]["get"]["responses"]["200"]["content"]
    schema = said["application/json"]["schema"] | {"components": document["components"]}
    jsonschema.validate(health, schema)
