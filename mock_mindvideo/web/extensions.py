"""What clients of such APIs ask for beside what is documented: cancel, list, balance, models.

Each is there only where the dialect has it on. A request comes here when no documented endpoint
takes it, so those that are off cost nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Model
from mock_mindvideo.domain.dialect import ABSENT, filled
from mock_mindvideo.domain.dialect.extensions import BALANCE, CANCEL, LIST, Extension
from mock_mindvideo.domain.errors import MethodNotAllowed
from mock_mindvideo.domain.pricing import amount
from mock_mindvideo.web.answers import Answer, json_answer
from mock_mindvideo.web.endpoints import Endpoints
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.web.paging import asked, wanted
from mock_mindvideo.web.routes import hides_slash, route
from mock_mindvideo.web.steps import Steps, with_turns
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service


def lead_on(exchange: Exchange, methods: tuple[str, ...] = ()) -> str:
    """Where a request leads that no documented endpoint takes; `methods` are those of its path.

    Raises NotFound, MethodNotAllowed.
    """
    hidden = hides_slash(exchange.raw_path)
    found = [] if hidden else exchange.dialect.extensions.at(exchange.path)
    for extension, task_id in found:
        if exchange.method in extension.methods:
            exchange.extension, exchange.task_id = extension, task_id
            return extension.name
    allowed = (*methods, *(method for each, _ in found for method in each.methods))
    if not allowed:
        route(exchange.path, exchange.raw_path)  # refuses it, with what was probably meant
    raise MethodNotAllowed(
        f"{exchange.method} is not allowed here; use {allowed[0]}",
        headers=(("Allow", ", ".join(dict.fromkeys(allowed))),),
    )


class Extended:
    """The endpoints that are extensions, over the use cases."""

    def __init__(self, service: Service, endpoints: Endpoints, most_body: int) -> None:
        self._service = service
        self._endpoints = endpoints
        self._most_body = most_body

    def answer(self, extension: Extension, exchange: Exchange, world: World) -> Steps[Answer]:
        """The answer; raises what the use cases do, and InvalidRequest."""
        exchange.state = None
        if extension.name == CANCEL:
            return (yield from self._cancel(extension, exchange, world))
        if extension.name == LIST:
            return (yield from self._list(extension, exchange, world))
        if extension.name == BALANCE:
            return (yield from self._balance(extension, exchange, world))
        return self._models(extension, exchange)

    def _cancel(self, extension: Extension, exchange: Exchange, world: World) -> Steps[Answer]:
        yield from exchange.read_body(self._most_body)
        said = extension.said
        view = self._service.cancel(
            world, exchange.task_id or "", said["states"], again=said["again"]
        )
        exchange.at = exchange.at or view.at
        if said["status"] == 204:
            return Answer(204)
        values = {
            "task": self._endpoints.shown(exchange, world, view),
            "task_id": view.task.id,
            "status": exchange.dialect.tasks.word(view.status),
        }
        return _answered(exchange, extension, values, said["status"])

    def _list(self, extension: Extension, exchange: Exchange, world: World) -> Steps[Answer]:
        said = extension.said
        query, exchange.advice = asked(exchange.scope, said["parameters"])
        number, wish = wanted(query, said, exchange.dialect, self._service, world)
        page = yield from with_turns(self._service.page(world, wish))
        ids: list[Any] = [view.task.id for view in page.views] or [ABSENT]
        values = {
            "tasks": [self._endpoints.shown(exchange, world, view) for view in page.views],
            "page": number,
            "size": wish.size,
            "total": page.total,
            "pages": -(-page.total // wish.size),
            "more": page.more,
            "first": ids[0],
            "last": ids[-1],
        }
        return _answered(exchange, extension, values)

    def _balance(self, extension: Extension, exchange: Exchange, world: World) -> Steps[Answer]:
        values = {"balance": _money(world.credit_left())}
        if extension.named & {"held", "charged"}:
            ledger = yield from with_turns(self._service.reckoning(world, 1))
            credit, held, charged = map(_money, (ledger.credit, ledger.held, ledger.charged))
            values = {"balance": credit, "held": held, "charged": charged}
        return _answered(exchange, extension, values)

    def _models(self, extension: Extension, exchange: Exchange) -> Answer:
        template, models = extension.said["model"], self._service.catalog.models.values()
        shown = [filled(template, described_model(model)) for model in models]
        return _answered(exchange, extension, {"models": shown})


def described_model(model: Model) -> dict[str, Any]:
    """What the template of a model can name."""
    cost = amount(model.estimate(model.example))
    return {"model": model.slug, "title": model.title, "output": model.output, "cost": cost}


def _answered(
    exchange: Exchange, extension: Extension, values: Mapping[str, Any], status: int = 200
) -> Answer:
    """The answer of its template; what has no value just now is shown as null."""
    known = {"request_id": exchange.request_id, **values}
    kind = exchange.dialect.answers.content_type
    return json_answer(status, filled(extension.body, known, nulls=True), kind=kind)


def _money(money: Decimal | None) -> float | None:
    return None if money is None else amount(money)
