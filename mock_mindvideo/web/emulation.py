"""The emulated API: each check in its fixed order, every answer enveloped.

These are the paths that clients call all the time. The application dispatches them here before
Starlette's router and middleware, which alone would cost as much as all the work below. Most
requests are answered `at_once`, without an event loop; the ASGI application serves those too that
have to wait: for their body, for an event, for a gate, or because a script wants it so.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from mock_mindvideo.domain.errors import InternalError, MethodNotAllowed, MissingApiKey, MockError
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.domain.script import names_magic
from mock_mindvideo.service import Service
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.answers import Answer, Receive, Scope, Send, error_answer
from mock_mindvideo.web.cors import is_preflight, preflight
from mock_mindvideo.web.endpoints import (
    EVENTS,
    SUBMIT,
    Endpoints,
    common_headers,
    methods_of,
    route,
)
from mock_mindvideo.web.exchange import ClientGone, Exchange
from mock_mindvideo.web.faults import DROPPED, Faults, Lost, deliver, disturbed, sending
from mock_mindvideo.web.gates import Gates, in_progress
from mock_mindvideo.web.headers import SCRIPT, Headers, prefers_json
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.stream import EventStream, after, as_they_are
from mock_mindvideo.web.streams import Streams
from mock_mindvideo.web.waiting import waiting
from mock_mindvideo.worlds import World, Worlds

EVENT_SOURCE_ADVICE = (
    "; EventSource cannot send one: use fetch and read the body as a stream,"
    " or a library that does, such as eventsource-client"
)

logger = logging.getLogger("mock_mindvideo")

#: Sends a whole answer: status, headers, body.
Write = Callable[[int, Headers, bytes], None]


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
        self._endpoints = Endpoints(service, links)
        self._most_body = settings.bounds.body
        self._gates = gates
        self._faults = Faults(
            gates,
            magic=settings.magic,
            most_body=settings.bounds.body,
            origins=Origins(settings.allow_origin),
        )

    def at_once(self, scope: Scope, body: bytes, write: Write) -> bool:
        """Answer a request that has come whole, if it need not wait; False, and no trace, if so."""
        exchange = Exchange(scope, body=body)
        began = time.perf_counter()
        try:
            answer = self._answer_at_once(exchange)
        except Exception as problem:  # noqa: BLE001 - told in the log, and answered
            answer = _refusal(exchange, problem)
        if answer is None:
            return False
        write(answer.status, answer.framed(common_headers(exchange)), answer.body)
        self._recorder.record(exchange, answer, began)
        return True

    def _answer_at_once(self, exchange: Exchange) -> Answer | None:
        endpoint, world = self._enter(exchange)
        if self._may_be_disturbed(exchange, world) or self._streams_events(endpoint, exchange):
            return None
        if endpoint is SUBMIT:
            if len(exchange.body) > self._most_body or names_magic(exchange.body):
                return None
            exchange.check_media_type()
        return self._endpoints.answer(endpoint, exchange, world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive)
        began = time.perf_counter()
        try:
            answer = await self._answer(exchange, send)
        except ClientGone:
            return
        except Lost:
            answer = None
            self._recorder.record(exchange, Answer(0, code=DROPPED), began)
        except Exception as problem:  # noqa: BLE001 - told in the log, and answered
            answer = _refusal(exchange, problem)
        if answer is not None:
            await self._deliver(exchange, answer, send)
            self._recorder.record(exchange, answer, began)

    async def _answer(self, exchange: Exchange, send: Send) -> Answer | None:
        if is_preflight(exchange.scope):
            return Answer(204, headers=preflight(exchange.scope, methods_of(exchange.path)))
        endpoint, world = self._enter(exchange)
        if self._may_be_disturbed(exchange, world):
            exchange.at = world.now()
            await self._disturb(exchange, world)
        if self._streams_events(endpoint, exchange):
            return await self._stream(exchange, world, send)
        if endpoint is SUBMIT:
            await self._receive(exchange, world)
        return self._endpoints.answer(endpoint, exchange, world)

    async def _deliver(self, exchange: Exchange, answer: Answer, send: Send) -> None:
        """Send the answer, unless a fault wants it otherwise; a lost one has the status 0."""
        world = exchange.world
        if world is None or (exchange.fired is None and self._gates.quiet):
            await answer.send(send, *common_headers(exchange))
            return
        try:
            await self._gates.stop(world.name, "answer", exchange.key, waiting(exchange.scope))
            await deliver(answer, exchange, world, send, *common_headers(exchange))
        except Lost:
            if exchange.fault.drop is not None:
                answer.status, answer.code = 0, DROPPED

    def _enter(self, exchange: Exchange) -> tuple[str, World]:
        """The endpoint and the world; raises NotFound, MethodNotAllowed, and what keys do."""
        method, endpoint, exchange.task_id = route(exchange.path)
        if exchange.method != method:
            raise MethodNotAllowed(
                f"{exchange.method} is not allowed here; use {method}",
                headers=(("Allow", method),),
            )
        world = exchange.world = self._access(exchange)
        return endpoint, world

    def _access(self, exchange: Exchange) -> World:
        try:
            return self._worlds.access(exchange.header(b"authorization"))
        except MissingApiKey as error:
            if exchange.header(b"accept") != "text/event-stream":
                raise
            raise MissingApiKey(
                error.message + EVENT_SOURCE_ADVICE, headers=error.headers
            ) from None

    def _may_be_disturbed(self, exchange: Exchange, world: World) -> bool:
        return (
            bool(world.state.scripts)
            or not self._gates.quiet
            or exchange.header(SCRIPT) is not None
        )

    async def _disturb(self, exchange: Exchange, world: World) -> None:
        """Everything that can happen to a request before it is looked at."""
        await self._gates.stop(world.name, "request", exchange.key, waiting(exchange.scope))
        streaming = exchange.path.endswith("/events") and not prefers_json(
            exchange.header(b"accept") or ""
        )
        await self._faults.strike(exchange, world, streaming=streaming)

    async def _receive(self, exchange: Exchange, world: World) -> None:
        """Read the body of a submit; what is held or disturbed for its sake is so here."""
        exchange.check_media_type()
        await exchange.read_body(self._most_body)
        if names_magic(exchange.body):
            await self._faults.strike_by_magic(exchange, world)
        if not self._gates.quiet:
            await self._take_turns(exchange, world)

    async def _take_turns(self, exchange: Exchange, world: World) -> None:
        """Refuse a key that a held request is using, or be held at a gate oneself.

        Raises IdempotencyInProgress, and what makes the body one that no key is asked for.
        """
        self._service.orders.read(exchange.body)
        key = exchange.key
        if self._gates.in_progress(world.name, key) and not self._service.knows_key(world, key):
            raise in_progress()
        await self._gates.stop(world.name, "commit", key, waiting(exchange.scope))

    @staticmethod
    def _streams_events(endpoint: str, exchange: Exchange) -> bool:
        return endpoint is EVENTS and not prefers_json(exchange.header(b"accept") or "")

    async def _stream(self, exchange: Exchange, world: World, send: Send) -> Answer | None:
        view = self._service.glance(world, exchange.task_id or "")
        seen = after(exchange.header(b"last-event-id"), view)
        if seen == len(view.steps) and view.lifecycle.ended(view.status):
            return Answer(204)
        disturb = as_they_are
        if exchange.fired is not None:
            send = sending(send, exchange, world)
            disturb = partial(disturbed, exchange=exchange, world=world)
        sent = partial(self._streams.sent, world.name, view.task.id, exchange.request_id)
        output = self._endpoints.output(exchange, world, view)
        stream = EventStream(self._service, world, view, output, seen, disturb, sent)
        with self._streams.open(world.name, waiting(exchange.scope)) as wake:
            self._recorder.record(exchange, Answer(200), time.perf_counter())
            with suppress(Lost):
                await stream.run(exchange.receive, send, wake, common_headers(exchange))
        return None


def _refusal(exchange: Exchange, problem: Exception) -> Answer:
    """The answer to what went wrong; what should not have is told in the log."""
    if not isinstance(problem, MockError):
        logger.error("%s %s failed", exchange.method, exchange.path, exc_info=problem)
        problem = InternalError("the mock failed; see its log")
    return error_answer(problem, exchange.request_id)
