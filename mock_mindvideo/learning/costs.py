"""Proposals about price files: what tasks cost, held against what their inputs should."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.learning.prices import CostRow, Fit, fit
from mock_mindvideo.learning.proposal import Lessons
from mock_mindvideo.learning.sightings import SUBMIT, Evidence, SeenExchange
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

#: US dollars that no task costs: a larger number is something else.
_DEAREST = 10**9


def learn_costs(seen: Sequence[SeenExchange], catalog: Catalog, lessons: Lessons) -> None:
    """What the models cost otherwise than their price files say."""
    for slug, rows in _rows(seen, catalog, lessons).items():
        model = catalog.models[slug]
        if all(model.pricing.estimate(row.filled) == row.cost for row in rows):
            continue
        _propose(model, rows, lessons)


def _rows(
    seen: Sequence[SeenExchange], catalog: Catalog, lessons: Lessons
) -> dict[str, list[CostRow]]:
    """What each task cost, by model: estimated, and actual where it succeeded."""
    inputs: dict[tuple[Any, ...], tuple[Model, Mapping[str, Any]]] = {}
    rows: dict[str, list[CostRow]] = {}
    for each in seen:
        if each.task is None:
            continue
        if each.operation == SUBMIT and (known := _input(each, catalog)):
            inputs.setdefault((each.file, each.task_id), known)
        found = inputs.get((each.file, each.task_id))
        if found is None:
            continue
        model, filled = found
        for member in (_NAMES.estimate, _NAMES.cost):
            cost = _amount(each, member)
            if cost is not None and _counts(each, member):
                label = each.evidence(at=f"/{member}")
                rows.setdefault(model.slug, []).append(CostRow(filled, cost, label))
    return rows


def _counts(seen: SeenExchange, member: str) -> bool:
    """Whether a cost is a price: an actual one is, once its task has succeeded."""
    task = seen.task or {}
    return member == _NAMES.estimate or str(task[_NAMES.status]).lower().startswith("succ")


def _input(seen: SeenExchange, catalog: Catalog) -> tuple[Model, Mapping[str, Any]] | None:
    try:
        body = json.loads(seen.entry.body or "")
        model = catalog.models[body[_NAMES.model]]
        given = body[_NAMES.input]
    except (ValueError, LookupError, TypeError):
        return None
    return None if model.violations(given) else (model, model.fill(given))


def _amount(seen: SeenExchange, member: str) -> Decimal | None:
    """The exact decimal that stands in the answer's text."""
    value = json.loads(seen.answer.body, parse_float=Decimal).get(member)
    known = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Decimal(value) if known and 0 <= value < _DEAREST else None


def _propose(model: Model, rows: Sequence[CostRow], lessons: Lessons) -> None:
    own = read_object(model.folder / "pricing.json")
    pricing = model.pricing
    apart = list(dict.fromkeys(name for rate in pricing.rates for name in rate.when))
    found = fit(rows, pricing.quantity, apart, pricing.minimum)
    rates = _rates(found, own["rates"])
    file = f"models/{model.slug}/pricing.json"
    odd = [
        row.label
        for row in rows
        if pricing.estimate(row.filled) != row.cost and row not in found.unfit
    ]
    words = "; ".join(_worded(when, price, found.quantity) for when, price in found.rates)
    lessons.propose(f"{file}#/rates", rates, own["rates"], f"{model.slug} costs {words}", odd)
    place = f"{file}#/quantity"
    lessons.propose(place, found.quantity, own["quantity"], "prices are for another quantity", odd)
    for row in found.unfit:
        label: Evidence = row.label
        given = {name: row.filled.get(name) for name in (*found.apart, found.quantity) if name}
        lessons.remark("prices", f"{text(row.cost)} USD for {given} fits no rate", [label])


def _rates(found: Fit, own: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rates that were seen, each in the place of the one that it corrects, and the others."""
    seen: list[dict[str, Any]] = [
        {"when": dict(when), "price": text(price), "fidelity": "observed"}
        for when, price in found.rates
    ]
    changed = {repr(sorted(each["when"].items())): each for each in seen}
    kept = []
    for rate in own:
        new = changed.pop(repr(sorted(rate["when"].items())), None)
        kept.append(dict(rate) if new is None or new["price"] == rate["price"] else new)
    return [*changed.values(), *kept]


def _worded(when: Mapping[str, Any], price: Decimal, per: str | None) -> str:
    given = f" with {', '.join(f'{name} {value}' for name, value in when.items())}" if when else ""
    return f"{text(price)} USD {f'times {per}' if per else 'for each task'}{given}"
