"""Requests of one iteration of the loop are answered together, and each as if it were alone."""

import json
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.serving.wire.outbox import Outbox
from mock_mindvideo.serving.wire.stages import MOST, Stages
from mock_mindvideo.web.asgi import STARTED
from mock_mindvideo.web.steps import DROP, STAGE, Handling, Stage, Steps, Whole
from tests.conftest import TASKS, example
from tests.effort import examples
from tests.serving.wire.alone import Served
from tests.serving.wire.by_hand import TurnedLoop
from tests.serving.wire.talking import request

GOOD = json.dumps(example()).encode()

#: What a client may say in one iteration: a request that is answered at once, or has to wait, or is
#: refused, or several of them, or the half of one.
SAID = {
    "a submit": lambda world: request("POST", TASKS, GOOD, world),
    "another prompt": lambda world: request(
        "POST", TASKS, json.dumps(example(prompt=f"for {world}")).encode(), world
    ),
    "a key": lambda world: request("POST", TASKS, GOOD, world, Idempotency_Key="k"),
    "no JSON": lambda world: request("POST", TASKS, b"{", world),
    "no task": lambda world: request("GET", f"{TASKS}/none", b"", world),
    "no key": lambda world: request("GET", f"{TASKS}/x", b"", world, Authorization="none"),
    "a drop": lambda world: request("GET", f"{TASKS}/x", b"", world, X_Mock_Script="drop@response"),
    "a delay": lambda world: request("GET", f"{TASKS}/x", b"", world, X_Mock_Script="delay=1"),
    "an outcome": lambda world: request("POST", TASKS, GOOD, world, X_Mock_Script="outcome=failed"),
    "no Host": lambda world: request("GET", f"{TASKS}/x", b"", world).replace(b"Host", b"Hosts"),
    "two": lambda world: (
        request("POST", TASKS, GOOD, world) + request("GET", f"{TASKS}/none", b"", world)
    ),
    "two, a drop first": lambda world: (
        request("GET", f"{TASKS}/x", b"", world, X_Mock_Script="drop@response")
        + request("POST", TASKS, GOOD, world)
    ),
    "one and no HTTP": lambda world: request("POST", TASKS, GOOD, world) + b"no HTTP\r\n\r\n",
    "one and a half": lambda world: (
        request("POST", TASKS, GOOD, world) + request("POST", TASKS, GOOD, world)[:-9]
    ),
    "the page": lambda world: request("GET", "/_mock/state", b"", world),
}

SUBMITS = ("a submit", "another prompt", "a key", "no JSON", "an outcome", "two")

KINDS = st.lists(st.sampled_from(sorted(SAID)), min_size=1, max_size=2 * MOST + 3)


class Asking:
    """A request of so many stages, which writes down what is done for it."""

    def __init__(self, name: int, stages: int, done: list[tuple[int, str]]) -> None:
        self.name, self.stages, self.done = name, stages, done

    def begin(self) -> Handling:
        return Handling(self._steps(), staged=True)

    def finish(self, handling: Handling | None) -> None:
        assert handling is not None
        assert handling.step is None
        self.done.append((self.name, "end"))

    def abort(self) -> None:
        self.done.append((self.name, "abort"))

    def _steps(self) -> Steps[Whole | None]:
        for stage in range(self.stages):
            self.done.append((self.name, str(stage)))
            yield STAGE
        return DROP


def staged() -> tuple[Stages, TurnedLoop]:
    loop = TurnedLoop()
    return Stages(loop, Outbox(loop)), loop  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 4), max_size=MOST - 1))
def test_each_stage_is_run_for_all_before_the_next_one(counts: list[int]) -> None:
    stages, loop = staged()
    done = list[tuple[int, str]]()
    for name, count in enumerate(counts):
        stages.add(Asking(name, count, done))
    assert done == []
    loop.turn()
    in_stages = [
        (name, str(stage))
        for stage in range(max(counts, default=0))
        for name, count in enumerate(counts)
        if stage < count
    ]
    assert done == [*in_stages, *((name, "end") for name in range(len(counts)))]


def test_of_very_many_a_group_is_answered_before_the_next_one_comes() -> None:
    stages, loop = staged()
    done = list[tuple[int, str]]()
    for name in range(MOST + 1):
        stages.add(Asking(name, 1, done))
        assert len(done) == (2 * MOST if name + 1 >= MOST else 0)
    loop.turn()
    assert done[-2:] == [(MOST, "0"), (MOST, "end")]


class Failing(Asking):
    """One for which nothing can be done, or whose answer cannot be written."""

    def begin(self) -> Handling:
        if self.stages == 0:
            raise RuntimeError("it cannot begin")
        return super().begin()

    def finish(self, handling: Handling | None) -> None:
        if handling is not None:
            raise RuntimeError("it cannot be written")


@pytest.mark.parametrize("stages_of_it", [0, 1])
def test_one_that_goes_wrong_is_told_in_the_log_and_takes_nobody_along(
    stages_of_it: int, caplog: pytest.LogCaptureFixture
) -> None:
    stages, loop = staged()
    done = list[tuple[int, str]]()
    for asking in (Asking(1, 1, done), Failing(2, stages_of_it, done), Asking(3, 1, done)):
        stages.add(asking)
    with caplog.at_level(logging.ERROR, "mock_mindvideo"):
        loop.turn()
    assert {(1, "end"), (2, "abort"), (3, "end")} <= set(done)
    assert "could not be answered" in caplog.text


@given(st.lists(st.sampled_from(["stage", "work"]), max_size=6))
def test_a_handling_that_is_not_staged_shows_no_stage(kinds: list[str]) -> None:
    done = list[str]()

    def steps() -> Steps[Whole | None]:
        for kind in kinds:
            done.append(kind)
            if kind == "stage":
                yield STAGE
        return DROP

    handling = Handling(steps())
    assert (handling.step, handling.end, done) == (None, DROP, kinds)


def test_a_stage_is_like_no_other_step() -> None:
    handling = Handling(iter_stage(), staged=True)
    assert isinstance(handling.step, Stage)
    handling.leave()
    assert handling.end is DROP


def iter_stage() -> Steps[Whole | None]:
    yield STAGE
    return DROP


@settings(max_examples=examples(30), deadline=None)
@given(KINDS)
def test_requests_of_one_iteration_are_answered_as_if_each_were_alone(kinds: list[str]) -> None:
    together, alone = (Served(len(kinds), seed=7, progress="manual") for _ in range(2))
    for name, kind in enumerate(kinds):
        together.protocols[name].data_received(SAID[kind](f"w{name}"))
    for name, kind in enumerate(kinds):
        alone.protocols[name].data_received(SAID[kind](f"w{name}"))
        alone.loop.turn()
    together.loop.turn()
    while together.loop.soon or alone.loop.soon:
        together.loop.turn()
        alone.loop.turn()
    assert [*map(_without_ids, together.written)] == [*map(_without_ids, alone.written)]
    assert [each.aborted for each in together.transports] == [
        each.aborted for each in alone.transports
    ]


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(2, 6), st.booleans())
def test_each_poll_of_one_iteration_moves_a_world_on_that_polls_move(
    polls: int, at_once: bool
) -> None:
    served = Served(polls, seed=7, progress="polls")
    served.protocols[0].data_received(request("POST", TASKS, GOOD))
    served.loop.turn()
    task = re.search(rb'"task_id":"(\w+)"', served.transports[0].written)
    assert task is not None
    for protocol in served.protocols:
        protocol.data_received(request("GET", f"{TASKS}/{task[1].decode()}"))
        if not at_once:
            served.loop.turn()
    served.loop.turn()
    seen = [re.findall(rb'"status":"(\w+)"', written)[-1] for written in served.written]
    assert seen == [b"queued", b"processing", *[b"succeeded"] * (polls - 2)]


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.sampled_from(SUBMITS), min_size=1, max_size=8))
def test_submits_to_one_world_in_one_iteration_are_answered_as_one_after_the_other(
    kinds: list[str],
) -> None:
    together, alone = (Served(len(kinds), seed=7, progress="manual") for _ in range(2))
    for name, kind in enumerate(kinds):
        together.protocols[name].data_received(SAID[kind]("one"))
        alone.protocols[name].data_received(SAID[kind]("one"))
        alone.loop.turn()
    together.loop.turn()
    assert [*map(_without_ids, together.written)] == [*map(_without_ids, alone.written)]
    assert _tasks(together) == _tasks(alone)


def _tasks(served: Served) -> list[tuple[str, str | None]]:
    views = served.app.service.tasks(served.app.worlds.open("one"), 100)
    return [(view.task.id, view.task.idempotency_key) for view in views]


def _without_ids(written: bytes) -> bytes:
    return re.sub(rb"req_[0-9a-f]{24}", b"req", written)


@pytest.fixture
def served() -> Served:
    made = Served(3, seed=7, progress="manual")
    for protocol in made.protocols:
        protocol.data_received(request("POST", TASKS, GOOD))
    assert made.written == [b""] * 3, "the loop has not turned yet"
    return made


def test_who_closes_its_side_right_behind_a_request_is_answered(served: Served) -> None:
    served.protocols[1].eof_received()
    assert b'"status":"queued"' in served.transports[1].written


def test_a_request_whose_client_is_gone_is_carried_out(served: Served) -> None:
    served.transports[1].close()
    served.protocols[1].connection_lost(None)
    served.loop.turn()
    world = served.app.worlds.open("default")
    assert len(served.app.service.tasks(world, 10)) == 3
    assert [bool(written) for written in served.written] == [True, False, True]


def test_a_server_that_stops_gives_the_answers_that_are_under_way(served: Served) -> None:
    assert all(protocol.busy for protocol in served.protocols)
    for protocol in served.protocols:
        protocol.shutdown()
    assert all(b'"status":"queued"' in written for written in served.written)
    assert all(transport.closed for transport in served.transports)


def test_what_follows_in_another_segment_comes_behind(served: Served) -> None:
    served.protocols[0].data_received(request("GET", f"{TASKS}/second"))
    served.loop.turn()
    first, second = re.findall(rb"HTTP/1\.1 ([0-9]+)", served.transports[0].written)
    assert (first, second) == (b"200", b"404")


def test_a_request_that_has_to_wait_waits_whole_and_knows_when_its_client_leaves() -> None:
    served = Served(2, seed=7, progress="manual")
    for protocol in served.protocols:
        protocol.data_received(request("POST", TASKS, GOOD, X_Mock_Script="delay=5"))
    served.transports[0].close()
    served.protocols[0].connection_lost(None)
    served.loop.turn()
    waiting = [protocol._current for protocol in served.protocols]
    assert [(each is not None, each and (each.whole, each.left)) for each in waiting] == [
        (True, (True, True)),
        (True, (True, False)),
    ]
    for each in waiting:
        assert each is not None
        assert each.scope["extensions"][STARTED].staged is False, "nobody stages it any more"
