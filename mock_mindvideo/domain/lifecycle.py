"""The state machine: one table, and what can be looked up in it.

States are documented (D08); the moves between them and their timings are invented.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from mock_mindvideo.domain.errors import IllegalMove

#: The outcome of a task that never ends by itself.
STUCK = "stuck"

#: Seconds a task stays in each waiting state, in order: ((state, microseconds), …).
Stays = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`lifecycle.json`, checked: states, moves, and the plan a task follows by default."""

    initial: str
    transitions: Mapping[str, tuple[str, ...]]
    plan: Stays
    outcome: str
    errors: Mapping[str, str]
    error: str

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.transitions)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The states a task leaves again, in the order of the plan."""
        return tuple(state for state, _ in self.plan)

    @property
    def terminal(self) -> tuple[str, ...]:
        return tuple(state for state, after in self.transitions.items() if not after)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What a script's `outcome=` may say."""
        return (*self.terminal, STUCK)

    def ended(self, status: str) -> bool:
        return not self.transitions[status]

    def route(self, start: str, goal: str) -> tuple[str, ...]:
        """The shortest way from `start` to `goal`, without `start`.

        Raises IllegalMove where there is none, `start` itself included.
        """
        ways: deque[tuple[str, ...]] = deque([(start,)])
        seen = {start}
        while ways:
            way = ways.popleft()
            for state in self.transitions[way[-1]]:
                if state == goal:
                    return (*way[1:], goal)
                if state not in seen:
                    seen.add(state)
                    ways.append((*way, state))
        raise IllegalMove(f"a task that is {start} cannot become {goal}")

    def error_message(self, code: str) -> str:
        """The words for a task's error code, also for one that the file does not name."""
        return self.errors.get(code, f"The task failed with {code}.")
