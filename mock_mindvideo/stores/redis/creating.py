"""The atomic step of a submit: its key, number, hold, credit and task, in one round trip.

What `admit` decides is a proposal. Where it is the usual one (the next task, and what it costs),
the script carries it out on the world as it is by then, whoever else submits meanwhile. Otherwise,
and where the credit is short, it is decided on the world as it is, and carried out if it still is.
"""

from contextlib import ExitStack
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from mock_mindvideo.domain.in_flight import ready
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.base import Admit, Payload, key_reused
from mock_mindvideo.stores.redis.decisions import Overtaken, WatchedGround
from mock_mindvideo.stores.redis.ground import PATIENCE, Grounds
from mock_mindvideo.stores.redis.tasks import in_micros, moment, row_of
from mock_mindvideo.stores.redis.worlds import NOTHING, Belief, Seen, payment, written

#: What the script answers.
_STALE, _MADE, _KNOWN, _SHORT, _UNSURE = range(5)

#: Hexadecimal digits of an id.
_DIGITS = 24


class Replay(Exception):
    """The idempotency key has a task."""

    def __init__(self, task: Task) -> None:
        self.task = task


class Standing(NamedTuple):
    """What a submit is decided on: `fresh` once it was read for it, `close` once the sums were.

    How long the task waits for others is decided by the script unless it is `sure`.
    """

    seen: Seen
    fresh: bool = False
    close: bool = False
    sure: bool = False


class Creating:
    """Creates tasks in the worlds of one Redis."""

    def __init__(self, grounds: Grounds, lifecycle: Lifecycle) -> None:
        self._grounds = grounds
        self._lifecycle = lifecycle

    def create(
        self, start: WorldState, idempotency_key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        """See `Store`."""
        key = key_field(idempotency_key)
        try:
            return self._created(start, key, admit), False
        except Replay as replay:
            task = replay.task
        if (task.model, task.input) != payload:
            raise key_reused()
        return task, True

    def _created(self, start: WorldState, key: str, admit: Admit) -> Task:
        at = Standing(self._grounds.known.last(start))
        with ExitStack() as held:
            for attempt in range(PATIENCE):
                if attempt == 1:
                    held.enter_context(self._grounds.turn_of(start.name))
                refunds = self._grounds.refunded if at.close else _nothing
                left = not (at.close or at.sure)
                ground = WatchedGround.of(at.seen, refunds, self._grounds.free_at, left=left)
                try:
                    state, task = admit(ground)
                except Overtaken:
                    at = self._look(start, key, close=True)
                    continue
                except Exception:
                    if at.fresh and (at.close or not ground.asked_refunds):
                        raise
                    at = self._look(start, key, close=ground.asked_refunds)
                    continue
                done = self._propose(start, key, at, ground, state, task)
                if isinstance(done, Task):
                    return done
                at = done
        raise self._grounds.too_busy(start.name)

    def _look(self, start: WorldState, key: str, *, close: bool) -> Standing:
        """The world as it is; raises Replay where the key has a task by now."""
        known = self._grounds.known.last(start)
        row, found = self._grounds.run(
            "look", start.name, NOTHING, key, known.version, known.revision
        )
        if row:
            raise Replay(self._grounds.task_in(row))
        return Standing(self._grounds.take(known, start, found), fresh=True, close=close)

    def _propose(
        self,
        start: WorldState,
        key: str,
        at: Standing,
        ground: WatchedGround,
        state: WorldState,
        task: Task,
    ) -> Task | Standing:
        """The task, if it could be made as it was decided; otherwise what to decide on anew."""
        price = _usual(at, ground, state, task)
        if price is None and ground.asked_refunds and not at.close:
            return self._look(start, key, close=True)
        if price is None and ground.waits_for is not None:
            return at._replace(sure=True)
        new, after = written(at.seen, state if price is None else at.seen.state)
        if price is None:
            paid = state.committed != at.seen.state.committed
            belief, how = ground.belief(paid=paid), _exactly(task)
        else:
            belief, how = Belief(at.seen.version), _next(state, price, ground.asked_at)
        row = row_of(task, self._lifecycle)
        flight = _flight(task, ground.waits_for)
        real = moment(self._grounds.clock.real())
        with self._grounds.registered(at.seen):
            code, *answer = self._grounds.run(
                "create",
                start.name,
                *(*belief, at.seen.revision, real, *new, key, how[0], *row, *how[1:], *flight),
            )
        if code == _MADE:
            return self._made(start, after, task, *answer)
        if code == _KNOWN:
            raise Replay(self._grounds.task_in(answer[0]))
        now = self._grounds.take(at.seen, start, answer[0])
        close, sure = at.close or code == _SHORT, at.sure or code == _UNSURE
        return Standing(now, fresh=True, close=close, sure=sure)

    def _made(
        self, start: WorldState, after: Seen, task: Task, head: bytes, micros: bytes, waits: bytes
    ) -> Task:
        *_, number, task_id, request_id = orjson.loads(head)
        made = task._replace(id=task_id, request_id=request_id, number=int(number))
        if waits:
            made = made._replace(waits=int(waits))
        last = max(after.number, made.number)
        self._grounds.known.keep(start.name, after.paid(int(micros))._replace(number=last))
        return made


def key_field(idempotency_key: str | None) -> str:
    """How scripts are given an idempotency key, or that there is none."""
    return NOTHING if idempotency_key is None else f"k{idempotency_key}"


def _nothing(seen: Seen, now: Instant) -> Decimal:
    """What was given back at least; who is content with it need not ask for all."""
    return Decimal(0)


def _usual(at: Standing, ground: WatchedGround, state: WorldState, task: Task) -> Decimal | None:
    """What the next task costs in millionths of the credit, where the script can decide on it."""
    number = at.seen.number + 1
    if at.close or ground.asked_free or ground.asked_own:
        return None
    if (task.id, task.request_id, task.number) != (*at.seen.state.ids(number), number):
        return None
    price = payment(at.seen, state)
    if price is None or ground.asked_refunds == (price == 0) or price < 0:
        return None
    micros = in_micros(price)
    return None if micros is None else Decimal(micros)


def _exactly(task: Task) -> tuple[Any, ...]:
    return ("exact", task.number, task.id, task.request_id, NOTHING, NOTHING, NOTHING)


def _next(state: WorldState, price: Decimal, now: Instant | None) -> tuple[Any, ...]:
    paid = NOTHING if now is None else str(price)
    at = NOTHING if now is None else moment(now)
    return ("next", *_walked(state.ids(0), state.ids(1)), paid, at)


def _flight(task: Task, most: int | None) -> tuple[str, str]:
    """How many of the tasks before it may be in flight, and from when on it could be."""
    return (NOTHING, NOTHING) if most is None else (str(most - 1), moment(ready(task)))


@lru_cache(maxsize=4096)
def _walked(first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str, str, str]:
    """Prefixes of ids and of requests, where ids begin, and their stride (see `WorldState.ids`)."""
    begin, after = (int(each[0][-_DIGITS:], 16) for each in (first, second))
    stride = (after - begin) % (1 << 4 * _DIGITS)
    return first[0][:-_DIGITS], first[1][:-_DIGITS], f"{begin:024x}", f"{stride:024x}"
