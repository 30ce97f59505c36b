"""The emulated API: three endpoints, each check in its fixed order, every answer enveloped.

These are the paths that clients call all the time. The application dispatches them here before
Starlette's router and middleware, which alone would cost as much as all the work below.
"""

import logging
import re
import time
from collections.abc import Awaitable, Callable
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
from mock_mindvideo.domain.script import Script, ScriptError, parse
from mock_mindvideo.service import Order, Service, View
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.answers import Answer, Receive, Scope, Send, error_answer, json_answer
from mock_mindvideo.web.exchange import ClientGone, Exchange, invalid_script
from mock_mindvideo.web.headers import CORS, REPLAYED, Headers, ascii_value, prefers_json, preflight
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.stream import EventStream, after
from mock_mindvideo.web.streams import Streams
from mock_mindvideo.worlds import World, Worlds

PREFIX = "/api/"
TASKS = "/api/v1/tasks"

_UNDER_TASK = re.compile(rf"{TASKS}/([^/]+)(/events)?", re.DOTALL)

EVENT_SOURCE_ADVICE = (
    "; EventSource cannot send one: use fetch and read the body as a stream,"
    " or a library that does, such as eventsource-client"
)

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
    ) -> None:
        self._service = service
        self._worlds = worlds
        self._streams = streams
        self._recorder = recorder
        self._links = links
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive)
        began = time.perf_counter()
        try:
            answer = await self._answer(exchange, send)
        except MockError as error:
            answer = error_answer(error, exchange.request_id)
        except ClientGone:
            return
        except Exception:
            logger.exception("%s %s failed", exchange.method, exchange.path)
            answer = error_answer(
                InternalError("the mock failed; see its log"), exchange.request_id
            )
        if answer is not None:
            await answer.send(send, *self._headers(exchange))
            self._recorder.record(exchange, answer, began)

    async def _answer(self, exchange: Exchange, send: Send) -> Answer | None:
        route = self._route(exchange.path)
        if exchange.method != route.method:
            return self._other_method(exchange, route.method)
        exchange.task_id = route.task_id
        world = exchange.world = self._access(exchange)
        exchange.script = self._header_script(exchange)
        return await route.endpoint(exchange, world, send)

    def _route(self, path: str) -> Route:
        if path == TASKS:
            return Route("POST", self._submit, None)
        if found := _UNDER_TASK.fullmatch(path):
            return Route("GET", self._events if found[2] else self._show, found[1])
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

    def _header_script(self, exchange: Exchange) -> Script | None:
        text = exchange.header(b"x-mock-script")
        if text is None or not self._settings.magic:
            return None
        try:
            return parse(text)
        except ScriptError as problem:
            raise invalid_script(str(problem)) from None

    async def _submit(self, exchange: Exchange, world: World, send: Send) -> Answer:
        exchange.check_media_type()
        body = read_json(await exchange.read_body(self._settings.bounds.body))
        key = exchange.header(b"idempotency-key")
        view, replayed, exchange.advice = self._service.submit(
            world, Order(body, key, exchange.script, exchange.method, exchange.path)
        )
        exchange.task_id = view.task.id
        if replayed:
            exchange.script = None
            return json_answer(200, self._body(exchange, world, view), REPLAYED)
        exchange.request_id = view.task.request_id
        answer = json_answer(200, self._body(exchange, world, view))
        if view.task.script:
            answer.headers.append((b"x-mock-script", ascii_value(view.task.script)))
        return answer

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
        stream = EventStream(self._service, world, view, self._output(exchange, world, view), seen)
        with self._streams.open(world.name) as wake:
            began = time.perf_counter()
            self._recorder.record(exchange, Answer(200), began)
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
        headers = [*CORS, (b"x-request-id", exchange.request_id.encode())]
        advice = exchange.advice
        if exchange.header(b"origin") is not None:
            advice = (BROWSER, *advice)
        if advice:
            headers.append((b"x-mock-advice", ascii_value("; ".join(advice))))
        return headers
