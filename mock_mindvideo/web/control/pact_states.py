"""Provider states of Pact: what the standard verifier asks for before each interaction.

It posts `{"state", "params", "action": "setup" | "teardown"}`; what is answered fills the
expressions of the interaction, such as `/api/v1/tasks/${task_id}`. A teardown forgets the world.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mock_mindvideo.domain.errors import InvalidRequest
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import View

#: The control plane's move that leads to a status; a task is queued by itself.
_MOVES = {"processing": "start", "succeeded": "succeed", "failed": "fail", "cancelled": "cancel"}

ProviderState = Callable[[Service, World, Mapping[str, Any]], dict[str, Any]]


def set_up(service: Service, world: World, name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the world into the state `name`; the values that interactions can use.

    Raises InvalidRequest for an unknown state, and what submitting and moving a task raise.
    """
    state = STATES.get(name)
    if state is None:
        known = ", ".join(f"'{each}'" for each in STATES if each)
        raise InvalidRequest(f"/state: no provider state '{name[:64]}'; there are {known}")
    return state(service, world, params)


def _nothing(service: Service, world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _no_credit(service: Service, world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    world.set_credit(Decimal(0))
    return {}


def _a_task(service: Service, world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    """A task of `params.body`, or of the first model's example, in `params.status`."""
    status = params.get("status", "queued")
    if status != "queued" and status not in _MOVES:
        raise InvalidRequest(f"/params/status: must be queued, {', '.join(_MOVES)}")
    view = _submitted(service, world, params)
    if status in _MOVES and view.status != status:
        view = service.steer(world, view.task.id, _MOVES[status], params.get("code"), None)
    return {"task_id": view.task.id, "request_id": view.task.request_id}


def _submitted(service: Service, world: World, params: Mapping[str, Any]) -> View:
    model = next(iter(service.catalog.models.values()))
    body = params.get("body") or {"model": model.slug, "input": dict(model.example)}
    order = service.orders.order(body)
    submitted = service.submit(world, order, params.get("idempotency_key"))
    if not submitted.replayed:
        world.tell("task", {}, submitted.view.task.id)
    return submitted.view


#: Every provider state by name.
STATES: Mapping[str, ProviderState] = {
    "": _nothing,
    "a key with credit": _nothing,
    "a key without credit": _no_credit,
    "a task": _a_task,
    "a used idempotency key": _a_task,
}
