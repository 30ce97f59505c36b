"""A state machine that drives someone's own client, and checks what must always hold.

Subclass it, say how to connect, and hand its `TestCase` to pytest or unittest:

    class MyMachine(ClientMachine):
        def connect(self):
            return MyClient(), ControlPlane(httpx.Client(base_url=..., headers=...))

    TestMyClient = MyMachine.TestCase
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ParamSpec, Protocol, TypeVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, precondition, rule

from mock_mindvideo.catalog import builtin_catalog

from .inputs import DEFAULT_MODEL, ModelLike, valid_inputs
from .json_schema.values import Json, key
from .requests import idempotency_keys

_LONG = 600  # seconds after which a task has ended, unless it is stuck

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Conflict(Exception):
    """What a client raises when the API answers 409 `idempotency_key_reused` (D11)."""


class BrokenPromise(AssertionError):
    """Something did not hold that always must; the calls that led there stand below it."""


class Client(Protocol):
    """What the machine asks of a client; tasks and events are the API's JSON, as mappings."""

    def submit(self, given: Mapping[str, Json], idempotency_key: str) -> Mapping[str, Json]:
        """Submit an input and give the task.

        Raises:
            Conflict: the key was used with another input.
            ConnectionError: the answer was lost and the client does not retry; the machine then
                submits the same again, as an application would.
        """

    def get(self, task_id: str) -> Mapping[str, Json]:
        """Give the task as it is now."""

    def follow(self, task_id: str, after: int) -> Iterable[Mapping[str, Json]]:
        """Give the task's events after that sequence number; 0 for all.

        It may end with the latest event or wait for more; the machine takes no more than there
        are, and reads to the end only if the task has ended.
        """


class Backstage(Protocol):
    """What the machine does behind the client's back, and sees there."""

    def advance(self, seconds: float) -> object:
        """Let time pass."""

    def cancel(self, task_id: str) -> object:
        """Cancel a task; if it has ended, which the client did not see, leave it as it is."""

    def drop(self) -> object:
        """Let the answer to the next submit get lost, after the task is stored."""

    def charged(self) -> Sequence[str]:
        """Give the task id of every charge, one for each time that money was held."""


@dataclass(slots=True)
class Business:
    """One business request: its key and input, its task as last seen, and the events so far."""

    name: str
    key: str
    given: Mapping[str, Json]
    task: Mapping[str, Json]
    events: list[Mapping[str, Json]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Give the task's id."""
        return str(self.task["task_id"])

    @property
    def status(self) -> str:
        """Give the status last seen."""
        return str(self.task["status"])


def _must(holds: bool, complaint: str) -> None:
    if not holds:
        raise BrokenPromise(complaint)


def _told(step: Callable[_P, _T]) -> Callable[_P, _T]:
    """Put the calls that led to a failure below it, as a script of plain client calls."""

    @functools.wraps(step)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return step(*args, **kwargs)
        except Exception as error:
            machine: Any = args[0]
            error.add_note("\n".join(["The calls that led here:", *machine.calls]))
            raise

    return run


_INPUTS = st.runner().flatmap(lambda machine: valid_inputs(machine.model))


class ClientMachine(RuleBasedStateMachine):
    """Submits, repeats, conflicts, polls, streams, drops, advances and cancels.

    Whatever the order: a status only moves along the lifecycle, an ended task stays as it is,
    each business request is charged once, and no event is lost or comes twice.
    """

    model: ModelLike = DEFAULT_MODEL
    businesses = Bundle[Business]("businesses")

    def connect(self) -> tuple[Client, Backstage]:
        """Give a client and the backstage of a fresh world; called once for each example."""
        raise NotImplementedError

    def __init__(self) -> None:
        """Connect."""
        super().__init__()
        self.client, self.backstage = self.connect()
        self.lifecycle = builtin_catalog().lifecycle
        self.known: dict[str, Business] = {}
        self.calls: list[str] = []
        self.losing = False

    @rule(target=businesses, idempotency_key=idempotency_keys(), given=_INPUTS)
    @_told
    def submit(self, idempotency_key: str, given: Mapping[str, Json]) -> Business:
        """Make a business request of its own."""
        assume(idempotency_key not in self.known)
        name = f"task_{len(self.known) + 1}"
        task = self._submit(given, idempotency_key, f"{name} = ")
        business = Business(name, idempotency_key, given, task)
        _must(
            business.id not in {each.id for each in self.known.values()},
            "a new business request got the task of another one",
        )
        self.known[idempotency_key] = business
        self._check_charges()
        self._see(business, task)
        return business

    @rule(business=businesses)
    @_told
    def repeat(self, business: Business) -> None:
        """Send a business request again: the same task, not charged again (D10)."""
        task = self._submit(business.given, business.key)
        _must(task["task_id"] == business.id, "a repeated submit got another task")
        self._check_charges()
        self._see(business, task)

    @rule(business=businesses, other=_INPUTS)
    @_told
    def conflict(self, business: Business, other: Mapping[str, Json]) -> None:
        """Use a key for another input: 409, and nothing happens (D11)."""
        assume(key(dict(other)) != key(dict(business.given)))
        try:
            self._submit(other, business.key)
        except Conflict:
            self._check_charges()
        else:
            raise BrokenPromise("another input under the same key was no conflict")

    @rule(business=businesses)
    @_told
    def poll(self, business: Business) -> None:
        """Ask for the status."""
        self._get(business)

    @rule(business=businesses, resume=st.booleans())
    @_told
    def stream(self, business: Business, resume: bool) -> None:
        """Read the events, from the first one or from where the last stream ended."""
        self._get(business)
        self._follow(business, after=len(business.events) if resume else 0)

    @rule(business=businesses)
    @_told
    def see_through(self, business: Business) -> None:
        """Read the events so far, let the task end, and read the others."""
        self._get(business)
        self._follow(business, after=0)
        self._advance(_LONG)
        self._get(business)
        self._follow(business, after=len(business.events))

    @precondition(lambda self: not self.losing)
    @rule()
    @_told
    def drop(self) -> None:
        """Lose the next answer to a submit."""
        self._say("backstage.drop()")
        self.backstage.drop()
        self.losing = True

    @precondition(lambda self: self.known)
    @rule(seconds=st.sampled_from([1, 2, 8, 60]))
    @_told
    def advance(self, seconds: int) -> None:
        """Let time pass."""
        self._advance(seconds)

    @rule(business=businesses)
    @_told
    def cancel(self, business: Business) -> None:
        """Cancel the task if it has not ended."""
        self._get(business)
        if self.lifecycle.ended(business.status):
            return
        self._say(f"backstage.cancel({business.name})")
        self.backstage.cancel(business.id)
        self._get(business)
        _must(business.status == "cancelled", f"a cancelled task is {business.status}")

    def _submit(
        self, given: Mapping[str, Json], idempotency_key: str, name: str = ""
    ) -> Mapping[str, Json]:
        self._say(f"{name}client.submit({given!r}, {idempotency_key!r})")
        self.losing = False
        try:
            return self.client.submit(given, idempotency_key)
        except ConnectionError:
            self._say(f"{name}client.submit({given!r}, {idempotency_key!r})  # was lost; again")
            return self.client.submit(given, idempotency_key)

    def _advance(self, seconds: int) -> None:
        self._say(f"backstage.advance({seconds})")
        self.backstage.advance(seconds)

    def _follow(self, business: Business, after: int) -> None:
        self._say(f"list(client.follow({business.name}, after={after}))")
        found = self.client.follow(business.id, after)
        ended = self.lifecycle.ended(business.status)
        wanted = max(0, self._certain(business) - after)
        self._hear(business, after, list(found if ended else islice(found, wanted)))
        if ended:
            last = business.events[-1]["task"]["status"]
            _must(last == business.status, "the stream of an ended task stopped too early")

    def _get(self, business: Business) -> None:
        self._say(f"client.get({business.name})")
        self._see(business, self.client.get(business.id))

    def _see(self, business: Business, task: Mapping[str, Json]) -> None:
        before, after = business.status, str(task["status"])
        _must(task["task_id"] == business.id, "asked for one task, got another")
        _must(task["cost_estimate"] == business.task["cost_estimate"], "the estimate changed")
        _must(after == before or after in self._ahead(before), f"{before} became {after}")
        if self.lifecycle.ended(before):
            _must(dict(task) == dict(business.task), "an ended task changed")
        business.task = task

    def _hear(self, business: Business, after: int, events: Sequence[Mapping[str, Json]]) -> None:
        numbers = [event["sequence"] for event in events]
        expected = list(range(after + 1, after + 1 + len(events)))
        _must(numbers == expected, f"events {numbers}, not {expected}")
        missing = self._certain(business) - after - len(events)
        _must(missing <= 0, f"{missing} events are missing after {numbers}")
        for event in events:
            self._note_event(business, event)

    def _note_event(self, business: Business, event: Mapping[str, Json]) -> None:
        index = event["sequence"] - 1
        if index < len(business.events):
            _must(dict(event) == dict(business.events[index]), "an event changed")
            return
        status = event["task"]["status"]
        if business.events:
            before = business.events[-1]["task"]["status"]
            _must(status in self.lifecycle.transitions[before], f"{before} became {status}")
        business.events.append(event)

    def _certain(self, business: Business) -> int:
        """Count the events that there must be, given the status."""
        if business.status == self.lifecycle.initial:
            return 1
        return 1 + len(self.lifecycle.route(self.lifecycle.initial, business.status))

    def _ahead(self, status: str) -> set[str]:
        """Give every state that can come after this one."""
        found: set[str] = set()
        waiting = list(self.lifecycle.transitions[status])
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += self.lifecycle.transitions[state]
        return found

    def _check_charges(self) -> None:
        charged, known = sorted(self.backstage.charged()), sorted(b.id for b in self.known.values())
        _must(
            charged == known,
            f"{len(known)} business requests, but {len(charged)} charges: {charged}",
        )

    def _say(self, call: str) -> None:
        self.calls.append(f"    {call}")
