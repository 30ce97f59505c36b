"""Many scripts cost little: the time of one request with a thousand of them in its world."""

import time

import pytest

from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.world import WorldState

from .making import make_world

PATH = "/api/v1/tasks"


def world_of(text: str) -> WorldState:
    scripts = [parse(text.format(number)) for number in range(1000)]
    named = [
        each._replace(id=f"script_{number}", origin="control")
        for number, each in enumerate(scripts, 1)
    ]
    return make_world(scripts=tuple(named), scripted=1000)


@pytest.mark.parametrize(
    "text",
    [
        "status=503; path=/api/v1/tasks/task_{}",
        "status=503; path=/api/v1/tasks/****{}",
        "status=503; times=0; skip={}",
        "status=503; skip=1{}",
        "status=503; probability=0.0000001; skip={}",
        "outcome=failed; times=0; skip={}",
        "outcome=failed; skip=1{}",
        "outcome=failed",
    ],
)
def test_a_thousand_scripts_cost_a_submit_a_few_milliseconds_at_most(text: str) -> None:
    world = world_of(text)
    best = 1.0
    for _ in range(7):
        began = time.process_time()
        world, _ = world.ask_faults("POST", PATH, 0, streaming=False)
        world, _ = world.ask_scripts("POST", PATH)
        best = min(best, time.process_time() - began)

    assert best < 0.004
