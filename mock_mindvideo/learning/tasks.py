"""Proposals about tasks: their members in each state, more of them, nulls, a failure's form."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.learning.proposal import PLATFORM_FILE, Lessons, answers
from mock_mindvideo.learning.sightings import LOOK, SUBMIT, SeenExchange
from mock_mindvideo.learning.task_templates import Made, TaskGroup, made_of, reduced
from mock_mindvideo.platform import PLATFORM

SUBMITTED = "submitted"

_NAMES = PLATFORM.members

Raw = Mapping[str, Any]


def learn_tasks(
    seen: Sequence[SeenExchange],
    states: Mapping[str, str],
    lifecycle: Lifecycle,
    raw: Raw,
    lessons: Lessons,
) -> None:
    """What tasks show otherwise than the dialect in `raw`; `states` are those of their words."""
    groups = _groups(seen, states)
    made = {name: made_of(group) for name, group in groups.items()}
    said = raw["tasks"]
    known = said.get("bodies", {})
    odd = {
        name: each
        for name, each in made.items()
        if each.template
        != known.get(
            name, reduced(said["body"], groups[name].state, lifecycle, nulls=said["nulls"])
        )
    }
    if not odd:
        return
    together = _together(made, said["body"])
    for nulls in (False, True):
        if all(
            reduced(together, groups[name].state, lifecycle, nulls=nulls) == each.template
            for name, each in made.items()
        ):
            _propose_one(together, nulls, made, groups, raw, lessons)
            break
    else:
        _propose_each(odd, groups, raw, lessons)
    _propose_error(made, groups, raw, lessons)


def _groups(seen: Sequence[SeenExchange], states: Mapping[str, str]) -> dict[str, TaskGroup]:
    """The tasks that were shown, by their state; those that a submit made, apart.

    Where a task was never looked at in the state that it is submitted in, it is taken to show there
    what the submit did.
    """
    looked: dict[str, list[SeenExchange]] = {}
    submitted: dict[str, list[SeenExchange]] = {}
    begun: set[str | None] = set()
    for each in seen:
        state = states.get(each.task[_NAMES.status]) if each.task else None
        if state is None:
            continue
        if each.operation == SUBMIT and each.task_id not in begun:
            submitted.setdefault(state, []).append(each)
        elif each.operation in (LOOK, SUBMIT):
            looked.setdefault(state, []).append(each)
        begun.add(each.task_id)
    found = {state: TaskGroup(state, tuple(having)) for state, having in looked.items()}
    for state, having in submitted.items():
        name = SUBMITTED if state in found else state
        found.setdefault(name, TaskGroup(state, tuple(having)))
    return found


def _together(made: Mapping[str, Made], body: Raw) -> dict[str, Any]:
    """One template of all that are shown, in the order of the dialect's own."""
    members: dict[str, Any] = {}
    for each in made.values():
        for name, template in each.template.items():
            if members.get(name) in (None, "{null}"):
                members[name] = template
    for name, template in body.items():
        if members.get(name, "{null}") == "{null}":
            members[name] = template
    order = [*(name for name in body if name in members), *(n for n in members if n not in body)]
    return {name: members[name] for name in order}


def _propose_one(
    body: Raw,
    nulls: bool,
    made: Mapping[str, Made],
    groups: Mapping[str, TaskGroup],
    raw: Raw,
    lessons: Lessons,
) -> None:
    seen = [each for group in groups.values() for each in group.seen]
    words = f"a task has the members {', '.join(body)}"
    lessons.propose(
        f"{PLATFORM_FILE}#/tasks/body", body, raw["tasks"]["body"], words, answers(seen)
    )
    words = "members of tasks without a value are null" if nulls else "no member of a task is null"
    place = f"{PLATFORM_FILE}#/tasks/nulls"
    lessons.propose(place, nulls, raw["tasks"]["nulls"], words, answers(seen))
    for name, each in made.items():
        _propose_schemas("/body", each, groups[name], raw, lessons)


def _propose_each(
    odd: Mapping[str, Made], groups: Mapping[str, TaskGroup], raw: Raw, lessons: Lessons
) -> None:
    for name, each in odd.items():
        group = groups[name]
        how = "as it is submitted" if name == SUBMITTED else f"that is {name}"
        words = f"a task {how} has the members {', '.join(each.template)}"
        was = raw["tasks"].get("bodies", {}).get(name)
        place = f"{PLATFORM_FILE}#/tasks/bodies/{name}"
        lessons.propose(place, each.template, was, words, answers(group.seen))
        _propose_schemas(f"/bodies/{name}", each, group, raw, lessons)


def _propose_schemas(at: str, made: Made, group: TaskGroup, raw: Raw, lessons: Lessons) -> None:
    """What is said of members that stand for nothing known: the schema of what was seen."""
    known = raw["tasks"].get("schemas", {})
    for pointer, schema in made.schemas.items():
        name = f"{at}{pointer}"
        place = f"{PLATFORM_FILE}#/tasks/schemas/{escaped(name)}"
        if any(each.place == place for each in lessons.proposals):
            continue
        seen = answers(group.seen, at=pointer)
        lessons.propose(
            place, schema, known.get(name), f"{pointer} of a task is as this schema", seen
        )


def _propose_error(
    made: Mapping[str, Made], groups: Mapping[str, TaskGroup], raw: Raw, lessons: Lessons
) -> None:
    for name, each in made.items():
        if each.error is not None:
            seen = answers(groups[name].seen)
            place, own = f"{PLATFORM_FILE}#/tasks/error", raw["tasks"]["error"]
            lessons.propose(place, each.error, own, "a failure is told in another form", seen)
