"""The emulated API: each check of a request in its fixed order, every answer enveloped.

These are the paths that clients call all the time. The application dispatches them here before
Starlette's router and middleware, which alone would cost as much as all the work below. There is
one way for a request, whoever runs it: see `steps.py`.
"""

import logging
from collections.abc import Awaitable
from functools import partial

from mock_mindvideo.domain.dialect.events import NONE
from mock_mindvideo.domain.errors import InternalError, MissingApiKey, MockError, NotFound
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.domain.script import names_magic
from mock_mindvideo.settings import Settings
from mock_mindvideo.web import accept
from mock_mindvideo.web.answers import LOST, Answer, Receive, Scope, Send, error_answer
from mock_mindvideo.web.asgi import STARTED, AsgiClient, drive
from mock_mindvideo.web.cors import is_preflight, preflight
from mock_mindvideo.web.endpoints import Endpoints, common_headers
from mock_mindvideo.web.event_stream import NO_STORE, EventStream, after, beat, stream_type
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.web.extensions import Extended, lead_on
from mock_mindvideo.web.faults import Dropped, Faults
from mock_mindvideo.web.gates import Gates, in_progress
from mock_mindvideo.web.harm import Harmed, Sending, harmed
from mock_mindvideo.web.headers import SCRIPT
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.retry import keep_quotas
from mock_mindvideo.web.routes import EVENTS, SUBMIT, methods_of, route
from mock_mindvideo.web.steps import DROP, STAGE, Handling, Start, Steps, Turn, Whole, with_turns
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service

EVENT_SOURCE_ADVICE = (
    "; EventSource cannot send one: use fetch and read the body as a stream,"
    " or a library that does, such as eventsource-client"
)

logger = logging.getLogger("mock_mindvideo")


class Emulation:
    """ASGI application for everything under `/api/`."""

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        streams: OpenStreams,
        recorder: Recorder,
        links: Links,
        settings: Settings,
        gates: Gates,
        *,
        blocking: bool = False,
    ) -> None:
        self._service = service
        self._worlds = worlds
        self._streams = streams
        self._recorder = recorder
        self._endpoints = Endpoints(service, links)
        self._extended = Extended(service, self._endpoints, settings.bounds.body)
        self._blocking = blocking
        self._most_body = settings.bounds.body
        self._gates = gates
        self._faults = Faults(
            gates,
            magic=settings.magic,
            most_body=settings.bounds.body,
            origins=Origins(settings.allow_origin),
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        started: Handling | None = (scope.get("extensions") or {}).pop(STARTED, None)
        handling = started or self.begin(scope)
        dialect = self._service.catalog.dialect
        client = AsgiClient(scope, receive, send, self._most_body, dialect)
        return drive(handling, client)

    def begin(
        self,
        scope: Scope,
        body: bytes | None = None,
        fields: dict[bytes, bytes] | None = None,
        *,
        staged: bool = False,
    ) -> Handling:
        """The handling of a request, as far as it goes by itself; `body` if all of it is here.

        `fields` are its headers by name, if the caller has them so. One that is `staged` goes as
        far as its first stage.
        """
        exchange = Exchange(scope, self._service.catalog.dialect, body, fields)
        return Handling(self._handle(exchange), blocking=self._blocking, staged=staged)

    def _handle(self, exchange: Exchange) -> Steps[Whole | None]:
        """From the request to what is sent, and a line in the journal between them."""
        try:
            answer = yield from self._answer(exchange)
        except Exception as problem:  # noqa: BLE001 - told in the log, and answered
            answer = _refusal(exchange, problem)
            if exchange.begun:  # a head was sent already
                return DROP
        if not isinstance(answer, Answer):  # a stream, which was written down as it began
            return answer
        yield STAGE
        if exchange.world is None or (exchange.fired is None and self._gates.quiet):
            self._recorder.record(exchange, answer)
            return _whole(exchange, answer)
        return (yield from self._disturbed(exchange, exchange.world, answer))

    def _answer(self, exchange: Exchange) -> Steps[Answer | Whole | None]:
        """The checks, in their order, and the endpoint's answer, or the end of a stream."""
        if exchange.dialect.answers.cors and is_preflight(exchange.scope):
            return Answer(
                204,
                headers=preflight(
                    exchange.scope, methods_of(exchange.path, exchange.dialect.extensions)
                ),
            )
        endpoint, world = self._enter(exchange)
        state = exchange.state or world.state
        if state.scripts or SCRIPT in exchange.fields or not self._gates.quiet:
            exchange.at, exchange.state = world.now(state), None
            yield from self._gates.stop(world.name, "request", exchange.idempotency_key)
            yield from self._faults.strike(exchange, world)
            state = world.state
        if state.limits is not None and state.limits.quotas:
            exchange.state = None
            keep_quotas(exchange, world)
        if endpoint is SUBMIT:
            yield STAGE
            yield from self._receive(exchange, world)
            exchange.state = None  # others may have changed it by the end of this stage
            yield STAGE
        elif exchange.streams:
            return (yield from self._stream(exchange, world))
        elif exchange.extension is not None:
            return (yield from self._extended.answer(exchange.extension, exchange, world))
        return self._endpoints.answer(endpoint, exchange, world)

    def _enter(self, exchange: Exchange) -> tuple[str, World]:
        """The endpoint and the world; raises NotFound, MethodNotAllowed, and what keys do."""
        try:
            methods, endpoint, exchange.task_id = route(exchange.path, exchange.raw_path)
        except NotFound:
            exchange.endpoint = endpoint = lead_on(exchange)
        else:
            exchange.endpoint = endpoint
            if exchange.method not in methods:
                exchange.endpoint = endpoint = lead_on(exchange, methods)
        world = self._access(exchange)
        if endpoint is EVENTS:
            events = exchange.dialect.events
            form = accept.choice(exchange.accept, events.media_type, events.prefers_list)
            wanted = not form.json or not events.lists
            exchange.streams = wanted and events.stream != NONE
            exchange.advice = form.advice
        return endpoint, world

    def _access(self, exchange: Exchange) -> World:
        """Know the world of the request's key; raises what keys do."""
        try:
            world, state = self._worlds.enter(exchange.header(b"authorization"))
        except MissingApiKey as error:
            if exchange.header(b"accept") != accept.STREAM:  # what an EventSource says
                raise
            raise MissingApiKey(
                error.message + EVENT_SOURCE_ADVICE, headers=error.headers
            ) from None
        exchange.world = world
        exchange.state = state or world.state  # a new world is made here, and looked at once
        return world

    def _receive(self, exchange: Exchange, world: World) -> Steps[None]:
        """Have the order in a submit; what is held or disturbed for its body's sake is so here.

        Raises what makes the body one that no idempotency key is asked for.
        """
        exchange.check_media_type()
        yield from exchange.read_body(self._most_body)
        body, orders = exchange.body, self._service.orders
        if long := len(body) > LONG:
            exchange.state = None
            yield Turn()
        if magic := names_magic(body):
            yield from self._faults.strike_by_magic(exchange, world)
        if long:
            exchange.order = yield from with_turns(orders.reading(body))
        else:
            exchange.order = orders.read(body, magic)
        if not self._gates.quiet:
            yield from self._take_turns(exchange, world)

    def _take_turns(self, exchange: Exchange, world: World) -> Steps[None]:
        """Refuse an idempotency key that a held request is using, or be held at a gate oneself.

        Raises IdempotencyInProgress.
        """
        own, knows = exchange.idempotency_key, self._service.knows_idempotency_key
        if self._gates.in_progress(world.name, own) and not knows(world, own):
            raise in_progress()
        yield from self._gates.stop(world.name, "commit", own)

    def _stream(self, exchange: Exchange, world: World) -> Steps[Answer | Whole | None]:
        """Send a task's events as they happen."""
        view, form = self._service.glance(world, exchange.task_id or ""), exchange.dialect.events
        seen = after(exchange.header(b"last-event-id"), view, form)
        if seen == len(view.steps) and view.lifecycle.ended(view.status):
            return Answer(204)
        out = Sending() if exchange.fired is None else Harmed(exchange.fault, world, beat(form))
        task_id, output = view.task.id, partial(self._endpoints.output, exchange, world)
        del view  # a stream may be open for long, and what was ordered may be large
        sent = partial(self._streams.sent, world.name, task_id, exchange.request_id)
        stream = EventStream(self._service, world, task_id, form, output, seen, out, sent)
        wake = self._streams.open(world.name, task_id)
        try:
            self._recorder.record(exchange, Answer(200))
            exchange.begun = True
            kind = stream_type(form)
            yield Start(200, [kind, NO_STORE, *common_headers(exchange)])
            if exchange.streaming:
                yield from stream.run(wake)
        finally:
            self._streams.end(world.name, wake)
            self._recorder.streamed(exchange)
        return DROP if out.broken else None

    def _disturbed(self, exchange: Exchange, world: World, answer: Answer) -> Steps[Whole | None]:
        """Send an answer that a gate may hold and a fault harm.

        The journal has it as it was meant, and as dropped where it never arrived.
        """
        yield from self._gates.stop(world.name, "answer", exchange.idempotency_key)
        felt = harmed(answer, exchange.fault)
        self._recorder.record(exchange, felt if felt is LOST else answer)
        whole = _whole(exchange, felt)
        if whole is DROP or not exchange.fault.in_pieces:
            return whole
        out = Harmed(exchange.fault, world)
        yield Start(whole.status, whole.headers)
        yield from out.piece(whole.body)
        out.end()
        return DROP if out.broken else None


def _whole(exchange: Exchange, answer: Answer) -> Whole:
    """All that is sent: an answer to HEAD has the length of the body, and none."""
    if answer is LOST:
        return DROP
    headers = answer.framed(common_headers(exchange))
    return Whole(answer.status, headers, b"" if exchange.method == "HEAD" else answer.body)


def _refusal(exchange: Exchange, problem: Exception) -> Answer:
    """The answer to what went wrong; what should not have is told in the log."""
    if isinstance(problem, Dropped):
        return LOST
    if not isinstance(problem, MockError):
        logger.error("%s %s failed", exchange.method, exchange.path, exc_info=problem)
        problem = InternalError("the mock failed; see its log")
    return error_answer(problem, exchange.request_id, exchange.dialect)
