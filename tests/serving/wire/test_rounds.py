"""Of a caller that floods a round has few, so that somebody else waits for one round at most."""

import asyncio
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.serving.wire.outbox import Outbox
from mock_mindvideo.serving.wire.rounds import LATELY, MOST, Rounds, rounds_of
from mock_mindvideo.serving.wire.stages import Stages
from tests.serving.wire.by_hand import TurnedLoop, Wire

CALLERS = [b"", b"Bearer mv_test_a", b"Bearer mv_test_b", b"Bearer mv_test_c"]

#: Who sends a request in each turn of the loop, in their order.
TURNS = st.lists(st.lists(st.sampled_from(CALLERS), max_size=30), max_size=8)


class Served:
    """Rounds, and what they served: callers with the number of the request."""

    def __init__(self) -> None:
        self.loop = TurnedLoop()
        outbox = Outbox(self.loop)  # type: ignore[arg-type]
        self.rounds = Rounds(self.loop, outbox, Stages(self.loop, outbox))  # type: ignore[arg-type]
        self.order: list[tuple[bytes, int]] = []
        self.sent = 0

    def arrive(self, caller: bytes) -> None:
        one = (caller, self.sent)
        self.sent += 1
        if self.rounds.admits(caller):
            self.order.append(one)
        else:
            self.rounds.wait(caller, partial(self.order.append, one))

    def meet(self) -> None:
        """Have two callers known, so that nobody is alone."""
        for caller in CALLERS[1:3]:
            self.arrive(caller)
        self.arrive(CALLERS[1])
        self.loop.turn()
        self.order.clear()


@given(TURNS)
def test_every_request_is_served_once_and_those_of_a_caller_in_their_order(
    turns: list[list[bytes]],
) -> None:
    served = Served()
    for arriving in turns:
        for caller in arriving:
            served.arrive(caller)
        served.loop.turn()
    while served.loop.due:
        served.loop.turn()
    assert sorted(number for _, number in served.order) == list(range(served.sent))
    for caller in CALLERS:
        own = [number for who, number in served.order if who == caller]
        assert own == sorted(own)


@given(TURNS)
def test_a_caller_whose_requests_are_few_never_waits(turns: list[list[bytes]]) -> None:
    served = Served()
    served.meet()
    for arriving in turns:
        for caller in arriving:
            served.arrive(caller)
        served.arrive(b"Bearer mv_test_victim")
        assert served.order[-1] == (b"Bearer mv_test_victim", served.sent - 1)
        served.loop.turn()


@given(TURNS)
def test_no_turn_serves_many_of_one_caller(turns: list[list[bytes]]) -> None:
    served = Served()
    served.meet()
    for arriving in turns:
        before = len(served.order)
        for caller in arriving:
            served.arrive(caller)
        for caller in CALLERS:
            assert [who for who, _ in served.order[before:]].count(caller) <= MOST
        before = len(served.order)
        served.loop.turn()
        assert len(served.order) - before <= MOST


@given(st.lists(st.sampled_from(CALLERS[1:]), min_size=1, max_size=60))
def test_callers_that_wait_take_turns(arriving: list[bytes]) -> None:
    served = Served()
    served.meet()
    for caller in arriving:
        for _ in range(MOST):
            served.arrive(caller)
    while served.rounds.waiting:
        waiting, before = set(served.rounds.waiting), len(served.order)
        served.loop.turn()
        next_ones = [who for who, _ in served.order[before:]]
        assert set(next_ones[: len(waiting)]) <= waiting
        assert len(set(next_ones)) == min(MOST, len(waiting))


@given(st.integers(min_value=1, max_value=200))
def test_a_single_caller_never_waits(count: int) -> None:
    served = Served()
    for _ in range(count):
        served.arrive(CALLERS[1])
    assert len(served.order) == count
    assert not served.loop.due


def test_who_has_been_alone_for_a_while_does_not_wait_any_more() -> None:
    served = Served()
    served.meet()
    served.loop.now += LATELY + 1
    served.arrive(CALLERS[1])
    served.loop.turn()
    served.order.clear()
    for _ in range(10 * MOST):
        served.arrive(CALLERS[1])
    assert len(served.order) == 10 * MOST


def test_answers_of_a_turn_leave_before_those_who_waited_are_served() -> None:
    loop, written = TurnedLoop(), list[tuple[int, bytes]]()
    wire = Wire(1, written)
    outbox = Outbox(loop)  # type: ignore[arg-type]
    rounds = Rounds(loop, outbox, Stages(loop, outbox))  # type: ignore[arg-type]
    answer = partial(outbox.put, wire)  # type: ignore[arg-type]
    early = 0
    for caller in (CALLERS[1], CALLERS[2], *[CALLERS[1]] * (2 * MOST)):
        if rounds.admits(caller):
            answer(b"early")
            early += 1
        else:
            rounds.wait(caller, lambda: answer(b"behind %d" % len(written)))
    loop.turn()
    late = b"behind %d" % early
    assert written == [(1, b"early")] * early + [(1, late)] * MOST


def test_the_connections_of_a_loop_share_them() -> None:
    one, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    assert rounds_of(one) is rounds_of(one)
    assert rounds_of(one) is not rounds_of(other)
    one.close()
    other.close()
