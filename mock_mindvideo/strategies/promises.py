"""What must always hold between a client, its tasks and their charges."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.platform import PLATFORM

from .client import Backstage, BrokenPromise, Business, Onlooker, must
from .json_schema.values import Json, key

_NAMES = PLATFORM.members

_SHOWN = 80  # characters of a value that a complaint shows


class Promises:
    """The business requests so far, and the checks on what the client says of them.

    Some checks need a backstage that sees what arrived; they are left out for others.
    """

    def __init__(self, backstage: Backstage, lifecycle: Lifecycle) -> None:
        """Start with no business request."""
        self.backstage = backstage
        self.lifecycle = lifecycle
        self.known: dict[str, Business] = {}
        self.onlooker = cast(Onlooker, backstage) if hasattr(backstage, "task") else None

    def check_new(self, business: Business) -> None:
        """Check that a new business request has a task of its own, and remember it."""
        must(
            business.id not in {each.id for each in self.known.values()},
            "a new business request got the task of another one",
        )
        self.known[business.idempotency_key] = business

    def check_arrived(self, business: Business) -> None:
        """Check that input and idempotency key arrived as they were handed to the client."""
        if self.onlooker is None:
            return
        arrived = self.onlooker.task(business.id)
        given, found = dict(business.given), arrived["input"]
        for name in sorted(given.keys() | found.keys()):
            if name not in found:
                raise BrokenPromise(f"{name}={_short(given[name])} did not arrive")
            must(name in given, f"{name}={_short(found[name])} arrived, but was never given")
            must(
                key(given[name]) == key(found[name]),
                f"{name}={_short(given[name])} arrived as {_short(found[name])}",
            )
        sent = arrived["idempotency_key"]
        must(
            sent == business.idempotency_key,
            f"the idempotency key {business.idempotency_key!r} arrived as {sent!r}",
        )

    def status(self, business: Business) -> str:
        """Give the true status, as far as it can be seen."""
        if self.onlooker is None:
            return business.status
        return str(self.onlooker.task(business.id)[_NAMES.status])

    def check_true(self, business: Business, before: str) -> None:
        """Check that the client tells the true status, if that did not move meanwhile."""
        true = self.status(business)
        if self.onlooker is not None and true == before:
            must(business.status == true, f"a {true} task is told as {business.status}")

    def latest(self) -> str:
        """Give the id of the latest request; empty where that cannot be seen."""
        found = self.onlooker.requests()[-1:] if self.onlooker is not None else ()
        return str(found[0]["request_id"]) if found else ""

    def check_asked_once(self, business: Business, since: str) -> None:
        """Check that an ended task was asked for but once, since that request."""
        if self.onlooker is None or not self.lifecycle.ended(self.status(business)):
            return
        found = list(self.onlooker.requests())
        ids = [each["request_id"] for each in found]
        later = found[ids.index(since) + 1 :] if since in ids else found
        path = PLATFORM.paths.show_of(business.id)
        asked = [(each["method"], each["path"]) for each in later].count(("GET", path))
        must(asked <= 1, f"the task had ended, and was asked for {asked} times")

    def refusal(self) -> list[str]:
        """Give what the latest answer objected to, a line for each pointer."""
        latest = self.onlooker.requests()[-1:] if self.onlooker is not None else ()
        if not latest or latest[0]["status"] != 422:
            return []
        error = json.loads(latest[0]["answer"])[_NAMES.error]
        told = [f"    {d['pointer']}: {d['message']}" for d in error.get("details", ())]
        return [f"The API refused it ({error['code']}):", *told]

    def see(self, business: Business, task: Mapping[str, Json]) -> None:
        """Check a task against how it was last seen, and remember it."""
        before, after = business.status, str(task[_NAMES.status])
        must(task[_NAMES.task_id] == business.id, "asked for one task, got another")
        must(task[_NAMES.estimate] == business.task[_NAMES.estimate], "the estimate changed")
        must(after == before or after in self._ahead(before), f"{before} became {after}")
        if self.lifecycle.ended(before):
            must(dict(task) == dict(business.task), "an ended task changed")
        business.task = task

    def hear(self, business: Business, after: int, events: Sequence[Mapping[str, Json]]) -> None:
        """Check events that follow number `after`, and remember them."""
        numbers = [event["sequence"] for event in events]
        expected = list(range(after + 1, after + 1 + len(events)))
        must(numbers == expected, f"events {numbers}, not {expected}")
        missing = self.certain(business) - after - len(events)
        must(missing <= 0, f"{missing} events are missing after {numbers}")
        for event in events:
            self._note_event(business, event)

    def _note_event(self, business: Business, event: Mapping[str, Json]) -> None:
        index = event["sequence"] - 1
        if index < len(business.events):
            must(dict(event) == dict(business.events[index]), "an event changed")
            return
        status = event["task"][_NAMES.status]
        if business.events:
            before = business.events[-1]["task"][_NAMES.status]
            must(status in self.lifecycle.transitions[before], f"{before} became {status}")
        business.events.append(event)

    def certain(self, business: Business) -> int:
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

    def check_charges(self) -> None:
        """Check that each business request is charged once."""
        charged, known = sorted(self.backstage.charged()), sorted(b.id for b in self.known.values())
        must(
            charged == known,
            f"{len(known)} business requests, but {len(charged)} charges: {charged}",
        )


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
