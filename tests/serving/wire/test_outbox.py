"""Answers of one turn of the loop leave together, in their order, and none is lost."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.serving.wire.outbox import Outbox, outbox_of
from tests.serving.wire.by_hand import TurnedLoop, Wire


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=3)))))
def test_what_is_put_in_one_turn_leaves_at_its_end_in_its_order(
    turns: list[list[tuple[int, bytes]]],
) -> None:
    loop, written = TurnedLoop(), list[tuple[int, bytes]]()
    wires, outbox = [Wire(name, written) for name in range(4)], Outbox(loop)  # type: ignore[arg-type]
    for answers in turns:
        before = len(written)
        for name, answer in answers:
            outbox.put(wires[name], answer)  # type: ignore[arg-type]
        assert len(loop.due) == bool(answers)
        assert len(written) == before
        loop.turn()
        assert written[before:] == answers


def test_what_must_not_be_overtaken_is_sent_by_a_flush_and_not_again() -> None:
    loop, written = TurnedLoop(), list[tuple[int, bytes]]()
    wire, outbox = Wire(1, written), Outbox(loop)  # type: ignore[arg-type]
    outbox.put(wire, b"one")  # type: ignore[arg-type]
    outbox.flush()
    assert written == [(1, b"one")]
    loop.turn()
    assert written == [(1, b"one")]


def test_what_is_gathered_leaves_with_one_flush_and_what_comes_later_with_its_turn() -> None:
    loop, written = TurnedLoop(), list[tuple[int, bytes]]()
    wire, outbox = Wire(1, written), Outbox(loop)  # type: ignore[arg-type]
    outbox.gather()
    outbox.put(wire, b"one")  # type: ignore[arg-type]
    assert (written, loop.due) == ([], [])
    outbox.flush()
    assert written == [(1, b"one")]
    outbox.put(wire, b"two")  # type: ignore[arg-type]
    loop.turn()
    assert written == [(1, b"one"), (1, b"two")]


def test_a_client_that_has_left_gets_nothing_and_the_others_get_theirs() -> None:
    loop, written = TurnedLoop(), list[tuple[int, bytes]]()
    gone, here = Wire(1, written), Wire(2, written)
    outbox = Outbox(loop)  # type: ignore[arg-type]
    outbox.put(gone, b"one")  # type: ignore[arg-type]
    outbox.put(here, b"two")  # type: ignore[arg-type]
    gone.closing = True
    loop.turn()
    assert written == [(2, b"two")]


def test_the_connections_of_a_loop_share_one() -> None:
    one, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    assert outbox_of(one) is outbox_of(one)
    assert outbox_of(one) is not outbox_of(other)
    one.close()
    other.close()
