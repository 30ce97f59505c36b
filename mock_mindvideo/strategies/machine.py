"""A state machine that drives someone's own client, and checks what must always hold.

Subclass it, say how to connect, and hand its `TestCase` to pytest or unittest:

    class MyMachine(ClientMachine):
        def connect(self):
            return MyClient(), ControlPlane(httpx.Client(base_url=..., headers=...))

    TestMyClient = MyMachine.TestCase
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, precondition, rule

from mock_mindvideo.platform import PLATFORM

from .client import Backstage, BrokenPromise, Business, Client, Conflict, must
from .inputs import valid_inputs
from .json_schema.values import Json, key
from .models import DEFAULT_MODEL, ModelLike, Schemas, catalog_of
from .promises import Promises
from .requests import idempotency_keys

_LONG = 600  # seconds after which a task has ended, unless it is stuck

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _told(step: Callable[_P, _T]) -> Callable[_P, _T]:
    """Put the calls that led to a failure below it, as a script of plain client calls."""

    @functools.wraps(step)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return step(*args, **kwargs)
        except Exception as error:
            machine: Any = args[0]
            error.add_note("\n".join(["The calls that led here:", *machine.calls]))
            machine.note_refusal(error)
            raise

    return run


# What one look at a whole task is made of. Each part can be left out by itself, so that a failure
# shows only the calls that it needs; mostly there is all of it.
_PARTS = ("follow", "end", "get", "follow on")
_LOOKS = st.tuples(*[st.sampled_from([(), *[(part,)] * 7]) for part in _PARTS])

# Part of the rules that they change, so that what does not matter to a failure is left out of it.
_LOST = st.booleans()  # whether the answer to a submit gets lost
# Seconds that pass before. A story shrinks to the first of them: one long wait, not two short ones.
_LATER = st.sampled_from([0, 60, 8, 2, 1])

_INPUTS = st.runner().flatmap(lambda machine: valid_inputs(machine.model, schemas=machine.schemas))


class ClientMachine(RuleBasedStateMachine):
    """Submits, repeats, conflicts, polls, streams, drops, advances and cancels.

    Whatever the order: a status only moves along the lifecycle, an ended task stays as it is,
    each business request is charged once, and no event is lost or comes twice.
    """

    model: ModelLike = DEFAULT_MODEL
    schemas: Schemas = None
    businesses = Bundle[Business]("businesses")

    def connect(self) -> tuple[Client, Backstage]:
        """Give a client and the backstage of a fresh world; called once for each example."""
        raise NotImplementedError

    def __init__(self) -> None:
        """Connect the client and the backstage of one example."""
        super().__init__()
        self.client, self.backstage = self.connect()
        self.lifecycle = catalog_of(self.schemas).lifecycle
        self.promises = Promises(self.backstage, self.lifecycle)
        self.known = self.promises.known
        self.calls: list[str] = []

    @rule(target=businesses, idempotency_key=idempotency_keys(), given=_INPUTS, lost=_LOST)
    @_told
    def submit(self, idempotency_key: str, given: Mapping[str, Json], lost: bool) -> Business:
        """Make a business request of its own."""
        return self._new(given, idempotency_key, lost)

    def _new(self, given: Mapping[str, Json], idempotency_key: str, lost: bool) -> Business:
        assume(idempotency_key not in self.known)
        name = f"task_{len(self.known) + 1}"
        try:
            task = self._submit(given, idempotency_key, lost, f"{name} = ")
        except Conflict:
            raise BrokenPromise(f"the new key {idempotency_key!r} was used before") from None
        business = Business(name, idempotency_key, given, task)
        self.promises.check_new(business)
        self._check_submit(business, task)
        return business

    @rule(target=businesses, business=businesses, last=st.sampled_from("ab"), given=_INPUTS)
    @_told
    def submit_beside(self, business: Business, last: str, given: Mapping[str, Json]) -> Business:
        """Make one whose idempotency key differs from another one's at its very end."""
        assume(len(business.idempotency_key) > 1 and not business.idempotency_key.endswith(last))
        return self._new(given, business.idempotency_key[:-1] + last, lost=False)

    @rule(business=businesses, lost=_LOST)
    @_told
    def repeat(self, business: Business, lost: bool) -> None:
        """Send a business request again: the same task, not charged again (D10)."""
        task = self._submit(business.given, business.idempotency_key, lost)
        self.promises.check_charges()
        must(task[PLATFORM.members.task_id] == business.id, "a repeated submit got another task")
        self._check_submit(business, task)

    def _check_submit(self, business: Business, task: Mapping[str, Json]) -> None:
        self.promises.check_charges()
        self.promises.see(business, task)
        self.promises.check_arrived(business)

    @rule(business=businesses, other=_INPUTS)
    @_told
    def conflict(self, business: Business, other: Mapping[str, Json]) -> None:
        """Use an idempotency key for another input: 409, and nothing happens (D11)."""
        assume(key(dict(other)) != key(dict(business.given)))
        try:
            self._submit(other, business.idempotency_key)
        except Conflict:
            self.promises.check_charges()
        else:
            raise BrokenPromise("another input under the same idempotency key was no conflict")

    @rule(business=businesses, later=_LATER)
    @_told
    def poll(self, business: Business, later: int) -> None:
        """Ask for the status, at once or some seconds later."""
        self._advance(later)
        self._get(business)

    @rule(business=businesses, resume=st.booleans(), later=_LATER)
    @_told
    def stream(self, business: Business, resume: bool, later: int) -> None:
        """Read the events, from the first one or from where the last stream ended."""
        self._advance(later)
        self._follow(business, after=len(business.events) if resume else 0)

    @rule(business=businesses, looks=_LOOKS)
    @_told
    def see_through(self, business: Business, looks: tuple[tuple[str, ...], ...]) -> None:
        """Read the events so far, let the task end, and read the others."""
        parts = [part for look in looks for part in look]
        if "follow" in parts:
            self._get(business)
            self._follow(business, after=0)
        if "end" in parts:
            self._advance(_LONG)
        if "get" in parts:
            self._get(business)
        if "follow on" in parts:
            self._follow(business, after=len(business.events))

    @precondition(lambda self: hasattr(self.client, "wait"))
    @rule(business=businesses)
    @_told
    def wait(self, business: Business) -> None:
        """Let the task end, and wait for it; only for clients that have a `wait(task_id)`."""
        self._advance(_LONG)
        self._say(f"client.wait({business.name})")
        client: Any = self.client
        self._look(business, client.wait)
        must(self.lifecycle.ended(business.status), f"waited, and the task is {business.status}")

    @rule(business=businesses)
    @_told
    def cancel(self, business: Business) -> None:
        """Cancel the task if it has not ended."""
        if self.promises.onlooker is None:
            self._get(business)
        if self.lifecycle.ended(self.promises.status(business)):
            return
        self._say(f"backstage.cancel({business.name})")
        self.backstage.cancel(business.id)
        self._get(business)
        must(business.status == "cancelled", f"a cancelled task is {business.status}")

    def _submit(
        self,
        given: Mapping[str, Json],
        idempotency_key: str,
        lost: bool = False,
        name: str = "",
    ) -> Mapping[str, Json]:
        if lost:
            self._say("backstage.drop()")
            self.backstage.drop()
        self._say(f"{name}client.submit({given!r}, {idempotency_key!r})")
        try:
            return self.client.submit(given, idempotency_key)
        except ConnectionError:
            self._say(f"{name}client.submit({given!r}, {idempotency_key!r})  # was lost; again")
            return self.client.submit(given, idempotency_key)

    def _advance(self, seconds: int) -> None:
        if not seconds:
            return
        self._say(f"backstage.advance({seconds})")
        self.backstage.advance(seconds)

    def _follow(self, business: Business, after: int) -> None:
        self._say(f"list(client.follow({business.name}, after={after}))")
        found = self.client.follow(business.id, after)
        ended = self.lifecycle.ended(business.status)
        wanted = max(0, self.promises.certain(business) - after)
        self.promises.hear(business, after, list(found if ended else islice(found, wanted)))
        if ended:
            last = business.events[-1]["task"][PLATFORM.members.status]
            must(last == business.status, "the stream of an ended task stopped too early")

    def _get(self, business: Business) -> None:
        self._say(f"client.get({business.name})")
        self._look(business, self.client.get)

    def _look(self, business: Business, ask: Callable[[str], Mapping[str, Json]]) -> None:
        since, before = self.promises.latest(), self.promises.status(business)
        ended = self.lifecycle.ended(before)
        task = ask(business.id)
        self.promises.see(business, task)
        self.promises.check_true(business, before)
        if ended:
            self.promises.check_asked_once(business, since)

    def _say(self, call: str) -> None:
        self.calls.append(f"    {call}")

    def note_refusal(self, error: Exception) -> None:
        """Write below an error of the client what the API objected to."""
        if not isinstance(error, BrokenPromise):
            for line in self.promises.refusal():
                error.add_note(line)
