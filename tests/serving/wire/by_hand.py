"""What a connection stands on, without sockets: a loop and a transport."""

from collections.abc import Callable


class Wire:
    """A transport that remembers what was written, in one list for all of them."""

    def __init__(self, name: int, written: list[tuple[int, bytes]]) -> None:
        self.name = name
        self.closing = False
        self._written = written

    def write(self, data: bytes) -> None:
        self._written.append((self.name, data))

    def is_closing(self) -> bool:
        return self.closing


class TurnedLoop:
    """A loop that is turned by hand, and its clock."""

    def __init__(self) -> None:
        self.due: list[Callable[[], object]] = []
        self.now = 1000.0

    def call_soon(self, call: Callable[[], object]) -> None:
        self.due.append(call)

    def turn(self) -> None:
        due, self.due = self.due, []
        for call in due:
            call()

    def time(self) -> float:
        return self.now
