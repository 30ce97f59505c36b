"""One clock for all processes on one Redis, whatever their own and the server's show."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.stores.redis.clock import SharedClock
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import CLOCK
from tests.redis_server import RedisServer

from ...system.machines import FakeMachine
from ..making import change, start
from .conftest import opened

#: What passes while a test runs is less, and what a clock jumps by here is more.
WHILE, HOUR = 60 * SECOND, 3600 * SECOND

#: Makes the clock of one more process, whose own wall clock is so many seconds off.
Begins = Callable[[float], SharedClock]


@pytest.fixture
def begin(empty: RedisServer) -> Iterator[Begins]:
    engine = Engine(empty.address)

    def one(off: float) -> SharedClock:
        machine = FakeMachine()
        machine.set_wall(off)
        clock = SharedClock(engine, machine)
        clock.compare()
        return clock

    yield one
    engine.close()


def jump(server: RedisServer, by: int) -> None:
    """Let the server's time jump: to its scripts it is as if less or more were added to it."""
    with server.client() as client:
        client.hincrby(CLOCK, "offset", by)


def test_processes_agree_whatever_their_own_wall_clocks_show(begin: Begins) -> None:
    first, *others = (begin(off).real() for off in (0, -1e6, 1e6, 1e9))
    assert all(0 <= other - first < WHILE for other in others)


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_a_server_whose_time_jumps_takes_nobody_along(
    begin: Begins, empty: RedisServer, by: int
) -> None:
    first, second = begin(0), begin(50)
    before = first.real()
    jump(empty, by)
    for clock in (first, second, first):
        clock.compare()
        assert 0 <= clock.real() - before < WHILE
    assert 0 <= begin(100).real() - before < WHILE


def test_time_goes_on_from_the_mark_where_nobody_is_left(begin: Begins, empty: RedisServer) -> None:
    before = begin(0).real()
    jump(empty, -HOUR)
    assert 0 <= begin(0).real() - before < WHILE


def test_time_goes_on_with_the_machine_between_two_comparisons(empty: RedisServer) -> None:
    engine, machine = Engine(empty.address), FakeMachine()
    clock = SharedClock(engine, machine)
    clock.compare()
    before = clock.real()
    assert not clock.due
    machine.pass_(1)
    assert clock.due
    assert clock.real() == before + SECOND
    engine.close()


def test_who_reads_a_world_is_not_behind_what_was_done_in_it(empty: RedisServer) -> None:
    with opened(empty) as ahead, opened(empty) as behind:
        later = behind.clock.real() + HOUR
        ahead._comparing.witness(later)
        change(ahead, start(), lambda state: replace(state, speed=2.0))
        assert behind.clock.real() < later
        behind.world(start())
        assert behind.clock.real() >= later
