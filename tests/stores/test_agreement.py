"""Stores side by side, against a simple model: any disagreement is a short script."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mock_mindvideo.domain.script import parse
from mock_mindvideo.stores import Store
from mock_mindvideo.stores.redis.store import RedisStore
from mock_mindvideo.worlds.tasks import MOVES
from tests.effort import examples
from tests.redis_server import RedisServer

from .making import LIFECYCLE
from .model import PRICES, SECOND, ModelScript, ModelWorld
from .sides import Sides, left_to_spend

WORLDS = st.sampled_from(["default", "default", "other"])
KEYS = st.sampled_from([None, "a", "b", "c"])
OUTCOMES = st.sampled_from(["succeeded", "failed", "cancelled", "stuck"])
CREDITS = st.sampled_from([None, Decimal(0), Decimal("0.62"), Decimal(2)])
SECONDS = st.sampled_from([0.5, 2, 7.999999, 10, 10, 3600])
LABELS = st.sampled_from(["first", "second"])
INPUTS = st.fixed_dictionaries(
    {
        "prompt": st.sampled_from(["one", "two"]),
        "video_urls": st.just(["https://a.example/v"]),
        "resolution": st.sampled_from(list(PRICES)),
        "duration": st.sampled_from([2, 5]),
    }
)
#: Key, input and the outcome that a header asks for.
ORDERS = st.tuples(KEYS, INPUTS, st.sampled_from([None, "failed", "cancelled", "stuck"]))


class Agreement(Sides):
    """Whatever is done, each side answers as the other and as the model."""

    @initialize(credit=CREDITS, orders=st.lists(ORDERS, max_size=4))
    def begin(self, credit: Decimal | None, orders: list[tuple[Any, ...]]) -> None:
        self.set_credit("default", credit)
        self.submit("default", orders)

    @rule(name=WORLDS, orders=st.lists(ORDERS, min_size=1, max_size=4))
    def submit(self, name: str, orders: list[tuple[Any, ...]]) -> None:
        for order in orders:
            self.submit_one(name, *order)

    def submit_one(
        self, name: str, key: str | None, given: dict[str, Any], outcome: str | None
    ) -> None:
        script = parse(f"outcome={outcome}") if outcome else None
        body = {"model": "wan2-7-r2v", "input": given}
        got = self.both(
            lambda side: side.service.submit(
                side.worlds.open(name), side.service.orders.order(body), key, script
            )
        )
        model = self.models[name]
        cost = PRICES[given["resolution"]] * given["duration"]
        expected = model.submit(key, given, cost, outcome)
        if expected not in ("created", "replayed"):
            assert got == expected
            return
        task = model.tasks[-1 if expected == "created" else model.find(key) or 0]
        assert got.replayed == (expected == "replayed")
        assert got.view.status == task.status(model.now)
        assert got.view.task.estimate == str(cost).rstrip("0")

    @rule(name=WORLDS, outcome=OUTCOMES, times=st.integers(0, 2), skip=st.integers(0, 2))
    def add_script(self, name: str, outcome: str, times: int, skip: int) -> None:
        script = parse(f"outcome={outcome}; times={times}; skip={skip}")
        self.do(lambda side: side.worlds.open(name).add_script(script, "control", 1000))
        self.models[name].scripts.append(ModelScript(outcome, times, skip))

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

    @rule(name=WORLDS, credit=CREDITS)
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
        for side in (self.memory, self.others[0]):
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

    @rule(name=WORLDS, what=st.sampled_from(["scripts", "everything", "nothing"]))
    def forget(self, name: str, what: str) -> None:
        """Clear a world's scripts, reset it, or close and open the file."""
        getattr(self, f"forget_{what}")(name)

    def forget_scripts(self, name: str) -> None:
        self.do(lambda side: side.worlds.open(name).clear_scripts())
        self.models[name].scripts.clear()

    def forget_everything(self, name: str) -> None:
        self.do(lambda side: side.worlds.reset(name))
        self.models[name] = ModelWorld()
        for key in self.keys.values():
            key["deleted"] |= key["world"] == name

    def forget_nothing(self, name: str) -> None:
        secrets = self.others[0].secrets
        self.others[0].store.close()
        self.others[0] = self.side(self.shared(), secrets)

    @invariant()
    def everything_agrees(self) -> None:
        for name, model in self.models.items():
            self.agree(name, model)

    def agree(self, name: str, model: ModelWorld) -> None:
        now = self.both(lambda side: side.worlds.open(name).now())
        assert now == model.now
        tasks = self.both(lambda side: side.service.tasks(side.worlds.open(name), 1000))
        assert [view.status for view in tasks] == [task.status(now) for task in model.tasks]
        assert [view.due for view in tasks] == [task.due(now) for task in model.tasks]
        books = self.both(lambda side: side.service.ledger(side.worlds.open(name)))
        spent = sum((task.spent(now) for task in model.tasks), Decimal(0))
        assert (books.held + books.charged, books.credit) == (spent, model.left())
        assert self.both(lambda side: left_to_spend(side, name)) == model.left()
        self.both(lambda side: side.worlds.open(name).state.scripts)


class AgreementOverRedis(Agreement):
    """The same of two machines on one Redis."""

    server: RedisServer

    def __init__(self) -> None:
        self.server.empty()
        super().__init__()

    def shared(self) -> Store:
        return RedisStore(self.server.address, LIFECYCLE)


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(max_examples=examples(80), stateful_step_count=40)


@pytest.mark.slow
class TestAgreementOverRedis(AgreementOverRedis.TestCase):  # type: ignore[name-defined, misc]
    """Each step asks a server several times."""

    settings = settings(max_examples=examples(60), stateful_step_count=40)

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _server(cls, redis_server: RedisServer) -> None:
        AgreementOverRedis.server = redis_server
