"""However many nodes submit to one world, no more of its tasks are in flight than may be."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.redis_server import RedisServer

from ...worlds.making import Mock
from .conftest import opened

SECOND = 1_000_000
NODES, TASKS = 3, 60

#: The last moment that doubles count exactly, in seconds, and a later one.
LAST = 2**53 // SECOND
FAR = 10**10


def waits(mock: Mock) -> list[int]:
    """How many microseconds each task waits for others, in their order."""
    return [view.task.waits for view in mock.service.tasks(mock.world(), 1000)]


@pytest.mark.parametrize("most", [1, 4])
def test_tasks_of_several_nodes_are_let_through_in_their_order(
    empty: RedisServer, most: int
) -> None:
    given = {"progress": "manual", "in_flight": most}
    with ExitStack() as stack, ThreadPoolExecutor(8) as threads:
        stores = [stack.enter_context(opened(empty)) for _ in range(NODES)]
        nodes = [Mock(store=store, settings=given) for store in stores]

        def submit(number: int) -> None:
            nodes[number % NODES].submit(script="queued=1; processing=3")

        list(threads.map(submit, range(TASKS)))
        expected = [number // most * 3 * SECOND for number in range(TASKS)]
        assert [waits(node) for node in nodes] == [expected] * NODES
        nodes[0].world().advance(4)
        assert nodes[1].statuses()[: 2 * most] == ["succeeded"] * most + ["processing"] * most


@pytest.mark.parametrize("when", [0, *range(LAST - 17, LAST + 2), FAR])
def test_they_are_whenever_that_is_and_behind_a_task_that_never_ends(
    empty: RedisServer, when: int
) -> None:
    with opened(empty) as store:
        mock = Mock(store=store, settings={"progress": "manual", "in_flight": 2})
        mock.world().advance(max(0, when - mock.world().now() // SECOND))
        mock.world().advance((1 - mock.world().now() % 2) / SECOND)  # later doubles are even
        assert mock.world().now() % 2
        ends, never = "queued=1; processing=3", "outcome=stuck; queued=1"
        for script in (ends, never, ends, ends, ends, never):
            mock.submit(script=script)
        assert waits(mock) == [each * SECOND for each in (0, 0, 3, 6, 9, 12)]
        mock.submit()
        mock.world().advance(100)
        assert mock.statuses()[-2:] == ["processing", "queued"]
