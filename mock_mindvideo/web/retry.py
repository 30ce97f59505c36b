"""When a client that was refused may come again: just then it is admitted."""

from mock_mindvideo.domain.errors import RateLimited
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.keys import read_authorization
from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.worlds import World


def seconds_until(world: World, until: Instant) -> int:
    """The client's own whole seconds until that moment of the world's time, at least one."""
    return max(1, -(-(until - world.now()) // max(1, int(SECOND * world.state.speed))))


def let_wait(world: World, seconds: int) -> None:
    """Where polls drive the clock, it jumps by what a client is told to wait."""
    state = world.state
    if state.progress == POLLS:
        world.advance(seconds * state.speed)


def limited(world: World, refusal: RateLimited) -> RateLimited:
    """The refusal as a client is told it: with `Retry-After`, if there is a moment to wait for."""
    if refusal.until is None:
        return refusal
    seconds = seconds_until(world, refusal.until)
    let_wait(world, seconds)
    return RateLimited(refusal.message, headers=(("Retry-After", str(seconds)),))


def keep_quotas(exchange: Exchange, world: World) -> None:
    """Count a request for the quotas of its world; raises RateLimited if one of them is full."""
    key = read_authorization(exchange.header(b"authorization")).digest[:16]
    try:
        world.count_request(key)
    except RateLimited as refusal:
        raise limited(world, refusal) from None
