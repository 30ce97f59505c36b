"""What the control plane shows. Moments are RFC 3339, money is decimal strings."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.instant import rfc3339
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.ledger import Ledger, Posting
from mock_mindvideo.domain.limits import WorldLimits
from mock_mindvideo.domain.pricing import Rate, text
from mock_mindvideo.domain.representation import Output, task_body
from mock_mindvideo.domain.script import MAGIC_DOMAIN, MAGIC_HOSTS, WORDS, Script, names
from mock_mindvideo.domain.task import Task, Transition, timeline
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.views import View


def task_view(view: View, catalog: Catalog, output: Output) -> dict[str, Any]:
    """The task as the API shows it, and everything the API does not."""
    task = view.task
    return task_body(task, view.status, catalog.lifecycle, output) | {
        "model": task.model,
        "input": orjson.Fragment(task.input),
        "idempotency_key": task.idempotency_key,
        "script": task.script,
        "timeline": steps_view(view.steps),
        "planned": steps_view(timeline(task, view.lifecycle)[len(view.steps) :]),
        "next_at": None if view.due is None else rfc3339(view.due),
    }


def steps_view(steps: Iterable[Transition]) -> list[dict[str, str]]:
    return [{"at": rfc3339(step.at), "status": step.status} for step in steps]


def transition_json(task: Task, step: Transition) -> bytes:
    """Written at once: of very many, the text is less of a burden than the objects."""
    return orjson.dumps({"at": rfc3339(step.at), "task_id": task.id, "status": step.status})


def clock_view(state: WorldState, now: int) -> dict[str, Any]:
    return {
        "world": state.name,
        "now": rfc3339(now),
        "progress": state.progress,
        "speed": state.speed,
        "seed": str(state.seed),
    }


def world_view(world: World) -> dict[str, Any]:
    """A world's time, and how many tasks were submitted to it."""
    return clock_view(world.state, world.now()) | {"tasks": world.submitted()}


def request_view(entry: Entry) -> dict[str, Any]:
    """One exchange of the journal. Bodies are text; what is not UTF-8 is replaced."""
    headers = [
        line.partition(": ")[::2] for line in entry.headers.decode("utf-8", "replace").split("\n")
    ]
    shown = entry._asdict()
    del shown["act"]
    return shown | {
        "at": rfc3339(entry.at),
        "headers": [list(header) for header in headers],
        "body": entry.body.decode("utf-8", "replace"),
        "answer": entry.answer.decode("utf-8", "replace"),
        "ms": round(entry.ms, 3),
    }


def ledger_view(ledger: Ledger) -> dict[str, Any]:
    """Totals over every task; the entries are added to it."""
    return {
        "held": text(ledger.held),
        "charged": text(ledger.charged),
        "credit": None if ledger.credit is None else text(ledger.credit),
    }


def entry_view(entry: Posting) -> dict[str, str]:
    return {
        "at": rfc3339(entry.at),
        "kind": entry.kind,
        "task_id": entry.task_id,
        "amount": text(entry.amount),
    }


def key_view(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "key": key.masked,
        "world": key.world,
        "created_at": rfc3339(key.created_at),
        "disabled": key.disabled,
    }


def limits_view(state: WorldState) -> dict[str, Any]:
    """What the world bears; `in_flight` is null, and `quotas` empty, where there is no limit."""
    limits = state.limits or WorldLimits()
    return {"in_flight": limits.in_flight, "quotas": list(limits.texts)}


def script_view(script: Script) -> dict[str, Any]:
    return {
        "id": script.id,
        "script": script.text,
        "origin": script.origin,
        "seen": script.seen,
        "used": script.used,
        "spent": script.spent,
        "unused": script.unused,
    }


def model_view(model: Model, shipped: Model | None) -> dict[str, Any]:
    """A model's folder, what its example costs, and the folder of that name that is shipped."""
    return _folder_view(model) | {
        "slug": model.slug,
        "title": model.title,
        "output": model.output,
        "fidelity": model.fidelity,
        "example_cost": text(Decimal(model.estimate(model.example))),
        "shipped": None if shipped is None else _folder_view(shipped),
    }


def _folder_view(model: Model) -> dict[str, Any]:
    pricing = model.pricing
    return {
        "example": model.example,
        "input_schema": model.input_schema,
        "rules_schema": model.rules_schema,
        "upstream_schema": model.upstream_schema,
        "pricing": {
            "quantity": pricing.quantity,
            "rates": [_rate_view(each) for each in pricing.rates],
            "input_rates": [_rate_view(each) for each in pricing.input_rates],
        },
        "references": [
            {"property": name, "names": words} for name, words in model.references.names.items()
        ],
    }


def _rate_view(rate: Rate) -> dict[str, Any]:
    view = {"when": rate.when, "price": text(rate.price), "fidelity": rate.fidelity}
    return view | {"flat": True} if rate.flat else view


def rules_view(catalog: Catalog) -> dict[str, Any]:
    """How far each behaviour can be trusted, and what scripts can say."""
    return {
        "behaviours": list(catalog.behaviours),
        "words": {name: word.form for name, word in WORDS.items()},
        "words_act_on": {name: names(word.on) for name, word in WORDS.items()},
        "magic_hosts": {f"{host}.{MAGIC_DOMAIN}": what for host, what in MAGIC_HOSTS.items()},
    }
