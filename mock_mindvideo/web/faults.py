"""Which script disturbs a request, and what it does before the request is looked at.

It is asked for once a request, after authentication, before everything else; which one fires is
decided by the world, in one atomic step. What it does to the answer later is in `harm.py`. All of
this is invented.
"""

from functools import lru_cache
from hashlib import blake2b

from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import Forbidden, MockError, PayloadTooLarge
from mock_mindvideo.domain.fault import BEFORE_COMMIT
from mock_mindvideo.domain.hosts import Origins
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.script import (
    MAGIC_DOMAIN,
    MOST_WAIT,
    NO_MAGIC,
    Magic,
    PlanOverrides,
    Script,
    ScriptError,
    drawn,
    from_header,
    magic_in,
)
from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.web.exchange import Exchange, invalid_script
from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.headers import SCRIPT
from mock_mindvideo.web.retry import let_wait, seconds_until
from mock_mindvideo.web.steps import Pause, Steps
from mock_mindvideo.worlds import World


class Dropped(Exception):
    """A script breaks the connection before there is an answer."""


class Faults:
    """Finds what a script does to a request, and does it."""

    def __init__(
        self, gates: Gates, *, magic: bool, most_body: int, origins: Origins | None = None
    ) -> None:
        self._gates = gates
        self._origins = origins or Origins()
        self._magic = magic
        self._most_body = most_body

    def strike(self, exchange: Exchange, world: World) -> Steps[None]:
        """Let the first script that fires for the request do its worst before it is looked at.

        Raises Dropped, and the error that a script asks for. What comes later is in
        `exchange.fired`, what decides a plan in `exchange.script`.
        """
        fired = yield from self._fired(exchange, world)
        yield from self._suffer(exchange, world, fired)

    def strike_by_magic(self, exchange: Exchange, world: World) -> Steps[None]:
        """The same for a magic URL in a body that has been read meanwhile."""
        fault = self._in_body(exchange).fault
        if fault is not None and exchange.fired is None:
            fired = self._direct(exchange, world, fault, "magic")
            yield from self._suffer(exchange, world, fired)

    def _fired(self, exchange: Exchange, world: World) -> Steps[Script | None]:
        sent = self._in_header(exchange)
        if sent is not None:
            fired = self._direct(exchange, world, sent, "header")
            if fired is not None and sent.plan != PlanOverrides():
                exchange.script = fired
            if fired is not None and fired.fault is not None:
                return fired
        if not world.disturbed:
            return None
        magic = yield from self._ahead(exchange)
        if magic is not None and (fired := self._direct(exchange, world, magic, "magic")):
            return fired
        return self._stored(exchange, world)

    def _in_header(self, exchange: Exchange) -> Script | None:
        text = exchange.header(SCRIPT)
        if text is None or not self._magic:
            return None
        self._check_steering(exchange, "X-Mock-Script")
        try:
            return from_header(text, exchange.method, exchange.path, streaming=exchange.streaming)
        except ScriptError as problem:
            raise invalid_script(str(problem)) from None

    def _ahead(self, exchange: Exchange) -> Steps[Script | None]:
        """The fault that a magic URL stands for, read before its turn: it goes before others."""
        if not self._magic or exchange.method != "POST":
            return None
        try:
            yield from exchange.read_body(self._most_body)
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
        whose = exchange.idempotency_key or blake2b(exchange.body).hexdigest()
        return world.ask_direct(script, origin, "" if origin == "header" else whose)

    def _stored(self, exchange: Exchange, world: World) -> Script | None:
        fired = world.ask_faults(exchange.method, exchange.path, streaming=exchange.streaming)
        if fired is not None and fired.plan != PlanOverrides():
            exchange.script = exchange.script or fired
        return fired

    def _suffer(self, exchange: Exchange, world: World, fired: Script | None) -> Steps[None]:
        if fired is None or fired.fault is None:
            return
        exchange.fired, fault = fired, fired.fault
        if fault.delay is not None:
            with self._gates.marked(world.name, exchange.idempotency_key):
                yield from pass_time(world, _delay(fired, world) / SECOND)
        if fault.drop == BEFORE_COMMIT:
            raise Dropped
        if fault.status is not None or fault.limit is not None:
            raise refusal(fired, world)


def _delay(fired: Script, world: World) -> int:
    """How long the answer is held, in microseconds; a drawn one is another for each request."""
    said = fired.fault.delay if fired.fault is not None else None
    if isinstance(said, str):
        return drawn(said, world.state.draw(f"delay {fired.id} {fired.seen}"), MOST_WAIT)
    return said or 0


def refusal(fired: Script, world: World) -> MockError:
    """The error that a script asks for.

    Its `Retry-After` is in the client's seconds; for a limit just as long as the window is still
    open. Where polls drive the clock, it jumps by as much.
    """
    assert fired.fault is not None  # noqa: S101 - the caller looked
    seconds = fired.fault.retry_after
    if fired.fault.limit is not None and seconds is None:
        seconds = seconds_until(world, fired.opened + fired.fault.limit[1])
    status = fired.fault.status or 429
    if seconds is not None and status in {429, 503}:
        let_wait(world, seconds)
    headers = () if seconds is None else (("Retry-After", str(seconds)),)
    error = _error_class(status)(f"a script says so: {fired.text}", headers=headers)
    error.said = fired.fault.status or 0
    if fired.fault.limit is not None:
        limit, window = fired.fault.limit
        error.window = {"limit": limit, "window": window // SECOND, "remaining": 0}
    return error


@lru_cache
def _error_class(status: int) -> type[MockError]:
    """The refusal that has this status by itself, or the nearest one."""
    classes: list[type[MockError]] = [errors.Unavailable, errors.InvalidRequest]
    for known in (*classes, *MockError.__subclasses__()):
        if known.status == status:
            return known
    return errors.Unavailable if status > 500 else errors.InvalidRequest


def pass_time(world: World, seconds: float) -> Steps[None]:
    """Let the client wait; where polls drive the clock, it moves by as much."""
    yield Pause(None, seconds)
    state = world.state
    if state.progress == POLLS:
        world.advance(seconds * state.speed)
