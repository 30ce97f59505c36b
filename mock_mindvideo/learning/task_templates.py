"""The template of a task in one state, of the tasks that were seen in it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain.dialect.tasks import ERROR_NAMES, MEMBERS, having
from mock_mindvideo.domain.dialect.template import alone
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.learning.envelopes import SeenEnvelope, envelope
from mock_mindvideo.learning.shapes import shape
from mock_mindvideo.learning.sightings import SeenExchange
from mock_mindvideo.learning.values import moment

_FAILURE = re.compile(r"(?i)error|fail(?:ure|ed)?(?:_?(?:reason|detail|info))?|reason")
_NAME_OF = {member: name for name, member in MEMBERS.items()}

Raw = Mapping[str, Any]


class TaskGroup(NamedTuple):
    """Tasks that were shown in one state."""

    state: str
    seen: tuple[SeenExchange, ...]

    @property
    def tasks(self) -> list[Raw]:
        return [each.task for each in self.seen if each.task is not None]


class Made(NamedTuple):
    """A template; schemas of what in it stands for nothing known; the form of its error."""

    template: dict[str, Any]
    schemas: Mapping[str, Any]
    error: Any


def made_of(group: TaskGroup) -> Made:
    """The template of which the tasks of a group became."""
    tasks, schemas = group.tasks, dict[str, Any]()
    error: Any = None
    template: dict[str, Any] = {}
    for name in dict.fromkeys(name for each in tasks for name in each):
        values = [each[name] for each in tasks if name in each]
        if len(values) < len(tasks):
            schemas[f"/{escaped(name)}"] = shape(values)
            continue
        if group.state == "failed" and _FAILURE.fullmatch(name) and _tells(values):
            template[name], error = "{error}", _error_form(values)
            continue
        template[name] = _member(name, values, group, schemas)
    return Made(template, schemas, error)


def reduced(body: Raw, state: str, lifecycle: Lifecycle, *, nulls: bool) -> dict[str, Any]:
    """A template with what a task shows in a state: what it does not have is left out, or null."""
    found = {}
    for name, template in body.items():
        states = having(alone(template), lifecycle)
        if states is None or state in states:
            found[name] = template
        elif nulls:
            found[name] = "{null}"
    return found


def _member(name: str, values: Sequence[Any], group: TaskGroup, schemas: dict[str, Any]) -> Any:
    known = _NAME_OF.get(name)
    if all(each is None for each in values):
        return "{null}"
    if known in ("request_id", "task_id", "status", "estimate"):
        return f"{{{known}}}"
    if known == "cost" and group.state not in ("queued", "processing"):
        return "{cost}"
    if known == "output" and _are_plain(values):
        return "{output}"
    said = moment(name, values) or _fact(name, values, group)
    return f"{{{said}}}" if said else _literal(values, f"/{escaped(name)}", group, schemas)


def _are_plain(values: Sequence[Any]) -> bool:
    """Whether outputs hold links and nothing else."""
    return all(
        isinstance(each, dict)
        and len(each) == 1
        and all(
            isinstance(links, list)
            and links
            and all(isinstance(link, dict) and link.keys() == {"url"} for link in links)
            for links in each.values()
        )
        for each in values
    )


def _fact(name: str, values: Sequence[Any], group: TaskGroup) -> str | None:
    """The fact of a task that a member tells in each of them."""
    shares = {"queued": 0, "processing": 50, "succeeded": 100, "failed": 100, "cancelled": 100}
    if name == "progress" and all(each == shares[group.state] for each in values):
        return "progress"
    if name == "model" and len(set(map(str, values))) == 1 and isinstance(values[0], str):
        return "model"
    return None


def _literal(values: Sequence[Any], at: str, group: TaskGroup, schemas: dict[str, Any]) -> Any:
    """What was seen most, told by the schema of all; links within lead to the result."""
    if all(isinstance(each, dict) for each in values) and values[0]:
        return _literal_object(values, at, group, schemas)
    if all(isinstance(each, list) and len(each) == 1 for each in values):
        return [_literal([each[0] for each in values], f"{at}/0", group, schemas)]
    if at.endswith("/url") and group.state == "succeeded":
        return "{url}"
    schemas[at] = shape(values)
    return _lasting(Counter(map(repr, values)).most_common(1)[0][0], values)


def _literal_object(
    values: Sequence[Raw], at: str, group: TaskGroup, schemas: dict[str, Any]
) -> dict[str, Any]:
    found = {}
    for name in dict.fromkeys(name for each in values for name in each):
        inner = [each[name] for each in values if name in each]
        place = f"{at}/{escaped(name)}"
        if len(inner) < len(values):
            schemas[place] = shape(inner)
        else:
            found[name] = _literal(inner, place, group, schemas)
    return found


def _lasting(most: str, values: Sequence[Any]) -> Any:
    """The value of that text, with null as files that are merged have it."""
    value = next(each for each in values if repr(each) == most)
    return "{null}" if value is None else value


def _tells(values: Sequence[Any]) -> bool:
    return all(isinstance(each, dict | str) and each for each in values)


def _error_form(values: Sequence[Any]) -> Any:
    """The template of what tells a failure; None where it is as the mock has it."""
    if all(isinstance(each, dict) and each.keys() == set(ERROR_NAMES) for each in values):
        return None
    found = envelope([SeenEnvelope(0, each) for each in values])
    return found if isinstance(found, dict) else None
