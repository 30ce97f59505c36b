"""Both stores side by side, against a simple model: any disagreement is a short script."""

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_mindvideo.clock import FakeClock
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.world import MANUAL
from mock_mindvideo.service import MOVES, Order, Service
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import MemoryStore, Store
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.worlds import Worlds

from .making import CATALOG, LIFECYCLE
from .model import PRICES, SECOND, ModelScript, ModelWorld

WORLDS = st.sampled_from(["default", "other"])
KEYS = st.sampled_from([None, "a", "b", "c"])
OUTCOMES = st.sampled_from(["succeeded", "failed", "cancelled", "stuck"])
SECONDS = st.sampled_from([0, 0.5, 2, 7.999999, 8, 10, 3600])
LABELS = st.sampled_from(["first", "second"])
INPUTS = st.fixed_dictionaries(
    {
        "prompt": st.sampled_from(["one", "two"]),
        "video_urls": st.just(["https://a.example/v"]),
        "resolution": st.sampled_from(list(PRICES)),
        "duration": st.sampled_from([2, 5]),
    }
)


class Side(NamedTuple):
    """One process on a store, with the secrets of the keys that it made."""

    store: Store
    worlds: Worlds
    service: Service
    secrets: dict[str, tuple[str, str]]


class Agreement(RuleBasedStateMachine):
    """Memory, and two processes that take turns on one file; `last` is the one whose turn it is."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.models = {"default": ModelWorld(), "other": ModelWorld()}
        self.keys: dict[str, dict[str, Any]] = {}
        secrets: dict[str, tuple[str, str]] = {}
        self.memory = self.side(MemoryStore(LIFECYCLE, self.clock), {})
        self.files = [self.side(self.file(), secrets), self.side(self.file(), secrets)]

    def file(self) -> SqliteStore:
        return SqliteStore(Path(self.folder.name) / "mock.db", LIFECYCLE)

    def side(self, store: Store, secrets: dict[str, tuple[str, str]]) -> Side:
        worlds = Worlds(store, self.clock, LIFECYCLE, Settings(seed=7, progress=MANUAL))
        return Side(store, worlds, Service(CATALOG, store), secrets)

    def both(self, act: Callable[[Side], Any]) -> Any:
        """What `act` gives on either side: the same answer, or the same refusal's code."""
        memory, file = (answer(act, side) for side in (self.memory, self.files[0]))
        self.files.reverse()
        assert memory == file
        return memory

    def do(self, act: Callable[[Side], Any]) -> None:
        """Let either side act; where a world that was reset is anchored is its own business."""
        self.both(lambda side: act(side) and None)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            for side in (self.memory, *self.files):
                side.store.close()
            self.folder.cleanup()

    @rule(name=WORLDS, key=KEYS, given=INPUTS, outcome=st.none() | OUTCOMES)
    def submit(self, name: str, key: str | None, given: dict[str, Any], outcome: str) -> None:
        script = parse(f"outcome={outcome}") if outcome else None
        order = Order({"model": "wan2-7-r2v", "input": given}, key, script)
        got = self.both(lambda side: side.service.submit(side.worlds.open(name), order))
        model = self.models[name]
        cost = PRICES[given["resolution"]] * given["duration"]
        expected = model.submit(key, given, cost, outcome)
        if expected in ("created", "replayed"):
            task = model.tasks[-1 if expected == "created" else model.find(key) or 0]
            assert (got.replayed, got.view.status) == (
                expected == "replayed",
                task.status(model.now),
            )
            assert got.view.task.estimate == str(cost).rstrip("0")
        else:
            assert got == expected

    @rule(name=WORLDS, outcome=OUTCOMES, times=st.integers(0, 2), skip=st.integers(0, 2))
    def add_script(self, name: str, outcome: str, times: int, skip: int) -> None:
        script = parse(f"outcome={outcome}; times={times}; skip={skip}")
        self.do(lambda side: side.worlds.open(name).add_script(script, "control", 1000))
        self.models[name].scripts.append(ModelScript(outcome, times, skip))

    @rule(name=WORLDS)
    def clear_scripts(self, name: str) -> None:
        self.do(lambda side: side.worlds.open(name).clear_scripts())
        self.models[name].scripts.clear()

    @rule(name=WORLDS, seconds=SECONDS)
    def advance(self, name: str, seconds: float) -> None:
        got = self.both(lambda side: side.worlds.open(name).advance(seconds))
        model = self.models[name]
        before, model.now = model.now, model.now + round(seconds * SECOND)
        due = [step for task in model.tasks for step in task.steps if before < step[0] <= model.now]
        due.sort(key=lambda step: step[0])
        assert [(step.at, step.status) for _, step in got] == due

    @rule(seconds=SECONDS)
    def real_time_passes(self, seconds: float) -> None:
        self.clock.move(seconds)
        for model in self.models.values():
            if model.progress == "time":
                model.now += round(seconds * SECOND) * model.speed

    @rule(
        name=WORLDS,
        progress=st.sampled_from([None, "time", "polls", "manual"]),
        speed=st.sampled_from([None, 1, 3, 60]),
    )
    def run_otherwise(self, name: str, progress: str | None, speed: int | None) -> None:
        self.do(lambda side: side.worlds.open(name).run(progress, speed))
        model = self.models[name]
        model.progress, model.speed = progress or model.progress, speed or model.speed

    @rule(name=WORLDS, credit=st.sampled_from([None, Decimal(0), Decimal("1.5"), Decimal(3)]))
    def set_credit(self, name: str, credit: Decimal | None) -> None:
        self.do(lambda side: side.worlds.open(name).set_credit(credit))
        model = self.models[name]
        model.credit, model.credit_from = credit, len(model.tasks)

    @precondition(lambda self: any(model.tasks for model in self.models.values()))
    @rule(data=st.data(), move=st.sampled_from(sorted(MOVES)))
    def steer(self, data: st.DataObject, move: str) -> None:
        name, index, task_id = self.some_task(data)
        model, status = self.models[name], MOVES[move]
        got = self.both(
            lambda side: side.service.steer(side.worlds.open(name), task_id, move, None, None)
        )
        task = model.tasks[index]
        if task.can_become(model.now, status):
            task.move(model.now, status)
            assert [tuple(step) for step in got.steps] == task.steps[: len(got.steps)]
            assert got.status == status
        else:
            assert got == "illegal_move"

    @precondition(lambda self: any(model.tasks for model in self.models.values()))
    @rule(data=st.data())
    def poll(self, data: st.DataObject) -> None:
        name, index, task_id = self.some_task(data)
        model = self.models[name]
        got = self.both(lambda side: side.service.task(side.worlds.open(name), task_id))
        task = model.tasks[index]
        assert (got.status, got.due) == (task.status(model.now), task.due(model.now))
        if model.progress == "polls":
            model.now = max(model.now, got.due or 0)

    def some_task(self, data: st.DataObject) -> tuple[str, int, str]:
        name = data.draw(st.sampled_from([n for n, model in self.models.items() if model.tasks]))
        index = data.draw(st.integers(0, len(self.models[name].tasks) - 1))
        return name, index, list(self.memory.store.tasks(name))[index].id

    @rule(name=WORLDS)
    def look_for_anothers_task(self, name: str) -> None:
        other = "other" if name == "default" else "default"
        for task in self.memory.store.tasks(other):
            look = self.both(lambda side, id=task.id: side.service.task(side.worlds.open(name), id))
            assert look == "task_not_found"

    @rule(name=WORLDS, label=LABELS)
    def create_key(self, name: str, label: str) -> None:
        for side in (self.memory, self.files[0]):
            made, secret = side.worlds.open(name).create_key()
            side.secrets[label] = (made.id, f"Bearer {secret}")
        self.keys[label] = {"world": name, "disabled": False, "deleted": False}

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), change=st.sampled_from(["disable", "enable", "delete"]))
    def change_key(self, data: st.DataObject, change: str) -> None:
        label = data.draw(st.sampled_from(sorted(self.keys)))
        key = self.keys[label]
        changes = {"deleted": True} if change == "delete" else {"disabled": change == "disable"}
        got = self.both(
            lambda side: (
                side.worlds.open(key["world"])
                .change_key(side.secrets[label][0], **changes)
                .disabled
            )
        )
        if key["deleted"]:
            assert got == "not_found"
        else:
            key |= changes
            assert got == key["disabled"]

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def use_key(self, data: st.DataObject) -> None:
        label = data.draw(st.sampled_from(sorted(self.keys)))
        key = self.keys[label]
        got = self.both(lambda side: side.worlds.access(side.secrets[label][1]).name)
        known = "disabled_api_key" if key["disabled"] else key["world"]
        assert got == ("invalid_api_key" if key["deleted"] else known)

    @rule(name=WORLDS)
    def reset(self, name: str) -> None:
        self.do(lambda side: side.worlds.reset(name))
        self.models[name] = ModelWorld()
        for key in self.keys.values():
            key["deleted"] |= key["world"] == name

    @rule()
    def open_the_file_again(self) -> None:
        secrets = self.files[0].secrets
        self.files[0].store.close()
        self.files[0] = self.side(self.file(), secrets)

    @invariant()
    def everything_agrees(self) -> None:
        if hasattr(self, "models"):
            for name, model in self.models.items():
                self.agree(name, model)

    def agree(self, name: str, model: ModelWorld) -> None:
        now = self.both(lambda side: side.worlds.open(name).now())
        assert now == model.now
        tasks = self.both(lambda side: side.service.tasks(side.worlds.open(name), 1000))
        assert [view.status for view in tasks] == [task.status(now) for task in model.tasks]
        assert [view.due for view in tasks] == [task.due(now) for task in model.tasks]
        account = self.both(lambda side: side.service.ledger(side.worlds.open(name)))
        spent = sum((task.spent(now) for task in model.tasks), Decimal(0))
        assert (account.held + account.charged, account.credit) == (spent, model.left())
        self.both(lambda side: side.worlds.open(name).state.scripts)


def answer(act: Callable[[Side], Any], side: Side) -> Any:
    try:
        return act(side)
    except MockError as refusal:
        return refusal.code


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
