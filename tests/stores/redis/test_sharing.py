"""What several processes on one Redis see of each other, and what is there when they are gone."""

import signal
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.stores import Ground
from mock_mindvideo.stores.redis import listening
from mock_mindvideo.stores.redis.names import PREFIX
from mock_mindvideo.stores.redis.store import RedisStore
from mock_mindvideo.system import clock
from tests.redis_server import RedisServer

from ...system.machines import FakeMachine
from ..making import PAYLOAD, change, create, key, put_file, size_of_file, start, task
from ..reopening import (
    assert_counts_of_what_was_dropped_are_kept,
    assert_everything_is_kept,
    assert_streams_and_deliveries_are_those_of_all,
    lived,
)
from .conftest import opened


def test_everything_is_there_for_the_next_process(empty: RedisServer) -> None:
    assert_everything_is_kept(partial(opened, empty))


def test_what_one_store_returned_another_sees_at_once(empty: RedisServer) -> None:
    with opened(empty) as store, opened(empty) as other:
        made = create(store, start(), "k")
        assert other.task("default", made.id) == made
        other.add_key(key(1))
        assert store.key(key(1).digest) == key(1)
        moved = change(other, start(), lived)
        assert store.world(start()) == moved
        put_file(other, "default", "a")
        assert size_of_file(store, "default", "a") == 10
        store.reset("default")
        assert (other.worlds(), other.key(key(1).digest)) == ((), None)
        assert create(other, start(), "k").number == 1


def test_poll_names_the_world_that_another_changed_once(empty: RedisServer) -> None:
    heard: list[str | None] = []
    with opened(empty) as store, opened(empty) as other:
        made = create(other, start())
        store.poll()
        store.subscribe(heard.append)
        other.move(start(), made.id, lambda task, _: task._replace(outcome="failed"))
        change(other, start("another"), lambda state: replace(state, speed=2.0))
        store.poll()
        assert set(heard) == {"default", "another"}
        store.poll()
        assert len(heard) == 2


def test_poll_gives_no_notice_of_what_the_store_did_itself_or_others_only_read(
    empty: RedisServer,
) -> None:
    heard: list[str | None] = []
    with opened(empty) as store, opened(empty) as other:
        create(store, start())
        store.subscribe(heard.append)
        change(store, start(), lambda state: replace(state, speed=2.0))
        other.look(start(), lambda ground: ground.refunded(0))
        other.change(start(), lambda ground: (ground.state, None))
        store.poll()
    assert heard == ["default"]


def test_a_lost_subscription_is_told_as_a_change_of_any_world(empty: RedisServer) -> None:
    heard: list[str | None] = []
    with opened(empty) as store, opened(empty) as other, empty.client() as client:
        store.subscribe(heard.append)
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        change(other, start(), lambda state: replace(state, speed=2.0))
        with pytest.raises(Unavailable, match="cannot be used just now"):
            store.poll()
        store.poll()
        assert heard == [None]


def test_a_subscription_that_has_gone_silent_is_made_anew(
    own_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a network was cut off: nobody says that the connection is gone."""
    monkeypatch.setattr(listening, "PATIENCE", 0.0)
    monkeypatch.setattr(listening, "PING", 0.0)
    heard: list[str | None] = []
    with opened(own_server) as store:
        store.subscribe(heard.append)
        own_server.signal(signal.SIGSTOP)
        store.poll()
        with pytest.raises(Unavailable, match="gone silent"):
            store.poll()
        own_server.signal(signal.SIGCONT)
        store.poll()
        assert heard == [None]


def test_all_of_a_world_is_under_its_name(empty: RedisServer) -> None:
    with opened(empty) as store, empty.client() as client:
        create(store, start("mine"), "k", outcome="failed")
        put_file(store, "mine", "a")
        names = {each.decode() for each in client.keys("*")}
    assert all(name.startswith(f"{PREFIX}:") for name in names)
    assert {name for name in names if "{mine}" not in name and "{*}" not in name} == set()
    with opened(empty) as store, empty.client() as client:
        store.reset("mine")
        assert [each for each in client.keys("*") if b"{mine}" in each] == []


def test_counts_of_what_was_dropped_outlive_a_process(empty: RedisServer) -> None:
    assert_counts_of_what_was_dropped_are_kept(partial(opened, empty))


def test_streams_and_deliveries_are_those_of_all_processes(
    empty: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = FakeMachine()
    monkeypatch.setattr(clock, "Machine", lambda: machine)
    monkeypatch.setattr("mock_mindvideo.stores.redis.clock.Machine", lambda: machine)
    assert_streams_and_deliveries_are_those_of_all(partial(opened, empty), machine)


@pytest.mark.parametrize("many", [0, 1])
def test_a_plain_submit_is_one_round_trip_with_and_without_a_credit_limit(
    empty: RedisServer, many: int
) -> None:
    credit = Decimal(1000) if many else None
    price = Decimal("0.6165") if many else Decimal(0)

    def admit_one(store: RedisStore) -> None:
        def admit(ground: Ground) -> tuple[WorldState, Task]:
            state = ground.state
            if state.credit is not None:
                state = state.paying(price, ground.refunded(VIRTUAL_START))
            task_id, request_id = state.ids(ground.number)
            return state, task(ground.number, id=task_id, request_id=request_id)

        store.create(start(credit=credit), None, PAYLOAD, admit)

    with opened(empty) as store, opened(empty) as other, empty.client() as client:
        for each in (store, other):
            admit_one(each)
        client.config_resetstat()
        for _ in range(5):
            admit_one(store)
            admit_one(other)
        calls = client.info("commandstats")
        asked = {name: each["calls"] for name, each in calls.items() if "evalsha" in name}
        assert asked == {"cmdstat_evalsha": 10}
        assert [each.number for each in store.tasks("default")] == list(range(1, 13))
