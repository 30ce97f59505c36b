"""Work that may take long, done in short steps, so that others can be served between."""

from collections.abc import Callable, Generator, Iterator
from heapq import merge
from typing import TypeVar

from mock_mindvideo.domain.instant import Instant

Result = TypeVar("Result")
Item = TypeVar("Item")

#: Yields after each step of less than a millisecond, and returns its result.
Work = Generator[None, None, Result]

#: Items that are sorted in one step.
_RUN = 256


def whole(work: Work[Result]) -> Result:
    """The result, without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as over:
            result: Result = over.value
            return result


def in_order(items: list[Item], moment: Callable[[Item], Instant]) -> Work[Iterator[Item]]:
    """The items in the order of time, sorted a few at a time; equal moments stay as they were."""
    runs = []
    for begin in range(0, len(items), _RUN):
        runs.append(sorted(items[begin : begin + _RUN], key=moment))
        yield
    return merge(*runs, key=moment)
