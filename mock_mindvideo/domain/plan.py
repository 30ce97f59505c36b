"""What a new task will do if nobody intervenes: the lifecycle's plan, changed by a script."""

from collections.abc import Callable
from typing import NamedTuple

from mock_mindvideo.domain.lifecycle import Lifecycle, Stays
from mock_mindvideo.domain.representation import FAILED
from mock_mindvideo.domain.script import MOST_STAY, PlanOverrides, drawn


class Plan(NamedTuple):
    """How long the task stays where, how it ends, and the error it would fail with."""

    stays: Stays
    outcome: str
    error_code: str
    error_message: str


def planned(lifecycle: Lifecycle, own: PlanOverrides, draw: Callable[[str], float]) -> Plan:
    """The plan of a task with a script's own words; an error or its message alone makes it fail.

    `draw` gives a number in [0, 1) for a state whose stay is drawn.
    """
    code = own.error or lifecycle.error
    failing = own.error or own.message
    stays = [(state, _stay(usual, own.stay(state), state, draw)) for state, usual in lifecycle.plan]
    return Plan(
        tuple(stays),
        own.outcome or (FAILED if failing else lifecycle.outcome),
        code,
        own.message or lifecycle.error_message(code),
    )


def _stay(usual: int, said: int | str | None, state: str, draw: Callable[[str], float]) -> int:
    if isinstance(said, str):
        return drawn(said, draw(state), MOST_STAY)
    return usual if said is None else said
