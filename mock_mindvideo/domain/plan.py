"""What a new task will do if nobody intervenes: the lifecycle's plan, changed by a scenario."""

from typing import NamedTuple

from mock_mindvideo.domain.lifecycle import Lifecycle, Stays
from mock_mindvideo.domain.representation import FAILED
from mock_mindvideo.domain.script import Scenario


class Plan(NamedTuple):
    """How long the task stays where, how it ends, and the error it would fail with."""

    stays: Stays
    outcome: str
    error_code: str
    error_message: str


def planned(lifecycle: Lifecycle, scenario: Scenario) -> Plan:
    """The plan of a task under `scenario`; an error or its message alone makes it fail."""
    code = scenario.error or lifecycle.error
    failing = scenario.error or scenario.message
    stays = [
        (state, usual if (own := scenario.stay(state)) is None else own)
        for state, usual in lifecycle.plan
    ]
    return Plan(
        tuple(stays),
        scenario.outcome or (FAILED if failing else lifecycle.outcome),
        code,
        scenario.message or lifecycle.error_message(code),
    )
