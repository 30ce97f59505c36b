"""What every store promises. One suite of tests holds each of them to it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeVar

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.errors import IdempotencyKeyReused, TaskNotFound
from mock_mindvideo.domain.in_flight import waiting
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.journal import Entry, LogPage, Note
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.work import Work
from mock_mindvideo.domain.world import Change, WorldState
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.stores.files import Files
from mock_mindvideo.system.clock import Clock

Result = TypeVar("Result")


class StoreError(Exception):
    """What cannot be used as a store: which, and why."""


class Ground(NamedTuple):
    """What is seen inside an atomic step.

    `number` counts the world's tasks from 1 and never comes twice; `refunded(now)` is what tasks
    since the credit was set have given back by then; `free_at(most)` is from when on fewer than
    `most` of the world's tasks have not ended, as things stand, and NEVER if that never is.
    """

    state: WorldState
    number: int
    refunded: Callable[[Instant], Decimal]
    free_at: Callable[[int], Instant]

    def own_number(self) -> int:
        """The number, where more than the ids follow from it, so that no other will do."""
        return self.number

    def waiting(self, task: Task, most: int) -> Task:
        """The next task as it waits until fewer than `most` of those before it are in flight."""
        return waiting(task, self.free_at(most))


#: Makes of the ground the world as it shall be, and what the caller wants to know of it. It may
#: run more than once for one change, so it leaves no trace of its own.
Alter = Callable[[Ground], tuple[WorldState, Result]]

#: Decides on a create: the world and the task as they shall be, or an error and nothing happens.
#: Like an `Alter` it may run again.
Admit = Callable[[Ground], tuple[WorldState, Task]]


class Payload(NamedTuple):
    """What makes two requests the same business request, beside their idempotency key."""

    model: str
    input: bytes


class Store(Protocol):
    """Everything of all worlds. Safe to call from any thread; nothing here waits for a client.

    A world is named by the state it starts with: where it does not exist yet it is made so.
    Everything that has returned is there for every later call, of any process on the same store,
    and after a crash of this one if the store outlives processes. What `flush` writes alone may
    lag.
    """

    #: What it is called: memory, sqlite or redis.
    kind: str

    #: Whether other processes may write to it.
    shared: bool

    #: Whether its calls may wait for something slower than a disk, a network say. Such a store is
    #: called from threads, never from an event loop; the others are called inline.
    blocking: bool

    #: The real time by which its worlds run, the same for all processes on it.
    clock: Clock

    def enter(self, digest: str, world: str | None) -> tuple[Key | None, WorldState | None]:
        """The key, as `key` gives it, and the `world` as it is; None where it does not exist yet.

        A request begins with it: it is one round trip where the store is on another machine.
        """

    def world(self, start: WorldState) -> WorldState:
        """The world `start.name` as it is."""

    def look(self, start: WorldState, see: Callable[[Ground], Result]) -> Result:
        """What `see` makes of the world and its tasks as they are at one moment."""

    def change(self, start: WorldState, alter: Alter[Result]) -> Result:
        """Put the world through `alter` in one atomic step; what it raises undoes it.

        A world that comes out as it went in is not written, and nobody is given notice.
        """

    def change_all(self, change: Change) -> None:
        """Put every world through `change`, in one atomic step; only those that differ are written.

        Like an `Alter` it may run again.
        """

    def worlds(self) -> tuple[WorldState, ...]:
        """Every world, in no order."""

    def reset(self, name: str) -> None:
        """Forget the world and all of it; nothing happens where there is none."""

    def resetting(self, name: str) -> Work[None]:
        """The same in short steps; a world that is large may be seen in part meanwhile."""

    def forget_if(self, seen: WorldState, number: int) -> bool:
        """Forget the world as `reset` does if it is as it was seen; whether it was.

        `number` is that of its next task by then. In one step with whatever changes the world or
        makes a task in it.
        """

    def note_uses(self, uses: Mapping[str, Instant]) -> None:
        """Remember when worlds were used last, in real time; that goes with the world."""

    def last_uses(self) -> Mapping[str, Instant]:
        """What was noted last of each world."""

    def create(
        self, start: WorldState, idempotency_key: str | None, payload: Payload, admit: Admit
    ) -> tuple[Task, bool]:
        """Store what `admit` decides, task, charge and idempotency key in one atomic step.

        Where `idempotency_key` has a task already: that task and True, `admit` is not called.
        Raises IdempotencyKeyReused if that task's payload is another, Unavailable if there is no
        room, and what `admit` raises; nothing is stored then.
        """

    def task(self, world: str, task_id: str) -> Task:
        """The task; raises TaskNotFound, also for another world's."""

    def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
        """The world's tasks in the order of their numbers, or the `newest` of them.

        Each step takes next to no time, however many they are.
        """

    def unfinished(self, world: str, now: Instant) -> Iterator[Task]:
        """The tasks that have not ended by `now`, in the order of their numbers."""

    def has_idempotency_key(self, world: str, idempotency_key: str) -> bool:
        """Whether a task of the world has this idempotency key."""

    def let_go(self, start: WorldState, idempotency_key: str, made_by: Instant) -> None:
        """Take an idempotency key from its task, if that was made by then; nothing otherwise."""

    def move(self, start: WorldState, task_id: str, decide: "Decide") -> Task:
        """Replace a task's facts by what `decide` makes of them and the world, atomically.

        Raises TaskNotFound, and what `decide` raises; nothing is stored then.
        """

    def rearrange(self, start: WorldState, decide: "Rearrange") -> None:
        """Replace the facts of unfinished tasks by what `decide` makes of them and the world.

        `decide` may run again. A store that writes one task after the other goes on until there is
        none to write.
        """

    def add_key(self, key: Key) -> None:
        """Store an API key; one with the same digest is replaced."""

    def key(self, digest: str) -> Key | None:
        """The stored API key with that digest, a deleted one included."""

    def keys(self, world: str) -> tuple[Key, ...]:
        """The world's stored API keys in the order in which they were made."""

    @property
    def files(self) -> Files:
        """What was uploaded."""

    def record(self, world: str, note: Note) -> None:
        """Add to the journal; the oldest entries go where the bound is passed.

        Keys may stand in a note; none does in what the store gives or writes anywhere.
        """

    def recorded(self, world: str, after: int | None, most: int) -> LogPage:
        """The `most` oldest of what was recorded after the entry of that number, acts included.

        Nothing with None, which asks for the last number alone. Numbers never come twice.
        """

    def journal(self, world: str, newest: int) -> tuple[Entry, ...]:
        """The world's `newest` entries without acts, oldest first."""

    def entries(self, world: str, newest: int) -> Iterator[Entry]:
        """The same one by one; each step takes next to no time, however many they are."""

    def forgotten(self, world: str) -> int:
        """How many of the world's entries were dropped for lack of room."""

    def deliver(self, delivery: Delivery) -> None:
        """Remember that a stream was given an event; the oldest deliveries are forgotten."""

    def deliveries(self, world: str, newest: int) -> tuple[Delivery, ...]:
        """The world's `newest` deliveries, through any process, oldest first."""

    def streaming(self, count: int) -> None:
        """Take note of how many streams this process has open."""

    def counts(self) -> Mapping[str, int]:
        """How much is kept, how much was dropped for lack of room, and how many `streams` are open.

        Those of other processes may lag by a moment, as the journal and the deliveries may.
        """

    def subscribe(self, notice: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `notice` with the name of each world whose time or tasks were moved.

        None stands for any. Returns what ends the subscription. `notice` may be called from any
        thread and must not call the store.
        """

    def poll(self) -> None:
        """Look whether another process has written, and give notice if so."""

    def flush(self) -> None:
        """Write what was held back: the journal, the deliveries, the number of streams.

        Raises Unavailable; it is held back further then, within a bound.
        """

    def close(self) -> None:
        """Flush and let go; the store is not used again."""


Decide = Callable[[Task, WorldState], Task]

#: The tasks that have not ended by a moment, in the order of their numbers.
Unfinished = Callable[[Instant], Iterator[Task]]

#: What shall stand in place of some of a world's unfinished tasks.
Rearrange = Callable[[WorldState, Unfinished], Iterator[Task]]


def not_found(task_id: str) -> TaskNotFound:
    """The refusal of an unknown task's id."""
    return TaskNotFound(f"no task '{task_id[:64]}' in the world of this API key")


def key_reused() -> IdempotencyKeyReused:
    """The refusal of a known idempotency key with another payload (D11)."""
    return IdempotencyKeyReused(
        f"this {PLATFORM.headers.idempotency_key} was used for another payload;"
        " use a new key for a new request"
    )
