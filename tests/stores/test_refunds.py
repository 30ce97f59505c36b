"""What ended tasks give back is added up once: a submit costs the same after very many of them."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import InsufficientCredit
from mock_mindvideo.stores.memory import MemoryStore
from mock_mindvideo.stores.redis.names import WorldKeys
from mock_mindvideo.stores.redis.store import RedisStore
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.system.clock import FakeClock
from tests.redis_server import RedisServer

from ..worlds.making import CATALOG, Mock

PRICE = Decimal("0.6165")
CREDIT = 40 * PRICE

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from(["outcome=failed", "outcome=succeeded"])),
        st.tuples(st.just("pass"), st.sampled_from([0.5, 3.0, 60.0])),
        st.tuples(st.just("move"), st.sampled_from(["failed", "cancelled", "succeeded"])),
        st.tuples(st.just("credit"), st.sampled_from([CREDIT, 3 * PRICE, None])),
    ),
    max_size=30,
)


def stores(folder: Path, server: RedisServer) -> Iterator[Mock]:
    for kind in (MemoryStore, SqliteStore, RedisStore):
        clock = FakeClock()
        where: tuple[object, ...] = ()
        if kind is SqliteStore:
            where = (folder / "refunds.db",)
            for each in folder.glob("refunds.db*"):
                each.unlink()
        if kind is RedisStore:
            server.empty()
            where = (server.address,)
        store = kind(*where, CATALOG.lifecycle, clock=clock)  # type: ignore[operator]
        yield Mock(clock, store=store, settings={"seed": 7, "progress": "time"})
        store.close()


def play(mock: Mock, steps: list[tuple[str, object]]) -> list[Decimal | None]:
    """What is left after each step, which the tasks themselves must agree with."""
    world, left = mock.world(), []
    since = 0
    for what, value in steps:
        if what == "submit":
            with suppress(InsufficientCredit):  # nothing happens
                mock.submit(f"prompt {len(left)}", script=str(value))
        elif what == "pass":
            mock.clock.move(value)  # type: ignore[attr-defined]
        elif what == "move":
            going = [v for v in mock.service.tasks(world, 100) if v.due is not None]
            if going:
                mock.service.move(world, going[0].task.id, str(value))
        else:
            world.set_credit(value)  # type: ignore[arg-type]
            since = len(mock.service.tasks(world, 100)) + 1
        left.append(world.credit_left())
        if left[-1] is not None:
            counted = [v for v in mock.service.tasks(world, 100) if v.task.number >= since]
            spent = sum(PRICE for v in counted if v.status not in ("failed", "cancelled"))
            assert left[-1] == world.state.credit - spent
    return left


@given(STEPS)
def test_what_is_left_is_what_the_tasks_say_after_any_history(
    tmp_path_factory: pytest.TempPathFactory,
    redis_server: RedisServer,
    steps: list[tuple[str, object]],
) -> None:
    places = stores(tmp_path_factory.getbasetemp(), redis_server)
    one, *others = (play(mock, steps) for mock in places)
    assert others == [one, one]


def test_a_task_that_has_given_back_is_not_looked_at_again(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    for mock in stores(tmp_path, redis_server):
        world = mock.world()
        world.set_credit(Decimal(1000))
        for number in range(30):
            mock.submit(f"prompt {number}", script="outcome=failed")
            mock.clock.move(60.0)  # type: ignore[attr-defined]
        assert waiting(mock, redis_server) <= 1
        assert world.credit_left() == 1000


def waiting(mock: Mock, server: RedisServer) -> int:
    """How many refunds are still to be added up."""
    if isinstance(mock.store, RedisStore):
        with server.client() as client:
            return int(client.zcard(WorldKeys.of("default").refunds))
    if isinstance(mock.store, SqliteStore):
        with mock.store._database.reading() as db:
            return int(db.execute("SELECT count(refund) FROM tasks").fetchone()[0])
    tables = mock.store._worlds.get("default")  # type: ignore[attr-defined]
    return len(tables._due)
