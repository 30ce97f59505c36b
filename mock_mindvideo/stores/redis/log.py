"""A log of all worlds in Redis: bounded, numbered, written in batches beside every request."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.work import Work, whole
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import of_all

Given = TypeVar("Given", bound=tuple[Any, ...])
Item = TypeVar("Item", bound=tuple[Any, ...])

#: Entries that are written, read or dropped at once.
_BATCH, _PAGE, _FEW = 200, 32, 200


class Bound(NamedTuple):
    """How much a log keeps, over all worlds.

    An entry holds `each` beside its bytes; a world that holds more than `much` gives way first.
    So many entries wait in this process while the server is away.
    """

    exchanges: int
    acts: int
    bytes: int
    each: int
    much: int
    waiting: int


class Written(NamedTuple, Generic[Item]):
    """What is kept of an entry."""

    item: Item
    act: bool
    size: int


class RedisLog(Generic[Given, Item]):
    """The newest entries. `write` makes of what is given what is kept."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        bound: Bound,
        kind: Callable[..., Item],
        write: Callable[[Given], Written[Item]],
    ) -> None:
        self._engine = engine
        self._prefix = of_all(f"{name} of ")
        self._keys = of_all(f"{name} order"), of_all(f"{name} sums"), of_all(f"{name} held")
        self._bound = bound
        self._kind = kind
        self._written = write
        self._held: Held[tuple[str, Given]] = Held(bound.waiting)

    def add(self, world: str, item: Given) -> None:
        """Hold an entry back until the next flush."""
        self._held.add((world, item))

    def flush(self) -> None:
        """Write what is held back; raises Unavailable, and then it is held back again."""
        held = self._held.take()
        for begin in range(0, len(held), _BATCH):
            lost, self._held.dropped = self._held.dropped, Counter()
            try:
                self._write(held[begin : begin + _BATCH], lost)
            except Unavailable:
                self._held.give_back(held[begin:])
                self._held.dropped += lost
                raise

    def _write(self, held: list[tuple[str, Given]], lost: Counter[str]) -> None:
        arguments: list[Any] = [self._prefix, *self._bound[:-1], len(lost)]
        for pair in lost.items():
            arguments += pair
        for world, given in held:
            item, act, size = self._written(given)
            arguments += [world, int(act), size, _packed(item)]
        self._engine.run("append", self._keys, *arguments)

    def recorded(self, world: str, after: int, most: int) -> tuple[int, int, list[Any]]:
        """The last number, the last that was dropped, and numbers with what came after one."""
        self.flush()
        keys = self._prefix + world, self._keys[1]
        last, lost, found = self._engine.run("recorded", keys, world, after, most)
        return int(last), int(lost), [(_number(each), self._item(each)) for each in found]

    def newest(self, world: str, newest: int) -> Iterator[Item]:
        """The newest exchanges, oldest first, read a few at a time."""
        self.flush()
        ids = self._ids(world, newest)
        return self._pages(world, ids[::-1])

    def _ids(self, world: str, newest: int) -> list[bytes]:
        """Of the newest exchanges, newest first."""
        ids: list[bytes] = []
        before: Any = "+"
        while before and len(ids) < newest:
            before, found = self._engine.run("exchanges", (self._prefix + world,), before, _BATCH)
            ids += found
        return ids[: max(0, newest)]

    def _pages(self, world: str, ids: list[bytes]) -> Iterator[Item]:
        for begin in range(0, len(ids), _PAGE):
            wanted = set(ids[begin : begin + _PAGE])
            at, last = ids[begin], ids[begin : begin + _PAGE][-1]
            while True:
                found = self._engine.run("between", (self._prefix + world,), at, last, _PAGE)
                yield from (self._item(each) for each in found if each[0] in wanted)
                if len(found) < _PAGE or found[-1][0] == last:
                    break
                at = b"(" + found[-1][0]

    def forgetting(self, world: str) -> Work[None]:
        """Drop what the world has, in short steps."""
        self._held.forget(world)
        keys = *self._keys, self._prefix + world
        while self._engine.run("forget", keys, world, _FEW):
            yield

    def forget(self, world: str) -> None:
        """Drop what the world has."""
        whole(self.forgetting(world))

    def sums(self, *names: str) -> list[int]:
        """How many there are of each."""
        return [int(each or 0) for each in self._engine.ask("HMGET", self._keys[1], *names)]

    def _item(self, entry: Any) -> Item:
        return self._engine.read(lambda packed: self._kind(*_unpacked(packed)), entry[1][1])


def _number(entry: Any) -> int:
    return int(entry[0].partition(b"-")[0])


def _packed(values: Iterable[Any]) -> bytes:
    """Values as a line of JSON, in which bytes are an object with their length; then the bytes."""
    given = list(values)
    parts = [each for each in given if isinstance(each, bytes)]
    first = [{"": len(each)} if isinstance(each, bytes) else each for each in given]
    return b"".join((orjson.dumps(first), b"\n", *parts))


def _unpacked(packed: bytes) -> Iterator[Any]:
    first, _, parts = packed.partition(b"\n")
    at = 0
    for each in orjson.loads(first):
        if isinstance(each, dict):
            yield parts[at : at + each[""]]
            at += each[""]
        else:
            yield each
