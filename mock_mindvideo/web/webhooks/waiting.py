"""Of which tasks of a world a webhook has yet to be told, and when.

It follows from the tasks: a message is due when its task ends, later where a script says so, and
again after each pause while nobody has taken it. What was told before this process began stands in
the world's journal.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from threading import RLock

import orjson

from mock_mindvideo.domain.dialect.webhooks import WebhookForm
from mock_mindvideo.domain.errors import TaskNotFound, Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.script import PlanOverrides, ScriptError, parse
from mock_mindvideo.domain.task import UNCOUNTED, Task, Transition, timeline
from mock_mindvideo.stores import Store
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service

logger = logging.getLogger("mock_mindvideo.webhooks")

#: What an attempt is called among the acts of a journal.
ACT = "webhook"

#: Messages of one world that wait at once; beyond them, the oldest are given up.
MOST = 10_000

#: Entries of a journal that are read at a time.
_PAGE = 256

#: Tasks that may come while the new ones are read, without these being read again.
_FEW = 8


@dataclass(slots=True)
class HookMessage:
    """What has to be told of one task: how often it was tried, and when that is due next.

    `due` is None where the task never ends by itself.
    """

    task_id: str
    number: int
    tried: int = 0
    due: Instant | None = None


class Waiting:
    """The messages of one world. `moved` says that tasks may end at another time than before."""

    def __init__(self, world: World, store: Store, service: Service) -> None:
        self.moved = False
        self._world = world
        self._store = store
        self._service = service
        self._lock = RLock()
        self._begin()

    def _begin(self) -> None:
        self._number, self._last = 0, ""
        self._messages: dict[str, HookMessage] = {}
        self._heap: list[tuple[Instant, int, str]] = []
        self._sent: HookMessage | None = None

    def earliest(self, form: WebhookForm) -> Instant | None:
        """When the next message is due, or the one that is being sent was; None for never."""
        with self._lock:
            self._look(form)
            if self._sent is not None:
                return self._sent.due
            return self._heap[0][0] if self._heap else None

    def take(self, form: WebhookForm) -> tuple[HookMessage, Task, str] | None:
        """The first message that is due, its task and how that ended; None where there is none.

        Whoever sends it says what came of it, by `end` or `put_off`.
        """
        with self._lock:
            self._look(form)
            now = self._world.now()
            while self._heap and self._heap[0][0] <= now:
                due, _, task_id = self._heap[0]
                message = self._messages.get(task_id)
                task = self._task(task_id) if message is not None else None
                heappop(self._heap)  # not before: a store that is away has raised by now
                if message is None or message.due != due:
                    continue
                if task is None:
                    self.end(message)
                    continue
                self._sent = message
                return message, task, self._end(task).status
        return None

    def give_back(self, message: HookMessage) -> None:
        """Nothing came of sending it: it is due as before."""
        with self._lock:
            heappush(self._heap, (message.due or 0, message.number, message.task_id))
            self._sent = None

    def end(self, message: HookMessage) -> None:
        """There is no more to tell of its task."""
        with self._lock:
            self._messages.pop(message.task_id, None)
            self._sent = None

    def put_off(self, message: HookMessage, due: Instant) -> None:
        """It was not taken, and is due again."""
        with self._lock:
            message.tried, message.due = message.tried + 1, due
            heappush(self._heap, (due, message.number, message.task_id))
            self._sent = None

    def leave_old(self, form: WebhookForm) -> None:
        """Leave out what ended longer ago than it would have been tried."""
        with self._lock:
            self._look(form)
            begin = self._world.now() - sum(form.pauses)
            for message in list(self._messages.values()):
                if message.due is not None and message.due < begin:
                    self.end(message)

    def _look(self, form: WebhookForm) -> None:
        """Find what is new, and when it is due; where the store is away, by the next look."""
        try:
            self._find(form)
        except Unavailable:
            self.moved = True
            raise

    def _find(self, form: WebhookForm) -> None:
        """Find what is new; a world that has begun anew has nothing but that."""
        if self._last and self._task(self._last) is None:
            self._begin()
        for message in self._new():
            self._messages[message.task_id] = message
            self._plan(message, form)
        if self.moved:
            self.moved = False
            self._plan_anew(form)
        while len(self._messages) > MOST:
            lost = next(iter(self._messages.values()))
            logger.warning("of %s nothing is told: %d messages wait", lost.task_id, MOST)
            self.end(lost)

    def _new(self) -> Iterator[HookMessage]:
        count = self._world.submitted() - self._number
        if count <= 0:
            return
        told = frozenset(self._told()) if not self._number else frozenset()
        for task in self._unseen(count):
            if task.number != UNCOUNTED and task.number > self._number:
                self._number, self._last = task.number, task.id
                if task.id not in told:
                    yield HookMessage(task.id, task.number)

    def _unseen(self, count: int) -> Iterable[Task]:
        """At least the tasks after those that were seen, all of them, however many come meanwhile.

        There were `count` of them. The newest so many are not enough where others come while they
        are read: the oldest of them would never be seen.
        """
        if not self._number:
            return self._store.tasks(self._world.name)
        asked = count + _FEW
        while True:
            found = list(self._store.tasks(self._world.name, asked))
            if len(found) < asked or found[0].number <= self._number:
                return found
            asked *= 2

    def _told(self) -> Iterator[str]:
        """The tasks of which the journal says that there is nothing more to tell."""
        last, full = 0, True
        while full:
            found = self._store.recorded(self._world.name, last, _PAGE).entries
            full = len(found) == _PAGE
            for last, entry in found:  # noqa: B007 - where the next page begins
                if entry.act == ACT and orjson.loads(entry.body)["over"]:
                    yield entry.task_id or ""

    def _plan_anew(self, form: WebhookForm) -> None:
        self._heap.clear()
        for message in self._messages.values():
            if message.tried:
                self._heap.append((message.due or 0, message.number, message.task_id))
            elif message is not self._sent:
                self._plan(message, form)
        heapify(self._heap)

    def _plan(self, message: HookMessage, form: WebhookForm) -> None:
        """Find out when a task will be told of for the first time."""
        task = self._task(message.task_id)
        if task is None:
            return
        last, lifecycle = self._end(task), self._service.catalog.lifecycle
        late = form.pauses[0] if said_of(task).webhook_reorder and form.pauses else 0
        message.due = last.at + late if lifecycle.ended(last.status) else None
        if message.due is not None:
            heappush(self._heap, (message.due, message.number, message.task_id))

    def _end(self, task: Task) -> Transition:
        """The last state of a task, of those that it has entered and those that are planned."""
        return timeline(task, self._service.catalog.lifecycle)[-1]

    def _task(self, task_id: str) -> Task | None:
        try:
            return self._store.task(self._world.name, task_id)
        except TaskNotFound:
            return None


def said_of(task: Task) -> PlanOverrides:
    """What the script of a task says, of its webhook too."""
    try:
        return parse(task.script).plan if task.script else PlanOverrides()
    except ScriptError:  # one that this dialect does not know any more
        return PlanOverrides()
