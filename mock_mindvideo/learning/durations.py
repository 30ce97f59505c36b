"""How long tasks took, by model, resolution and length, and the plan that is like it."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.learning.proposal import Lessons, answers
from mock_mindvideo.learning.sightings import SUBMIT, Evidence, SeenExchange
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

#: Properties of an input by which times are told apart, beside the model.
BY = ("resolution", "duration")


#: Seconds that no task takes: a recording with such a time has moments that are none.
_LONGEST = 1_000_000


@dataclass(slots=True)
class Course:
    """What was seen of one task: when it was submitted, and each state first and last."""

    file: str
    task_id: str
    submitted: SeenExchange
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def seen(self, state: str, each: SeenExchange) -> None:
        """A look that found the task in a state."""
        self.first.setdefault(state, each.entry.at)
        self.last[state] = each.entry.at


class Times(NamedTuple):
    """How long tasks of one kind waited and worked, in seconds; `gaps` is how coarse that is."""

    kind: Mapping[str, Any]
    stays: Mapping[str, Sequence[float]]
    gap: float
    evidence: Sequence[Evidence]

    @property
    def totals(self) -> list[float]:
        return sorted(map(sum, zip(*self.stays.values(), strict=True)))


def learn_durations(
    seen: Sequence[SeenExchange],
    states: Mapping[str, str],
    catalog: Catalog,
    plan: Sequence[Mapping[str, Any]],
    lessons: Lessons,
) -> tuple[Times, ...]:
    """The times of tasks that were followed to success, and the plan with their medians."""
    lifecycle = catalog.lifecycle
    found = _times(_courses(seen, states, lifecycle), catalog)
    if not found:
        return ()
    stays = {state: _median([each.stays[state] for each in found]) for state in lifecycle.waiting}
    middle = [{"state": state, "seconds": seconds} for state, seconds in stays.items()]
    evidence = [place for each in found for place in each.evidence]
    words = f"tasks take {sum(stays.values()):g} s in the middle"
    lessons.propose("platform/lifecycle.json#/plan", middle, list(plan), words, evidence)
    return found


def _median(stays: Sequence[Sequence[float]]) -> float:
    return round(statistics.median([each for one in stays for each in one]), 3)


def _courses(
    seen: Sequence[SeenExchange], states: Mapping[str, str], lifecycle: Lifecycle
) -> list[Course]:
    found: dict[tuple[str, str], Course] = {}
    for each in seen:
        state = states.get(each.task[_NAMES.status]) if each.task else None
        if state is None or each.task_id is None:
            continue
        place = str(each.file), each.task_id
        if each.operation == SUBMIT and not lifecycle.ended(state):
            found.setdefault(place, Course(*place, each))
        if place in found:
            found[place].seen(state, each)
    return [each for each in found.values() if lifecycle.outcome in each.first]


def _times(courses: Sequence[Course], catalog: Catalog) -> tuple[Times, ...]:
    lifecycle = catalog.lifecycle
    by_kind: dict[str, list[Course]] = {}
    for each in courses:
        if 0 < each.first[lifecycle.outcome] - each.submitted.entry.at <= _LONGEST:
            by_kind.setdefault(json.dumps(_kind(each, catalog)), []).append(each)
    return tuple(
        _of_kind(json.loads(kind), having, lifecycle) for kind, having in sorted(by_kind.items())
    )


def _kind(course: Course, catalog: Catalog) -> dict[str, Any]:
    """Model, resolution and length of a task, the defaults filled in."""
    try:
        body = json.loads(course.submitted.entry.body or "")
        given = catalog.models[body[_NAMES.model]].fill(body[_NAMES.input])
        found = {"model": body[_NAMES.model]}
        return found | {name: given[name] for name in BY if name in given}
    except (ValueError, LookupError, TypeError):
        return {}


def _of_kind(kind: Mapping[str, Any], courses: Sequence[Course], lifecycle: Lifecycle) -> Times:
    stays: dict[str, list[float]] = {state: [] for state in lifecycle.waiting}
    gap = 0.0
    for each in courses:
        moment = each.submitted.entry.at
        for state, after in zip(
            lifecycle.waiting, (*lifecycle.waiting[1:], lifecycle.outcome), strict=True
        ):
            left = _left(each, state, after, lifecycle.outcome)
            stays[state].append(round(max(left - moment, 0.0), 3))
            moment = max(left, moment)
        before = [at for state, at in each.last.items() if state != lifecycle.outcome]
        gap = max(gap, each.first[lifecycle.outcome] - max(before))
    return Times(kind, stays, round(gap, 3), tuple(answers(each.submitted for each in courses)))


def _left(course: Course, state: str, after: str, outcome: str) -> float:
    """When a task left a state: midway between the last look at it there and the first later."""
    later = course.first.get(after, course.first[outcome])
    known = course.last.get(state)
    return later if known is None else (known + later) / 2
