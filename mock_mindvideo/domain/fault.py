"""Faults: how a script disturbs the transport. Which one fires is decided in `script.py` and
`world.py`, without side effects; how it hurts is the web edge's part."""

from dataclasses import dataclass, fields

BEFORE_COMMIT = "before-commit"
AFTER_COMMIT = "after-commit"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to an answer; None or False leaves it alone. All of it is invented.

    `delay` and `heartbeats` are microseconds as the client feels them (a delay may be the text of
    a distribution instead), `retry_after` whole seconds of the client's, `truncate` bytes of the
    body, `drip` bytes a second, `cut` and `duplicate` sequence numbers of events, `limit` a number
    of requests and the microseconds of the world's clock in which they are free.
    """

    delay: int | str | None = None
    status: int | None = None
    retry_after: int | None = None
    drop: str | None = None
    truncate: int | None = None
    malformed: bool = False
    drip: int | None = None
    cut: int | None = None
    duplicate: int | None = None
    heartbeats: int | None = None
    limit: tuple[int, int] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The members that say something."""
        said = ((each.name, getattr(self, each.name)) for each in fields(self))
        return tuple(name for name, value in said if value not in (None, False))

    @property
    def only_streams(self) -> bool:
        """Whether every word of it speaks of an event stream."""
        rest = (self.delay, self.status, self.drop, self.truncate, self.drip, self.limit)
        return not self.malformed and all(each is None for each in rest)

    @property
    def in_pieces(self) -> bool:
        """Whether a whole answer has to be sent in pieces."""
        return self.truncate is not None or self.drip is not None


NO_FAULT = Fault()
