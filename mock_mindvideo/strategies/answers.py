"""Answers: tasks and events as the API shows them, in every state, for testing what reads them."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from hypothesis import strategies as st
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.dialect import own_dialect
from mock_mindvideo.domain.dialect.tasks import facts
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.task import Task
from mock_mindvideo.platform import PLATFORM

from .json_schema.documents import Document
from .json_schema.overrides import pinned
from .json_schema.rule_space import Space
from .json_schema.values import Json
from .models import DEFAULT_MODEL, ModelLike, Schemas, catalog_of, model_of
from .reading import document

_NAMES = PLATFORM.members

_FIRST, _LAST = 1_577_836_800_000_000, 2_208_988_799_000_000  # moments from 2020 to 2039

_LONGEST = 8  # moves of a history, should a lifecycle ever have a circle
_TASKS: dict[tuple[int, str, str], tuple[Catalog, st.SearchStrategy[dict[str, Json]]]] = {}


def tasks(
    status: str | None = None, model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None
) -> st.SearchStrategy[dict[str, Json]]:
    """Draw tasks as `GET /api/v1/tasks/{task_id}` answers them, of one status or of all.

    Shaped by `task.schema.json`: an ended task has `cost_actual`, a succeeded one the `output` of
    the model's kind, a failed one an `error`.

    Raises:
        ValueError: there is no such status.
    """
    catalog = catalog_of(schemas)
    if status is None:
        each = partial(tasks, model=model, schemas=schemas)
        return st.sampled_from(catalog.lifecycle.states).flatmap(each)
    _check(status, catalog)
    chosen = model_of(model, schemas)
    drawn = _tasks(catalog, status, chosen.output)
    if catalog.dialect.tasks.plain:
        return drawn
    said = partial(_said, catalog, chosen.slug, status)
    return st.builds(said, drawn, st.integers(_FIRST, _LAST))


def events(
    status: str | None = None, model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None
) -> st.SearchStrategy[dict[str, Json]]:
    """Draw single events, the move into one status or into any, with the task as of then.

    Raises:
        ValueError: there is no such status.
    """
    return histories(status, model, schemas=schemas).map(_last)


def histories(
    status: str | None = None, model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None
) -> st.SearchStrategy[list[dict[str, Json]]]:
    """Draw all events of a task up to one status, or up to any; in order, `sequence` from 1.

    The events are of one task, follow the lifecycle, and their times never go back.

    Raises:
        ValueError: there is no such status.
    """
    catalog = catalog_of(schemas)
    if status is None:
        each = partial(histories, model=model, schemas=schemas)
        return st.sampled_from(catalog.lifecycle.states).flatmap(each)
    _check(status, catalog)
    chosen = model_of(model, schemas)
    return _histories(catalog, _routes(catalog, status), chosen.output, chosen.slug)


def _check(status: str, catalog: Catalog) -> None:
    states = catalog.lifecycle.states
    if status not in states:
        raise ValueError(f"no status {status!r}; there are {', '.join(states)}")


def _routes(catalog: Catalog, status: str) -> tuple[tuple[str, ...], ...]:
    """Give every way of the lifecycle into a status, the shortest first."""
    lifecycle = catalog.lifecycle
    found: list[tuple[str, ...]] = []
    ways: list[tuple[str, ...]] = [(lifecycle.initial,)]
    while ways:
        way = ways.pop(0)
        if way[-1] == status:
            found.append(way)
        elif len(way) < _LONGEST:
            ways += [(*way, after) for after in lifecycle.transitions[way[-1]]]
    return tuple(found)


def _tasks(catalog: Catalog, status: str, output: str) -> st.SearchStrategy[dict[str, Json]]:
    known = _TASKS.get((id(catalog), status, output))
    if known is None:
        known = (catalog, _shaped(catalog, status, output))
        _TASKS[id(catalog), status, output] = known
    return known[1]


def _shaped(catalog: Catalog, status: str, output: str) -> st.SearchStrategy[dict[str, Json]]:
    pins: dict[str, Any] = {"status": status}
    if status == catalog.lifecycle.outcome:
        links = Space(_platform(catalog, "task.schema.json#/$defs/links")).valid()
        pins[_NAMES.output] = st.builds(lambda found: {output: found}, links)
    forms = catalog.dialect.ids
    if forms != own_dialect().ids:
        digits = st.integers(0, 2**96 - 1).map("{:024x}".format)
        pins[_NAMES.task_id] = digits.map(forms.of_task)
        pins[_NAMES.request_id] = digits.map(forms.of_request)
    return pinned(Space(_platform(catalog, "task.schema.json")), pins)


@st.composite
def _histories(
    draw: st.DrawFn,
    catalog: Catalog,
    routes: tuple[tuple[str, ...], ...],
    output: str,
    slug: str,
) -> list[Any]:
    route = draw(st.sampled_from(routes))
    last = draw(_tasks(catalog, route[-1], output))
    same = (_NAMES.request_id, _NAMES.task_id, _NAMES.estimate)
    kept = {name: last[name] for name in same}
    before = [{**kept, _NAMES.status: status} for status in route[:-1]]
    moments = [_instant(each) for each in _moments(draw, len(route))]
    return [
        _event(catalog, slug, task, (moments[0], moments[index]), route[: index + 1])
        for index, task in enumerate([*before, last])
    ]


def _event(
    catalog: Catalog,
    slug: str,
    task: dict[str, Json],
    moments: tuple[Instant, Instant],
    route: tuple[str, ...],
) -> Json:
    """Give the last event of a route; the moments are of its first and of this one."""
    shown = _said(catalog, slug, route[-1], task, moments[0])
    form, before = catalog.dialect.events, route[-2] if len(route) > 1 else None
    task_id = str(task[_NAMES.task_id])
    return form.made(task_id, len(route), route[-1], moments[1], shown, before).body


def _said(
    catalog: Catalog, slug: str, status: str, task: dict[str, Json], begun: Instant
) -> dict[str, Json]:
    """Give a task in the words of the dialect; it was created at `begun`."""
    form, lifecycle = catalog.dialect.tasks, catalog.lifecycle
    if form.plain:
        return task
    outcome = status if lifecycle.ended(status) else lifecycle.outcome
    known = Task(
        model=slug,
        stays=lifecycle.plan,
        outcome=outcome,
        error_code="",
        error_message="",
        estimate="0",
        charge_on="",
        id=str(task[_NAMES.task_id]),
        request_id="",
        number=1,
        input=b"{}",
        created_at=begun,
    )
    return form.translated(task, facts(known, status, lifecycle))


def _instant(moment: dt.datetime) -> Instant:
    return (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)


def _moments(draw: st.DrawFn, count: int) -> list[dt.datetime]:
    start = draw(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2039, 12, 31)))
    stays = draw(st.lists(st.integers(0, 600_000), min_size=count, max_size=count))
    steps = [sum(stays[: index + 1]) for index in range(count)]
    return [start + dt.timedelta(milliseconds=step) for step in steps]


def _last(history: list[dict[str, Json]]) -> dict[str, Json]:
    return history[-1]


def _platform(catalog: Catalog, reference: str) -> Document:
    """Give a document of the platform's own schemas, or of a part of one."""
    schemas = _schemas(catalog)
    name, _, part = reference.partition("#")
    if not part:
        return document(catalog.schemas[name], name, schemas)
    return document({"$ref": reference}, name, schemas)


def _schemas(catalog: Catalog) -> Registry[Any]:
    found = [(name, DRAFT202012.create_resource(s)) for name, s in catalog.schemas.items()]
    return Registry().with_resources(found)
