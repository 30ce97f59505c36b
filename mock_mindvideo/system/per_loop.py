"""One thing for each event loop, shared by all that runs on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

Thing = TypeVar("Thing")


class PerLoop(Generic[Thing]):
    """Gives the thing of a loop, which `make` makes when it is first asked for."""

    def __init__(self, make: "Callable[[asyncio.AbstractEventLoop], Thing]") -> None:
        self._make = make
        self._made: WeakKeyDictionary[asyncio.AbstractEventLoop, Thing] = WeakKeyDictionary()

    def __call__(self, loop: "asyncio.AbstractEventLoop") -> Thing:
        found = self._made.get(loop)
        if found is None:
            found = self._made[loop] = self._make(loop)
        return found
