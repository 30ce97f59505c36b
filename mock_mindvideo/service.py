"""What can be done with tasks: submit, look, follow, move. Sync, and without HTTP."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mock_mindvideo.catalog import Catalog, Model, Violation
from mock_mindvideo.domain.errors import Detail, InvalidInput, InvalidRequest, NotFound
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.ledger import Ledger, ledger
from mock_mindvideo.domain.payload import canonical, check_idempotency_key
from mock_mindvideo.domain.plan import planned
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.script import MAGIC_DOMAIN, Script, magic, parse
from mock_mindvideo.domain.task import Task, Transition, reached, timeline
from mock_mindvideo.domain.world import POLLS, WorldState
from mock_mindvideo.stores import Ground, Payload, Store
from mock_mindvideo.worlds import World

#: What the control plane can do to a task, and the state that leads to.
MOVES: Mapping[str, str] = {
    "start": "processing",
    "succeed": "succeeded",
    "fail": "failed",
    "cancel": "cancelled",
}


class View(NamedTuple):
    """A task as of one moment: the states it has entered, and when it will enter the next."""

    task: Task
    steps: tuple[Transition, ...]
    due: Instant | None

    @property
    def status(self) -> str:
        return self.steps[-1].status


class Submitted(NamedTuple):
    """The answer to a submit. `replayed` if the key had a task already."""

    view: View
    replayed: bool
    advice: tuple[str, ...]


class Order(NamedTuple):
    """A submit as it was sent: the body as JSON value, the key, and the script in its header."""

    body: object
    key: str | None = None
    script: Script | None = None
    method: str = "POST"
    path: str = "/api/v1/tasks"


class Service:
    """The use cases, over a catalog and a store. `catalog` may be replaced at any time."""

    def __init__(
        self, catalog: Catalog, store: Store, *, strict: bool = False, magic: bool = True
    ) -> None:
        self.catalog = catalog
        self._store = store
        self._strict = strict
        self._magic = magic

    def submit(self, world: World, order: Order) -> Submitted:
        """Create a task, or find the one that the key has (D01, D10).

        Raises, in this order: InvalidRequest, UnknownModel, InvalidInput,
        InvalidIdempotencyKey, IdempotencyKeyReused (D11), InsufficientCredit, Unavailable.
        Nothing is stored then.
        """
        model, given = self.check(order.body)
        key = None if order.key is None else check_idempotency_key(order.key)
        payload = Payload(model.slug, canonical(given))
        direct = order.script or self._magic_script(payload.input, given)
        usual = self.catalog.usual

        def admit(ground: Ground) -> tuple[WorldState, Task]:
            state, script = ground.state, direct
            if script is None and state.scripts:
                state, script = state.ask_scripts(order.method, order.path)
            now = state.now(world.real())
            estimate = model.estimate(given)
            if state.credit is not None:
                state = state.paying(estimate, ground.refunded(now))
            plan = planned(self.catalog.lifecycle, script.scenario) if script else usual
            ids = state.digest(f"task/{ground.number}").hex()
            return state, Task(
                f"task_{ids[:24]}",
                f"req_{ids[24:48]}",
                ground.number,
                *payload,
                now,
                plan.stays,
                plan.outcome,
                plan.error_code,
                plan.error_message,
                text(estimate),
                model.charge_on,
                (),
                key,
                script.text if script else None,
            )

        task, replayed = self._store.create(world.start, key, payload, admit)
        view = self._view(task, world.now() if replayed else task.created_at)
        return Submitted(view, replayed, model.advice(given))

    def task(self, world: World, task_id: str) -> View:
        """The task as it is (D06); then, where polls drive the clock, on to its next state.

        Raises TaskNotFound.
        """
        state = world.state
        view = self._view(self._store.task(world.name, task_id), state.now(world.real()))
        if state.progress == POLLS and view.due is not None:
            world.jump(view.due)
        return view

    def glance(self, world: World, task_id: str) -> View:
        """The task as it is, without moving any clock; raises TaskNotFound."""
        return self._view(self._store.task(world.name, task_id), world.now())

    def tasks(self, world: World, newest: int) -> tuple[View, ...]:
        """The newest tasks, oldest first."""
        now = world.now()
        return tuple(self._view(task, now) for task in self._store.tasks(world.name, newest))

    def move(
        self, world: World, task_id: str, status: str, error: tuple[str, str | None] | None = None
    ) -> View:
        """Take a task to `status` now, through the states between; `error` is code and message.

        Raises TaskNotFound, IllegalMove; nothing changes then.
        """
        lifecycle = self.catalog.lifecycle

        def decide(task: Task, state: WorldState) -> Task:
            now = state.now(world.real())
            lifecycle.route(self._view(task, now).status, status)
            code, message = error or (task.error_code, task.error_message)
            return task._replace(
                moves=(*task.moves, (now, status)),
                error_code=code,
                error_message=message or lifecycle.error_message(code),
            )

        return self._view(self._store.move(world.start, task_id, decide), world.now())

    def knows_key(self, world: World, key: str | None) -> bool:
        """Whether a task was made under this idempotency key. Looks at every task."""
        return any(task.idempotency_key == key for task in self._store.tasks(world.name))

    def steer(
        self, world: World, task_id: str, move: str, code: str | None, message: str | None
    ) -> View:
        """Make one of the control plane's MOVES; `code` and `message` are a failure's.

        Raises NotFound for another word, and like `move`.
        """
        if move not in MOVES:
            raise NotFound(f"no move '{move[:64]}'; there are {', '.join(MOVES)}")
        error = (code or self.catalog.lifecycle.error, message) if move == "fail" else None
        return self.move(world, task_id, MOVES[move], error)

    def ledger(self, world: World) -> Ledger:
        """The account: derived from the tasks as of now."""
        tasks = self._store.tasks(world.name)
        return ledger(tasks, self.catalog.lifecycle, world.now(), world.credit_left())

    def check(self, body: object) -> tuple[Model, Mapping[str, Any]]:
        """The model and the valid input in a body; raises as `submit` does."""
        broken = self.catalog.envelope.violations(body)
        if broken:
            raise InvalidRequest(_summary("the request", broken), details=_details(broken, ""))
        assert isinstance(body, dict)  # noqa: S101 - the envelope's schema says so
        model = self.catalog.model(body["model"])
        given = body["input"]
        broken = model.violations(given, strict=self._strict)
        if broken:
            raise InvalidInput(_summary("the input", broken), details=_details(broken, "/input"))
        return model, given

    def _magic_script(self, raw: bytes, given: Mapping[str, Any]) -> Script | None:
        """The script that the first magic URL among the references stands for."""
        if not self._magic or MAGIC_DOMAIN.encode() not in raw:
            return None
        texts = (magic(text) for text in _strings(given))
        scripts = (parse(text) for text in texts if text)
        return next((script for script in scripts if script.fault is None), None)

    def _view(self, task: Task, now: Instant) -> View:
        steps = timeline(task, self.catalog.lifecycle)
        so_far = reached(steps, now)
        due = steps[len(so_far)].at if len(so_far) < len(steps) else None
        return View(task, so_far, due)


def _strings(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from _strings(child)


def _details(broken: tuple[Violation, ...], root: str) -> tuple[Detail, ...]:
    return tuple(Detail(root + each.pointer, each.keyword, each.message) for each in broken)


def _summary(what: str, broken: tuple[Violation, ...]) -> str:
    first = f"{broken[0].pointer}: {broken[0].message}" if broken[0].pointer else broken[0].message
    more = f" (and {len(broken) - 1} more, see details)" if len(broken) > 1 else ""
    return f"{what} is not valid: {first}{more}"
