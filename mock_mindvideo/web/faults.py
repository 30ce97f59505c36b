"""How a fault hurts: asked for once a request, after authentication, before everything else.

Which script fires is decided by the world, in one atomic step. All of this is invented.
"""

from contextlib import aclosing
from functools import lru_cache
from hashlib import blake2b

from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import Forbidden, MockError, PayloadTooLarge
from mock_mindvideo.domain.fault import AFTER_COMMIT, BEFORE_COMMIT
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.script import (
    MAGIC_DOMAIN,
    NO_MAGIC,
    Magic,
    Scenario,
    Script,
    ScriptError,
    from_header,
    magic_in,
)
from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.web.answers import Answer, Message, Send
from mock_mindvideo.web.exchange import Exchange, invalid_script
from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.headers import SCRIPT
from mock_mindvideo.web.stream import COMMENT, Parts
from mock_mindvideo.web.waiting import drop, waiting
from mock_mindvideo.worlds import World

#: The body of an answer that never came, for the journal.
DROPPED = "dropped"

#: Pieces a second in which a dripping body comes, at most.
DRIPS = 10


class Lost(Exception):
    """The connection was dropped; nobody is left to answer."""


class Faults:
    """Finds what a script does to a request, and does it."""

    def __init__(
        self, gates: Gates, *, magic: bool, most_body: int, origins: Origins | None = None
    ) -> None:
        self._gates = gates
        self._origins = origins or Origins()
        self._magic = magic
        self._most_body = most_body

    async def strike(self, exchange: Exchange, world: World, *, streaming: bool) -> None:
        """Let the first script that fires for the request do its worst before it is looked at.

        Raises Lost, and the error that a script asks for. What comes later is in
        `exchange.fired`, a plan in `exchange.script`.
        """
        await self._suffer(exchange, world, await self._fired(exchange, world, streaming=streaming))

    async def strike_by_magic(self, exchange: Exchange, world: World) -> None:
        """The same for a magic URL in a body that has been read meanwhile."""
        fault = self._in_body(exchange).fault
        if fault is not None and exchange.fired is None:
            await self._suffer(exchange, world, self._direct(exchange, world, fault, "magic"))

    async def _fired(self, exchange: Exchange, world: World, *, streaming: bool) -> Script | None:
        sent = self._in_header(exchange, streaming=streaming)
        if sent is not None:
            fired = self._direct(exchange, world, sent, "header")
            if fired is not None and sent.scenario != Scenario():
                exchange.script = fired
            if fired is not None and fired.fault is not None:
                return fired
        if not world.disturbed:
            return None
        magic = await self._ahead(exchange)
        if magic is not None and (fired := self._direct(exchange, world, magic, "magic")):
            return fired
        return self._stored(exchange, world, streaming=streaming)

    def _in_header(self, exchange: Exchange, *, streaming: bool) -> Script | None:
        text = exchange.header(SCRIPT)
        if text is None or not self._magic:
            return None
        self._check_steering(exchange, "X-Mock-Script")
        try:
            return from_header(text, exchange.method, exchange.path, streaming=streaming)
        except ScriptError as problem:
            raise invalid_script(str(problem)) from None

    async def _ahead(self, exchange: Exchange) -> Script | None:
        """The fault that a magic URL stands for, read before its turn: it goes before others."""
        if not self._magic or exchange.method != "POST":
            return None
        try:
            await exchange.read_body(self._most_body)
        except PayloadTooLarge:  # said later, in the order of checks
            return None
        return self._in_body(exchange).fault

    def _in_body(self, exchange: Exchange) -> Magic:
        """What the magic URLs of a body stand for; raises Forbidden where they may not."""
        found = magic_in(exchange.body) if self._magic else NO_MAGIC
        if found != NO_MAGIC:
            self._check_steering(exchange, f"a URL under {MAGIC_DOMAIN}")
        return found

    def _check_steering(self, exchange: Exchange, means: str) -> None:
        """Raise Forbidden if the request comes from a page that may call the API, but no more."""
        origin = exchange.header(b"origin")
        if origin is not None and not self._origins.trusts(origin):
            raise Forbidden(
                f"a page of the origin {origin[:200]!r} may call the API, but not steer the mock by"
                f" {means}: start the server with --allow-origin {origin[:200]}"
            )

    def _direct(
        self, exchange: Exchange, world: World, script: Script, origin: str
    ) -> Script | None:
        if not script.counts:
            return script
        whose = exchange.key or blake2b(exchange.body).hexdigest()
        return world.ask_direct(script, origin, "" if origin == "header" else whose)

    def _stored(self, exchange: Exchange, world: World, *, streaming: bool) -> Script | None:
        fired = world.ask_faults(exchange.method, exchange.path, streaming=streaming)
        if fired is not None and fired.scenario != Scenario():
            exchange.script = exchange.script or fired
        return fired

    async def _suffer(self, exchange: Exchange, world: World, fired: Script | None) -> None:
        if fired is None or fired.fault is None:
            return
        exchange.fired, fault = fired, fired.fault
        if fault.delay is not None:
            with self._gates.marked(world.name, exchange.key):
                await _pass(exchange, world, fault.delay / SECOND)
        if fault.drop == BEFORE_COMMIT:
            await drop(exchange.scope, exchange.receive)
            raise Lost
        if fault.status is not None or fault.limit is not None:
            raise refusal(fired, world)


def refusal(fired: Script, world: World) -> MockError:
    """The error that a script asks for.

    Its `Retry-After` is in the client's seconds; for a limit just as long as the window is still
    open. Where polls drive the clock, it jumps by as much.
    """
    assert fired.fault is not None  # noqa: S101 - the caller looked
    state = world.state
    seconds = fired.fault.retry_after
    if fired.fault.limit is not None and seconds is None:
        left = fired.opened + fired.fault.limit[1] - world.now()
        seconds = max(1, -(-left // int(SECOND * state.speed)))
    status = fired.fault.status or 429
    if seconds is not None and status in {429, 503} and state.progress == POLLS:
        world.advance(seconds * state.speed)
    headers = () if seconds is None else (("Retry-After", str(seconds)),)
    return _error_class(status)(f"a script says so: {fired.text}", headers=headers)


@lru_cache
def _error_class(status: int) -> type[MockError]:
    """The refusal that has this status by itself, or one with the nearest code."""
    classes: list[type[MockError]] = [errors.Unavailable, errors.InvalidRequest]
    for known in (*classes, *MockError.__subclasses__()):
        if known.status == status:
            return known
    near = errors.Unavailable if status > 500 else errors.InvalidRequest
    return type("Scripted", (MockError,), {"status": status, "code": near.code})


async def deliver(
    answer: Answer, exchange: Exchange, world: World, send: Send, *extra: tuple[bytes, bytes]
) -> None:
    """Send an answer as the fault leaves it; raises Lost where the connection was dropped."""
    fault = exchange.fault
    if fault.drop == AFTER_COMMIT:
        await drop(exchange.scope, exchange.receive)
        raise Lost
    body = broken(answer.body) if fault.malformed else answer.body
    harmed = Answer(answer.status, body, answer.headers, answer.code)
    await harmed.send(sending(send, exchange, world), *extra)


def sending(send: Send, exchange: Exchange, world: World) -> Send:
    """`send`, with a body that drips or breaks off."""
    fault = exchange.fault
    if fault.truncate is None and fault.drip is None:
        return send
    left = fault.truncate

    async def harming(message: Message) -> None:
        nonlocal left
        if message["type"] != "http.response.body":
            await send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        breaks = left is not None and left < len(body) + (not more)
        body = body[:left] if breaks else body
        await _send_slowly(send, body, fault.drip, exchange, world)
        if breaks:
            await drop(exchange.scope, exchange.receive)
            raise Lost
        left = None if left is None else left - len(body)
        await send({"type": "http.response.body", "body": b"", "more_body": more})

    return harming


async def _send_slowly(
    send: Send, body: bytes, rate: int | None, exchange: Exchange, world: World
) -> None:
    size = len(body) if rate is None else max(1, rate // DRIPS)
    for start in range(0, len(body), size or 1):
        piece = body[start : start + size]
        if rate is not None and start:
            await _pass(exchange, world, size / rate)
        await send({"type": "http.response.body", "body": piece, "more_body": True})


def broken(body: bytes) -> bytes:
    """The first half of a JSON text, which is none."""
    return body[: max(1, len(body) // 2)]


async def disturbed(parts: Parts, exchange: Exchange, world: World) -> Parts:
    """The parts of an event stream as the fault leaves them."""
    fault = exchange.fault
    for _ in range(0, fault.heartbeats or 0, SECOND):
        yield 0, COMMENT
        await _pass(exchange, world, 1.0)
    async with aclosing(parts):
        async for sequence, part in parts:
            felt = _garbled(part) if fault.malformed and sequence else part
            yield sequence, felt
            if sequence and sequence == fault.duplicate:
                yield 0, felt
            if sequence and sequence == fault.cut:
                return


def _garbled(frame: bytes) -> bytes:
    head, _, data = frame.partition(b"data: ")
    return head + b"data: " + broken(data.rstrip()) + b"\n\n"


async def _pass(exchange: Exchange, world: World, seconds: float) -> None:
    """Let the client wait; where polls drive the clock, it moves by as much."""
    await waiting(exchange.scope)(None, seconds)
    state = world.state
    if state.progress == POLLS:
        world.advance(seconds * state.speed)
