"""Which script disturbs a request, and what it does before the request is looked at.

It is asked for once a request, after authentication, before everything else; which one fires is
decided by the world, in one atomic step. What it does to the answer later is in `harm.py`. All of
this is invented.
"""

from functools import lru_cache
from hashlib import blake2b

from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import MockError, PayloadTooLarge
from mock_mindvideo.domain.fault import BEFORE_COMMIT
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.script import Scenario, Script, ScriptError, magic_in, parse
from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.web.exchange import Exchange, invalid_script
from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.headers import SCRIPT
from mock_mindvideo.web.steps import Pause, Steps
from mock_mindvideo.worlds import World


class Dropped(Exception):
    """A script breaks the connection before there is an answer."""


class Faults:
    """Finds what a script does to a request, and does it."""

    def __init__(self, gates: Gates, *, magic: bool, most_body: int) -> None:
        self._gates = gates
        self._magic = magic
        self._most_body = most_body

    def strike(self, exchange: Exchange, world: World) -> Steps[None]:
        """Let the first script that fires for the request do its worst before it is looked at.

        Raises Dropped, and the error that a script asks for. What comes later is in
        `exchange.fired`, a plan in `exchange.script`.
        """
        fired = yield from self._fired(exchange, world)
        yield from self._suffer(exchange, world, fired)

    def strike_by_magic(self, exchange: Exchange, world: World) -> Steps[None]:
        """The same for a magic URL in a body that has been read meanwhile."""
        if self._magic and exchange.fired is None:
            script = self._in_body(exchange)
            fired = script and self._direct(exchange, world, script)
            yield from self._suffer(exchange, world, fired)

    def _fired(self, exchange: Exchange, world: World) -> Steps[Script | None]:
        streaming = exchange.streaming
        sent = self._in_header(exchange)
        if sent is not None and sent.is_for(exchange.method, exchange.path, streaming=streaming):
            fired = self._direct(exchange, world, sent)
            if fired is not None and sent.scenario != Scenario() and exchange.method == "POST":
                exchange.script = fired
            if fired is not None and fired.fault is not None:
                return fired
        if not world.disturbed:
            return None
        magic = yield from self._ahead(exchange)
        if magic is not None and (fired := self._direct(exchange, world, magic)):
            return fired
        return self._stored(exchange, world)

    def _in_header(self, exchange: Exchange) -> Script | None:
        text = exchange.header(SCRIPT)
        if text is None or not self._magic:
            return None
        try:
            return parse(text)
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
        return self._in_body(exchange)

    def _in_body(self, exchange: Exchange) -> Script | None:
        text = magic_in(exchange.body)
        script = parse(text) if text else None
        return script if script is not None and script.fault is not None else None

    def _direct(self, exchange: Exchange, world: World, script: Script) -> Script | None:
        if not script.counts:
            return script
        by_header = exchange.header(SCRIPT) is not None and script.text == exchange.header(SCRIPT)
        whose = "" if by_header else exchange.key or blake2b(exchange.body).hexdigest()
        return world.ask_direct(script, "header" if by_header else "magic", whose)

    def _stored(self, exchange: Exchange, world: World) -> Script | None:
        fired = world.ask_faults(exchange.method, exchange.path, streaming=exchange.streaming)
        if fired is not None and fired.scenario != Scenario():
            exchange.script = exchange.script or fired
        return fired

    def _suffer(self, exchange: Exchange, world: World, fired: Script | None) -> Steps[None]:
        if fired is None or fired.fault is None:
            return
        exchange.fired, fault = fired, fired.fault
        if fault.delay is not None:
            with self._gates.marked(world.name, exchange.key):
                yield from pass_time(world, fault.delay / SECOND)
        if fault.drop == BEFORE_COMMIT:
            raise Dropped
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


def pass_time(world: World, seconds: float) -> Steps[None]:
    """Let the client wait; where polls drive the clock, it moves by as much."""
    yield Pause(None, seconds)
    state = world.state
    if state.progress == POLLS:
        world.advance(seconds * state.speed)
