"""Subscribers of a store, told when a world was moved."""

from collections.abc import Callable

Notice = Callable[[str | None], None]


class Notices:
    """A set of callbacks; giving notice to none costs next to nothing."""

    def __init__(self) -> None:
        self._callbacks: tuple[Notice, ...] = ()

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        """Add a callback; returns what removes it again."""
        self._callbacks = (*self._callbacks, notice)
        return lambda: self._remove(notice)

    def give(self, world: str | None) -> None:
        for notice in self._callbacks:
            notice(world)

    def _remove(self, notice: Notice) -> None:
        self._callbacks = tuple(each for each in self._callbacks if each is not notice)
