"""What a new task will do if nobody intervenes: the lifecycle's plan, changed by a script."""

from typing import NamedTuple

from mock_mindvideo.domain.lifecycle import Lifecycle, Stays
from mock_mindvideo.domain.representation import FAILED
from mock_mindvideo.domain.script import PlanOverrides


class Plan(NamedTuple):
    """How long the task stays where, how it ends, and the error it would fail with."""

    stays: Stays
    outcome: str
    error_code: str
    error_message: str


def planned(lifecycle: Lifecycle, own: PlanOverrides) -> Plan:
    """The plan of a task with a script's own words; an error or its message alone makes it fail."""
    code = own.error or lifecycle.error
    failing = own.error or own.message
    stays = [
        (state, usual if (stay := own.stay(state)) is None else stay)
        for state, usual in lifecycle.plan
    ]
    return Plan(
        tuple(stays),
        own.outcome or (FAILED if failing else lifecycle.outcome),
        code,
        own.message or lifecycle.error_message(code),
    )
