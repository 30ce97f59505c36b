"""Tasks read from Redis, a few at a time."""

from collections.abc import Iterator

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.task import Task
from mock_mindvideo.stores.base import not_found
from mock_mindvideo.stores.redis.creating import key_field
from mock_mindvideo.stores.redis.ground import Grounds
from mock_mindvideo.stores.redis.names import of_world
from mock_mindvideo.stores.redis.tasks import moment

#: Tasks that are read at once.
_PAGE = 64

#: Ends of tasks that are read at once.
_ENDS = 1000


class TaskTable:
    """The tasks of all worlds."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds

    def get(self, world: str, task_id: str) -> Task:
        """The task; raises TaskNotFound."""
        row = self._grounds.engine.ask("HGET", of_world(world, "tasks"), _utf8(task_id))
        if not row:
            raise not_found(task_id)
        return self._grounds.task_in(row)

    def of(self, world: str, newest: int | None) -> Iterator[Task]:
        """All of them or the newest, in the order of their numbers, as there are by now."""
        rank = str(newest - 1) if newest else ""
        last, first = (int(float(each)) for each in self._grounds.run("bounds", world, rank))
        return self._pages(world, last + 1 if newest == 0 else first, last)

    def _pages(self, world: str, first: int, last: int) -> Iterator[Task]:
        while first <= last:
            rows = self._grounds.run("page", world, first, last, _PAGE)
            tasks = [self._grounds.task_in(row) for row in rows if row]
            yield from tasks
            if len(rows) < _PAGE or not tasks:
                return
            first = tasks[-1].number + 1

    def unfinished(self, world: str, now: Instant) -> Iterator[Task]:
        """Those that end after `now`, in the order of their numbers."""
        ids = [task_id for _, task_id in sorted(self._ending(world, moment(now)))]
        return self._by_id(world, ids)

    def _ending(self, world: str, after: str) -> Iterator[tuple[int, bytes]]:
        """Number and id of those that end later, in no order."""
        after += ";"  # what follows the colon that ends a moment
        while True:
            found = self._grounds.run("unfinished", world, after, _ENDS)
            for each, number in zip(found[::2], found[1::2], strict=True):
                yield int(float(number)), each.partition(b":")[2]
            if len(found) < 2 * _ENDS:
                return
            after = found[-2]

    def _by_id(self, world: str, ids: list[bytes]) -> Iterator[Task]:
        for begin in range(0, len(ids), _PAGE):
            page = ids[begin : begin + _PAGE]
            rows = self._grounds.engine.ask("HMGET", of_world(world, "tasks"), *page)
            yield from [self._grounds.task_in(row) for row in rows if row]

    def under(self, world: str, idempotency_key: str) -> Task | None:
        """The task that has an idempotency key, None where none has."""
        keyed = of_world(world, "keyed"), key_field(idempotency_key)
        task_id = self._grounds.engine.ask("HGET", *keyed)
        row = task_id and self._grounds.engine.ask("HGET", of_world(world, "tasks"), task_id)
        return self._grounds.task_in(row) if row else None

    def has_key(self, world: str, idempotency_key: str) -> bool:
        """Whether a task of the world has this idempotency key."""
        field = key_field(idempotency_key)
        return bool(self._grounds.engine.ask("HEXISTS", of_world(world, "keyed"), field))


def _utf8(text: str) -> bytes:
    """A client's text as bytes, whatever is in it."""
    return text.encode("utf-8", "surrogatepass")
