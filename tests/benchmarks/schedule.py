"""How much is measured in one run, and what is to be said below the table."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from tests.benchmarks.servers import Server, UnavailableError


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rounds of `seconds` for the load rows, `starts` for the start row, `levels` of kept tasks."""

    rounds: int = 5
    seconds: int = 4
    starts: int = 5
    levels: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @classmethod
    def quick(cls) -> "Schedule":
        """A rougher answer in about two minutes."""
        return cls(rounds=3, seconds=2, starts=3, levels=(1_000, 10_000, 100_000))

    def note(self, text: str) -> None:
        """Say `text` below the table, once."""
        if text not in self.notes:
            self.notes.append(text)

    def invite(
        self, stack: ExitStack, peer: Callable[[], AbstractContextManager[Server]]
    ) -> dict[str, Server]:
        """The peer by its name, or nothing and a note when this machine cannot run it."""
        try:
            server = stack.enter_context(peer())
        except UnavailableError as missing:
            self.note(str(missing))
            return {}
        return {server.name: server}
