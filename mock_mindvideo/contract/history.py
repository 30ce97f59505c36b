"""What a task says over time: whether it ever goes back, and what its events say of its way.

A status goes forward only (D05, D08), and so do its events (D07), in whatever form they come.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

from mock_mindvideo.contract.deviation import Deviation
from mock_mindvideo.contract.events import Event, read_events
from mock_mindvideo.contract.exchange import Roundtrip
from mock_mindvideo.domain.dialect import Dialect, own_dialect
from mock_mindvideo.domain.errors import IllegalMove
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.platform import PLATFORM

_PATHS, _NAMES = PLATFORM.paths, PLATFORM.members

#: The API's paths, also behind a proxy that keeps a prefix of its own.
_SUBMIT = re.compile(f".*{re.escape(_PATHS.submit)}/?")
_TASK = re.compile(f".*{_PATHS.to_task.pattern}/?")
_EVENTS = re.compile(f".*{_PATHS.to_events.pattern}/?")

#: What a task does not change, and what is gone against if it does; the vendor settles the last.
_CONSTANT = {_NAMES.request_id: ("X03",), _NAMES.estimate: ("X27",), _NAMES.cost: ("D12",)}

_KINDS: Mapping[str, Any] = {
    _NAMES.request_id: str, _NAMES.estimate: (int, float), _NAMES.cost: (int, float),
}  # fmt: skip


@dataclass(slots=True)
class _Known:
    """What is known of one task: its first and last status, and its members.

    `until` is the end of the exchange that told the last.
    """

    first: str
    last: str
    until: float = -math.inf
    members: dict[str, Any] = field(default_factory=dict)


class History:
    """Judges each exchange by what earlier ones said of the same task, in a dialect."""

    def __init__(self, lifecycle: Lifecycle, dialect: Dialect | None = None) -> None:
        self._lifecycle = lifecycle
        said = dialect or own_dialect()
        self._goes_back = said.answers.first
        self._constant = {
            member: facts
            for member, facts in _CONSTANT.items()
            if not (member == _NAMES.request_id and said.tasks.names_looks)
        }
        self._tasks: dict[tuple[str, str], _Known] = {}

    def deviations(
        self, exchange: Roundtrip, began: float = math.inf, ended: float = math.inf
    ) -> Iterator[Deviation]:
        """What goes against what was seen before; answers disturbed on purpose tell nothing.

        `began` and `ended` are in seconds: of two exchanges at once, none is before the other.
        """
        request, response = exchange.request, exchange.response
        path = urlsplit(request.url).path
        events, look = _EVENTS.fullmatch(path), _TASK.fullmatch(path)
        if not (events or look or _SUBMIT.fullmatch(path)):
            return
        if not 200 <= response.status < 300 or not response.complete:
            return
        if "x-mock-script" in request.headers or "x-mock-script" in response.headers:
            return
        host = urlsplit(request.url).netloc
        if events:
            resumed = "last-event-id" in request.headers or urlsplit(request.url).query
            key = host, unquote(events[1])
            yield from self._events(exchange, self._before(key, began), whole=not resumed)
        elif isinstance(response.value, dict):
            yield from self._look(exchange, host, unquote(look[1] if look else ""), began, ended)

    def _before(self, key: tuple[str, str], began: float) -> _Known | None:
        """What was known when an exchange began; its first status alone, if another went on."""
        known = self._tasks.get(key)
        if known is None or known.until <= began:
            return known
        return _Known(known.first, known.first)

    def _look(
        self, exchange: Roundtrip, host: str, name: str, began: float, ended: float
    ) -> Iterator[Deviation]:
        task = exchange.response.value
        name = name or str(task.get(_NAMES.task_id))
        now = task.get(_NAMES.status)
        if now not in self._lifecycle.states:
            return  # the schema tells of it
        known = self._tasks.setdefault((host, name), _Known(now, now))
        replayed = exchange.request.method == "POST"
        leads = self._leads(known.last, now)
        if not leads and known.until <= began and not (replayed and self._goes_back):
            facts = ("X01",) if replayed else ("D05", "D08")
            words = f"the task was {known.last}, and is {now}"
            yield Deviation("history", "/status", words, facts)
        ended_now = self._lifecycle.ended(now)
        yield from _changes(self._constant, known.members, task, ended=ended_now)
        if leads or (not replayed and known.until <= began):
            known.last, known.until = now, max(known.until, ended)
            known.members |= _kept(task, ended=self._lifecycle.ended(now))

    def _events(
        self, exchange: Roundtrip, known: _Known | None, *, whole: bool
    ) -> Iterator[Deviation]:
        events = read_events(exchange.response)
        if events is None:
            words = "the events have no form that is understood here"
            yield Deviation("events", "", words, ("X21", "X22"))
            return
        told = [(each, state) for each in events if (state := each.state(self._lifecycle.states))]
        if not told:
            yield from _nothing_told(events, known, self._lifecycle, whole=whole)
            return
        states = [state for _, state in told]
        yield from self._order(told)
        if known and not self._meet(known.last, states[-1]):
            words = f"the task was {known.last}, and its events end with {states[-1]}"
            yield Deviation("events", "", words, ("D07", "D08"))
        if whole and not _is_part(exchange):
            yield from self._gaps(states, known, self._hinted(events))
        if known and self._leads(known.last, states[-1]):
            known.last = states[-1]

    def _order(self, told: Sequence[tuple[Event, str]]) -> Iterator[Deviation]:
        """Events that come twice or lead back."""
        for (before, was), (event, now) in pairwise(told):
            if was == now:
                if before.said == event.said:
                    yield Deviation("events", "", f"the event {now} comes twice", ("D07",))
            elif not self._leads(was, now):
                words = f"the events say {was}, then {now}"
                yield Deviation("events", "", words, ("D07", "D08"))

    def _hinted(self, events: Sequence[Event]) -> set[str]:
        """What events that name no state may speak of in words of their own."""
        names = self._lifecycle.states
        return {state for each in events if not each.state(names) for state in each.hints(names)}

    def _gaps(
        self, states: Sequence[str], known: _Known | None, hinted: Collection[str]
    ) -> Iterator[Deviation]:
        """States on the way that no event tells of: from the first that was seen to the last."""
        last = known.last if known and self._leads(states[-1], known.last) else states[-1]
        first = known.first if known else states[0]
        way = [first, *self._way(first, last)]
        missing = [state for state in way if state not in states and state not in hinted]
        if missing:
            words = f"no event tells of {' and '.join(missing)}; they tell {', '.join(states)}"
            yield Deviation("events", "", words, ("D07", "D08"))

    def _way(self, start: str, goal: str) -> tuple[str, ...]:
        try:
            return () if start == goal else self._lifecycle.route(start, goal)
        except IllegalMove:
            return ()

    def _meet(self, left: str, right: str) -> bool:
        """Whether both can have been true of one task."""
        return self._leads(left, right) or self._leads(right, left)

    def _leads(self, start: str, goal: str) -> bool:
        return start == goal or bool(self._way(start, goal))


def _changes(
    constant: Mapping[str, tuple[str, ...]],
    before: Mapping[str, Any],
    task: Mapping[str, Any],
    *,
    ended: bool,
) -> Iterator[Deviation]:
    """What a task said otherwise before; a cost counts once the task has ended."""
    for member, facts in constant.items():
        was, now = before.get(member), task.get(member)
        if was is None or was == now or not isinstance(now, _KINDS[member]):
            continue
        if member != _NAMES.cost or ended:
            words = f"{member} was {was}, and is {now}"
            yield Deviation("history", f"/{member}", words, facts)


def _kept(task: Mapping[str, Any], *, ended: bool) -> dict[str, Any]:
    """What is not to change from here on."""
    return {
        name: task[name]
        for name in _CONSTANT
        if isinstance(task.get(name), _KINDS[name]) and (ended or name != _NAMES.cost)
    }


def _nothing_told(
    events: Sequence[Event], known: _Known | None, lifecycle: Lifecycle, *, whole: bool
) -> Iterator[Deviation]:
    """Events without a state cannot be judged; none at all, of a task that has ended, can."""
    if events:
        yield Deviation("events", "", "no event names a state of the task", ("X21",))
    elif whole and known and lifecycle.ended(known.last):
        words = f"there is no event of a task that is {known.last}"
        yield Deviation("events", "", words, ("D07",))


def _is_part(exchange: Roundtrip) -> bool:
    """Whether the answer says that it is not all there is."""
    value = exchange.response.value
    return isinstance(value, dict) and bool(value.get("has_more") or value.get("next"))
