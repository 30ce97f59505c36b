"""What a script says once it is read, and for which requests it fires."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mock_mindvideo.domain.fault import Fault
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.script.kinds import Kind
from mock_mindvideo.domain.script.paths import matches


class ScriptError(ValueError):
    """A script that cannot be read, or would do nothing; the message says which word, and why."""


@dataclass(frozen=True, slots=True)
class PlanOverrides:
    """Overrides of a task's plan; None leaves the default.

    Times are in microseconds, or the text of a distribution that they are drawn from. What is said
    of webhooks changes no plan, but goes with its task; `webhook_drop` are attempts that are lost.
    """

    outcome: str | None = None
    queued: int | str | None = None
    processing: int | str | None = None
    error: str | None = None
    message: str | None = None
    webhook_drop: int | None = None
    webhook_duplicate: bool | None = None
    webhook_reorder: bool | None = None

    def stay(self, state: str) -> int | str | None:
        """The overridden stay in a waiting state, if any."""
        stays = {"queued": self.queued, "processing": self.processing}
        return stays.get(state)


NO_OVERRIDES = PlanOverrides()


class Script(NamedTuple):
    """A parsed script. `times` None means always; `seen` counts the requests it was asked for.

    `acts_on` are the kinds of request on which each of its words can act. `opened` and `counted`
    are the window of a limit: when it began, and its requests so far. `whose` tells apart what a
    script that came with a request is counted for.
    """

    text: str
    plan: PlanOverrides = NO_OVERRIDES
    fault: Fault | None = None
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    method: str | None = None
    path: str | None = None
    id: str = ""
    origin: str = "header"
    seen: int = 0
    used: int = 0
    opened: Instant = 0
    counted: int = 0
    whose: str = ""
    acts_on: int = Kind.ANY.value

    def is_for(self, kind: int, path: str, method: str = "") -> bool:
        """Whether a request of that kind and path is one the script speaks of, its counts aside.

        Each documented kind has one method, so only those of extensions need be looked at.
        """
        if not self.acts_on & kind:
            return False
        if kind == Kind.EXTENDED and self.method not in (None, method):
            return False
        return self.path is None or matches(self.path, path)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    @property
    def unused(self) -> bool:
        """Whether it has had no effect so far; a limit that was kept has had one."""
        return not (self.used or self.counted)

    @property
    def counts(self) -> bool:
        """Whether what it does depends on the requests before."""
        fault = self.fault
        varies = fault is not None and (fault.limit is not None or isinstance(fault.delay, str))
        return self.times is not None or self.skip > 0 or self.probability < 1 or varies

    def asked(self, draw: Callable[[str], float], now: Instant = 0) -> tuple["Script", bool]:
        """The script after one more request, and whether it fires for it.

        `draw` gives a number in [0, 1) for a name, the same one for the same seed.
        """
        turn = self._replace(seen=self.seen + 1)
        due = not self.spent and self.seen >= self.skip
        fires = due and (self.probability >= 1 or self._drawn(draw))
        if fires and self.fault is not None and self.fault.limit is not None:
            turn, fires = turn._counted(self.fault.limit, now)
        return (turn._replace(used=self.used + 1), True) if fires else (turn, False)

    def _drawn(self, draw: Callable[[str], float]) -> bool:
        return self.probability > 0 and draw(f"{self.id}:{self.seen}") < self.probability

    def _counted(self, limit: tuple[int, int], now: Instant) -> tuple["Script", bool]:
        most, length = limit
        if not self.counted or now >= self.opened + length:
            return self._replace(opened=now, counted=1), False
        if self.counted < most:
            return self._replace(counted=self.counted + 1), False
        return self, True
