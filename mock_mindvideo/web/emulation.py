"""The emulated API: three endpoints, each check in its fixed order, every answer enveloped.

These are the paths that clients call all the time. The application dispatches them here before
Starlette's router and middleware, which alone would cost as much as all the work below.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from mock_mindvideo.domain.advice import BROWSER
from mock_mindvideo.domain.errors import (
    InternalError,
    MethodNotAllowed,
    MissingApiKey,
    MockError,
    NotFound,
)
from mock_mindvideo.domain.payload import read_json
from mock_mindvideo.domain.representation import Output, event_body, task_body
from mock_mindvideo.domain.script import MAGIC_DOMAIN
from mock_mindvideo.service import Order, Service, View
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.answers import Answer, Receive, Scope, Send, error_answer, json_answer
from mock_mindvideo.web.exchange import ClientGone, Exchange
from mock_mindvideo.web.faults import (
    DROPPED,
    HEADER,
    Faults,
    Lost,
    deliver,
    disturbed,
    sending,
    tampered,
)
from mock_mindvideo.web.gates import Gates, in_progress
from mock_mindvideo.web.headers import (
    ANY_ORIGIN,
    EXPOSE,
    REPLAYED,
    Headers,
    ascii_value,
    prefers_json,
    preflight,
)
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.stream import EventStream, after, as_they_are
from mock_mindvideo.web.streams import Streams
from mock_mindvideo.web.waiting import waiting
from mock_mindvideo.worlds import World, Worlds

PREFIX = "/api/"
TASKS = "/api/v1/tasks"

_UNDER_TASKS = TASKS + "/"

EVENT_SOURCE_ADVICE = (
    "; EventSource cannot send one: use fetch and read the body as a stream,"
    " or a library that does, such as eventsource-client"
)

_MAGIC = MAGIC_DOMAIN.encode()

logger = logging.getLogger("mock_mindvideo")

Endpoint = Callable[[Exchange, World, Send], Awaitable[Answer | None]]


class Route(NamedTuple):
    """What a path leads to: the method it takes, and who answers it."""

    method: str
    endpoint: Endpoint
    task_id: str | None


class Emulation:
    """ASGI application for everything under `/api/`."""

    def __init__(
        self,
        service: Service,
        worlds: Worlds,
        streams: Streams,
        recorder: Recorder,
        links: Links,
        settings: Settings,
        gates: Gates,
    ) -> None:
        self._service = service
        self._worlds = worlds
        self._streams = streams
        self._recorder = recorder
        self._links = links
        self._settings = settings
        self._gates = gates
        self._faults = Faults(gates, magic=settings.magic, most_body=settings.bounds.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive)
        began = time.perf_counter()
        try:
            answer = await self._answer(exchange, send)
        except MockError as error:
            answer = error_answer(error, exchange.request_id)
        except ClientGone:
            return
        except Lost:
            self._recorder.record(exchange, Answer(0, code=DROPPED), began)
            return
        except Exception:
            logger.exception("%s %s failed", exchange.method, exchange.path)
            answer = error_answer(
                InternalError("the mock failed; see its log"), exchange.request_id
            )
        if answer is not None:
            await self._deliver(exchange, answer, send)
            self._recorder.record(exchange, answer, began)

    async def _deliver(self, exchange: Exchange, answer: Answer, send: Send) -> None:
        """Send the answer, unless a fault wants it otherwise; a lost one has the status 0."""
        world = exchange.world
        if world is None or (exchange.fired is None and not self._gates.any_closed):
            await answer.deliver(exchange.scope, send, self._headers(exchange))
            return
        try:
            await self._gates.stop(world.name, "answer", exchange.key, waiting(exchange.scope))
            await deliver(answer, exchange, world, send, *self._headers(exchange))
        except Lost:
            if exchange.fault.drop is not None:
                answer.status, answer.code = 0, DROPPED

    async def _answer(self, exchange: Exchange, send: Send) -> Answer | None:
        route = self._route(exchange.path)
        if exchange.method != route.method:
            return self._other_method(exchange, route.method)
        exchange.task_id = route.task_id
        world = exchange.world = self._access(exchange)
        state = world.state
        exchange.at = state.now(world.real())
        if state.scripts or self._gates.any_closed or exchange.header(HEADER) is not None:
            await self._disturb(exchange, world)
        return await route.endpoint(exchange, world, send)

    async def _disturb(self, exchange: Exchange, world: World) -> None:
        """Everything that can happen to a request before it is looked at."""
        await self._gates.stop(world.name, "request", exchange.key, waiting(exchange.scope))
        streaming = exchange.path.endswith("/events") and not prefers_json(
            exchange.header(b"accept") or ""
        )
        await self._faults.strike(exchange, world, streaming=streaming)

    def _route(self, path: str) -> Route:
        if path == TASKS:
            return Route("POST", self._submit, None)
        if path.startswith(_UNDER_TASKS):
            task_id, _, rest = path[len(_UNDER_TASKS) :].partition("/")
            if task_id and (rest == "events" or path.endswith(task_id)):
                return Route("GET", self._events if rest else self._show, task_id)
        raise NotFound(f"no such path; the API is at {TASKS}")

    def _other_method(self, exchange: Exchange, allowed: str) -> Answer:
        asked = exchange.header(b"access-control-request-method")
        if exchange.method == "OPTIONS" and exchange.header(b"origin") and asked:
            return Answer(204, headers=preflight(allowed))
        raise MethodNotAllowed(
            f"{exchange.method} is not allowed here; use {allowed}", headers=(("Allow", allowed),)
        )

    def _access(self, exchange: Exchange) -> World:
        try:
            return self._worlds.access(exchange.header(b"authorization"))
        except MissingApiKey as error:
            if exchange.header(b"accept") != "text/event-stream":
                raise
            raise MissingApiKey(
                error.message + EVENT_SOURCE_ADVICE, headers=error.headers
            ) from None

    async def _submit(self, exchange: Exchange, world: World, send: Send) -> Answer:
        exchange.check_media_type()
        raw = await exchange.read_body(self._settings.bounds.body)
        if _MAGIC in raw:
            await self._faults.strike_by_magic(exchange, world)
        body = read_json(raw)
        key = exchange.key
        if self._gates.any_marked or self._gates.any_closed:
            await self._take_turns(exchange, world, body)
        view, replayed, exchange.advice = self._service.submit(
            world, Order(body, key, exchange.script, exchange.method, exchange.path)
        )
        exchange.task_id = view.task.id
        if replayed:
            exchange.script = None
            return json_answer(200, self._body(exchange, world, view), REPLAYED)
        exchange.request_id = view.task.request_id
        answer = json_answer(200, self._body(exchange, world, view))
        if view.task.script and view.task.script != (exchange.fired and exchange.fired.text):
            answer.headers.append((b"x-mock-script", ascii_value(view.task.script)))
        return answer

    async def _take_turns(self, exchange: Exchange, world: World, body: object) -> None:
        """Refuse a key that a held request is using, or be held at a gate oneself.

        Raises IdempotencyInProgress, and what makes the body one that no key is asked for.
        """
        if self._gates.in_progress(world.name, exchange.key):
            self._service.check(body)
            if not self._service.knows_key(world, exchange.key):
                raise in_progress()
        await self._gates.stop(world.name, "commit", exchange.key, waiting(exchange.scope))

    async def _show(self, exchange: Exchange, world: World, send: Send) -> Answer:
        view = self._service.task(world, exchange.task_id or "")
        return json_answer(200, self._body(exchange, world, view))

    async def _events(self, exchange: Exchange, world: World, send: Send) -> Answer | None:
        if prefers_json(exchange.header(b"accept") or ""):
            view = self._service.task(world, exchange.task_id or "")
            return json_answer(200, {"events": self._event_list(exchange, world, view)})
        view = self._service.glance(world, exchange.task_id or "")
        seen = after(exchange.header(b"last-event-id"), view)
        if seen == len(view.steps) and self._service.catalog.lifecycle.ended(view.status):
            return Answer(204)
        disturb = as_they_are
        if exchange.fired is not None:
            send = sending(send, exchange, world)
            disturb = partial(disturbed, exchange=exchange, world=world)
        sent = partial(self._streams.sent, world.name, view.task.id, exchange.request_id)
        output = self._output(exchange, world, view)
        stream = EventStream(self._service, world, view, output, seen, disturb, sent)
        with self._streams.open(world.name, waiting(exchange.scope)) as wake:
            began = time.perf_counter()
            self._recorder.record(exchange, Answer(200), began)
            with suppress(Lost):
                await stream.run(exchange.receive, send, wake, self._headers(exchange))
        return None

    def _event_list(self, exchange: Exchange, world: World, view: View) -> list[dict[str, object]]:
        output = self._output(exchange, world, view)
        lifecycle = self._service.catalog.lifecycle
        seen = after(exchange.header(b"last-event-id"), view)
        return [
            event_body(view.task, number, step, lifecycle, output)
            for number, step in enumerate(view.steps[seen:], seen + 1)
        ]

    def _body(self, exchange: Exchange, world: World, view: View) -> dict[str, object]:
        lifecycle = self._service.catalog.lifecycle
        output = self._output(exchange, world, view) if lifecycle.ended(view.status) else {}
        return task_body(view.task, view.status, lifecycle, output)

    def _output(self, exchange: Exchange, world: World, view: View) -> Output:
        return self._links.output(self._links.base(exchange.scope), world.name, view.task)

    def _headers(self, exchange: Exchange) -> Headers:
        headers = [ANY_ORIGIN, (b"x-request-id", exchange.request_id.encode())]
        advice = exchange.advice
        if exchange.fired is not None:
            headers.append(tampered(exchange.fired))
        if exchange.header(b"origin") is not None:
            headers.append(EXPOSE)
            advice = (BROWSER, *advice)
        if advice:
            headers.append((b"x-mock-advice", ascii_value("; ".join(advice))))
        return headers
