"""What can be done with tasks: submit, look, follow, move. Sync, and without HTTP."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.errors import IllegalMove, NotFound, RateLimited, TaskNotCancellable
from mock_mindvideo.domain.in_flight import rearranged
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.ledger import Ledger, ledger
from mock_mindvideo.domain.limits import WorldLimits
from mock_mindvideo.domain.payload import check_idempotency_key
from mock_mindvideo.domain.plan import Plan, planned
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.script import Script
from mock_mindvideo.domain.settlement import NEVER
from mock_mindvideo.domain.task import UNCOUNTED, Task, standing
from mock_mindvideo.domain.work import Work, whole
from mock_mindvideo.domain.world import POLLS, WorldState
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.stores import Ground, Store, Unfinished
from mock_mindvideo.stores.base import not_found
from mock_mindvideo.worlds.listing import PageWish, TaskPage, counted, taken
from mock_mindvideo.worlds.orders import Order, Orders
from mock_mindvideo.worlds.views import Submitted, View
from mock_mindvideo.worlds.world import World

#: The request that makes a task, as scripts know it.
SUBMIT = ("POST", PLATFORM.paths.submit)

#: What the control plane can do to a task, and the state that leads to.
MOVES: Mapping[str, str] = {
    "start": "processing",
    "succeed": "succeeded",
    "fail": "failed",
    "cancel": "cancelled",
}


class Service:
    """The use cases, over a catalog and a store. `use` replaces the catalog at any time."""

    def __init__(self, catalog: Catalog, store: Store, **orders: Any) -> None:
        """`orders` are the options of `Orders`."""
        self._store = store
        self._options = orders
        self.use(catalog)

    def use(self, catalog: Catalog) -> None:
        """From now on, what these schema files say."""
        self.catalog = catalog
        self.orders = Orders(catalog, **self._options)
        self._life = catalog.dialect.lifetimes.tasks
        self._key_life = catalog.dialect.lifetimes.keys

    def submit(
        self,
        world: World,
        order: Order,
        idempotency_key: str | None = None,
        script: Script | None = None,
        state: WorldState | None = None,
    ) -> Submitted:
        """Create a task, or find the one that the idempotency key has (D01, D10).

        `script` came with the request and goes before the order's own; `state` is the world's,
        where it was looked at just now. Raises InvalidIdempotencyKey, IdempotencyKeyReused (D11),
        InsufficientCredit, RateLimited, Unavailable. Nothing is stored then.
        """
        if idempotency_key is not None:
            check_idempotency_key(idempotency_key)
            if self._key_life:
                over = world.now(state) - self._key_life
                self._store.let_go(world.start, idempotency_key, over)
        direct = script or order.script

        def admit(ground: Ground) -> tuple[WorldState, Task]:
            state, script = ground.state, direct
            if script is None and state.scripts:
                state, script = state.ask_scripts(*SUBMIT)
            now = state.now(world.real())
            if state.limits is not None:
                check_room(state.limits, ground, now)
            if state.credit is not None:
                state = state.paying(order.estimate, ground.refunded(now))
            ids = state.ids(ground.number, self.catalog.dialect.ids)
            plan = self._plan(script, state, ground)
            text = script.text if script else None
            task = made(ids, ground.number, order, now, plan, idempotency_key, text)
            if state.limits is not None and state.limits.in_flight is not None:
                task = ground.waiting(task, state.limits.in_flight)
            return state, task

        task, replayed = self._store.create(world.start, idempotency_key, order.payload, admit)
        view = self._view(task, world.now(state) if replayed else task.created_at)
        return Submitted(view, replayed)

    def task(self, world: World, task_id: str, state: WorldState | None = None) -> View:
        """The task as it is (D06); then, where polls drive the clock, on to its next state.

        `state` is the world's, where it was looked at just now. Raises TaskNotFound.
        """
        state = state or world.state
        view = self._view(self._store.task(world.name, task_id), state.now(world.real()))
        if self._life:
            view = self._kept(view)
        if state.progress == POLLS and view.due is not None:
            world.jump(view.due)
        return view

    def glance(self, world: World, task_id: str, state: WorldState | None = None) -> View:
        """The task as it is, without moving any clock; raises TaskNotFound."""
        return self._kept(self._view(self._store.task(world.name, task_id), world.now(state)))

    def tasks(self, world: World, newest: int) -> tuple[View, ...]:
        """The newest tasks that were submitted, oldest first."""
        return tuple(self.views(world, newest))

    def views(self, world: World, newest: int) -> Iterator[View]:
        """The same one by one, all as of the moment of the call."""
        now = world.now()
        found = self._store.tasks(world.name, newest)
        return (self._view(task, now) for task in found if task.number != UNCOUNTED)

    def page(self, world: World, wanted: PageWish) -> Work[TaskPage]:
        """A page of the tasks that were submitted and are kept, in short steps."""
        now = world.now()
        total, ahead = yield from counted(self._listed(world, now), wanted)
        return (yield from taken(self._listed(world, now), wanted, total, ahead))

    def _listed(self, world: World, now: Instant) -> Iterator[View]:
        """Those made by `now`, as of then."""
        for task in self._store.tasks(world.name):
            view = self._view(task, now)
            if task.number != UNCOUNTED and task.created_at <= now and not self._is_over(view):
                yield view

    def cancel(
        self, world: World, task_id: str, states: Collection[str], *, again: bool = True
    ) -> View:
        """Take back a task that is in one of `states`; with `again`, one that is taken back stays.

        Raises TaskNotFound, TaskNotCancellable; nothing changes then.
        """
        self.glance(world, task_id)
        try:
            return self.move(world, task_id, MOVES["cancel"], among=states)
        except IllegalMove:
            view = self.glance(world, task_id)
        if again and view.status == MOVES["cancel"]:
            return view
        word = self.catalog.dialect.tasks.word
        allowed = " or ".join(map(word, states))
        raise TaskNotCancellable(
            f"the task is {word(view.status)}; it can be cancelled while it is {allowed}"
        )

    def move(
        self,
        world: World,
        task_id: str,
        status: str,
        error: tuple[str, str | None] | None = None,
        among: Collection[str] | None = None,
    ) -> View:
        """Take a task to `status` now, through the states between; `error` is code and message.

        Raises TaskNotFound, and IllegalMove, also where it is in no state `among` those that are
        given; nothing changes then.
        """
        lifecycle = self.catalog.lifecycle
        before: list[int] = []

        def decide(task: Task, state: WorldState) -> Task:
            now = state.now(world.real())
            view = self._view(task, now)
            if among is not None and view.status not in among:
                raise IllegalMove(f"the task is {view.status} already")
            lifecycle.route(view.status, status)
            before[:] = [len(view.steps), len(task.moves) + 1]
            code, message = error or (task.error_code, task.error_message)
            return task._replace(
                moves=(*task.moves, (now, status)),
                error_code=code,
                error_message=message or lifecycle.error_message(code),
            )

        task = self._store.move(world.start, task_id, decide)
        self._rearrange(world)
        steps, moves = before
        world.tell("move", {"status": status, "before": steps, "moves": moves}, task_id)
        return self._view(task, world.now())

    def limit(
        self, world: World, in_flight: int | None, quotas: Iterable[str] | None
    ) -> WorldState:
        """Change what a world bears, as `WorldLimits.given` says; who waits is decided on anew.

        Raises LimitError.
        """
        state = world.set_limits(in_flight, quotas)
        self._rearrange(world, in_any_case=True)
        return state

    def _rearrange(self, world: World, *, in_any_case: bool = False) -> None:
        """Let tasks wait as long as they have to, now that others end at another time."""
        limits = world.state.limits
        most = limits.in_flight if limits is not None else None
        if most is None and not in_any_case:
            return

        def decide(state: WorldState, unfinished: Unfinished) -> Iterator[Task]:
            now = state.now(world.real())
            return rearranged(unfinished(now), self.catalog.lifecycle, now, most)

        self._store.rearrange(world.start, decide)

    def knows_idempotency_key(self, world: World, idempotency_key: str | None) -> bool:
        """Whether a task was made under this idempotency key."""
        has = self._store.has_idempotency_key
        return idempotency_key is not None and has(world.name, idempotency_key)

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
        """The ledger: derived from the tasks as of now."""
        return whole(self.reckoning(world))

    def reckoning(self, world: World, newest: int | None = None) -> Work[Ledger]:
        """The same in short steps, as of the first; all of its entries or the `newest`."""
        now, credit = world.now(), world.credit_left()
        tasks = (task for task in self._store.tasks(world.name) if task.number != UNCOUNTED)
        return ledger(tasks, self.catalog.lifecycle, now, credit, newest)

    def _plan(self, script: Script | None, state: WorldState, ground: Ground) -> Plan:
        """What the next task will do; what is drawn, the world's seed and its number decide."""
        if script is None:
            return self.catalog.usual
        lifecycle = self.catalog.lifecycle

        def draw(name: str) -> float:
            return state.draw(f"task {ground.own_number()} {name}")

        return planned(lifecycle, script.plan, draw)

    def _kept(self, view: View) -> View:
        """The task, unless it ended longer ago than tasks are kept; raises TaskNotFound."""
        if self._is_over(view):
            raise not_found(view.task.id)
        return view

    def _is_over(self, view: View) -> bool:
        """Whether it ended longer ago than tasks are kept."""
        if not self._life or not view.lifecycle.ended(view.status):
            return False
        return view.at >= view.steps[-1].at + self._life

    def _view(self, task: Task, now: Instant) -> View:
        lifecycle = self.catalog.lifecycle
        status, due = standing(task, lifecycle, now)
        return View(task, lifecycle, now, status, due)


def check_room(limits: WorldLimits, ground: Ground, now: Instant) -> None:
    """Raise RateLimited where a world has as many unfinished tasks as it bears."""
    if limits.tasks is None or (free := ground.free_at(limits.tasks)) <= now:
        return
    ends = "none of them ends by itself" if free >= NEVER else "wait for one to end"
    raise RateLimited(
        f"{limits.tasks} tasks have not ended, which is the quota; {ends}",
        until=None if free >= NEVER else free,
    )


def made(
    ids: tuple[str, str],
    number: int,
    order: Order,
    created_at: Instant,
    plan: Plan,
    idempotency_key: str | None = None,
    script: str | None = None,
) -> Task:
    """The facts of a new task; `ids` are its own and that of the request that made it."""
    return Task(
        order.payload.model,
        *plan,
        text(order.estimate),
        order.model.charge_on,
        *ids,
        number,
        order.payload.input,
        created_at,
        (),
        idempotency_key,
        script,
    )
