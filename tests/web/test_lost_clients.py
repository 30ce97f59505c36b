"""Nothing more is made for a client that was cut off; one that only closed its side reads on."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.work import whole
from mock_mindvideo.web.asgi import PEER
from mock_mindvideo.web.leaving import end_when_lost, lost, noticing_loss
from mock_mindvideo.web.listing import PIECE, Listing, packed


class Connection:
    """The connection's side of a request."""

    def __init__(self) -> None:
        self.whole = True
        self.lost = False
        self.leave: Callable[[], None] = lambda: None

    def wait(self, on_leave: Callable[[], None]) -> None:
        self.leave = on_leave


def scope_of(connection: Connection) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "extensions": {PEER: connection}}


async def receive() -> dict[str, Any]:
    raise AssertionError("nobody has to ask for what the connection tells")


def test_a_list_is_made_only_as_far_as_somebody_reads_it() -> None:
    connection, made, sent = Connection(), [], 0

    def items() -> Iterator[bytes]:
        for number in range(1000):
            made.append(number)
            yield b"1" * PIECE

    async def send(message: dict[str, Any]) -> None:
        nonlocal sent
        sent += 1
        connection.lost = sent > 3

    asyncio.run(Listing("numbers", items())(scope_of(connection), receive, send))  # type: ignore[arg-type]
    assert len(made) < 10


@pytest.mark.parametrize("cut_off", [True, False])
def test_a_request_that_changes_nothing_ends_when_its_client_is_cut_off(cut_off: bool) -> None:
    connection, reached = Connection(), []

    async def answer() -> None:
        end_when_lost(scope_of(connection))
        await asyncio.sleep(0)
        reached.append(True)

    async def main() -> None:
        task = asyncio.create_task(answer())
        await asyncio.sleep(0)
        connection.lost = cut_off
        connection.leave()
        await asyncio.wait([task])
        assert task.cancelled() == cut_off

    asyncio.run(main())
    assert reached == ([] if cut_off else [True])


def test_a_client_that_closed_its_side_is_not_lost() -> None:
    connection = Connection()
    with noticing_loss(scope_of(connection), receive) as gone:
        assert not gone()
        connection.lost = True
        assert gone()
    assert not lost({})()


@given(st.lists(st.integers(0, 2 * PIECE), max_size=8), st.integers(0, 500))
def test_items_that_are_packed_come_back_as_they_were(long: list[int], short: int) -> None:
    items = [b'"%b"' % (b"x" * size) for size in long] + [
        b'{"number":%d}' % n for n in range(short)
    ]
    assert list(whole(packed(iter(items)))) == items
