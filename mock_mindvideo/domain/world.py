"""A world: its clock, credit, seed and scripts. Pure values; `real` is handed in.

`real` and every Instant are microseconds since 1970. The world's time runs from an anchor: with
`progress` "time" it is the real clock times the speed, otherwise it stands until it is moved.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import lru_cache

from mock_mindvideo.domain.dialect.ids import IdForms
from mock_mindvideo.domain.errors import InsufficientCredit
from mock_mindvideo.domain.instant import LAST, Instant
from mock_mindvideo.domain.limits import Window, WorldLimits
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.script import Script, ScriptError, kind_of
from mock_mindvideo.platform import PLATFORM

TIME = "time"
POLLS = "polls"
MANUAL = "manual"
PROGRESSES = (TIME, POLLS, MANUAL)

#: Where a stored script came from, the strongest first.
ORIGINS = ("fixture", "control", "file")

#: Scripts that came with a request go before; they are stored only to be counted, and so many.
DIRECT = ("header", "magic")
MOST_DIRECT = 100

_ORDER = (*DIRECT, *ORIGINS)

#: How many ids of 24 hexadecimal digits there are.
_IDS = 1 << 96

#: The forms of the packaged dialect.
_SHIPPED = IdForms(**asdict(PLATFORM.ids))

#: Where the virtual clock of a world begins, so that a test sees the same dates every day.
VIRTUAL_START = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z


@dataclass(frozen=True, slots=True)
class WorldState:
    """All of a world but its tasks, keys, uploads and journal.

    `anchor` is the world's time at the real moment `anchored`. `credit` counts the tasks from
    `credit_from` on; `committed` is the sum of their estimates. `windows` are what was counted for
    the quotas of `limits`.
    """

    name: str
    seed: int
    progress: str
    speed: float
    anchor: Instant
    anchored: Instant
    credit: Decimal | None = None
    credit_from: int = 0
    committed: Decimal = Decimal(0)
    scripts: tuple[Script, ...] = ()
    scripted: int = 0
    limits: WorldLimits | None = None
    windows: tuple[Window, ...] = ()

    def now(self, real: Instant) -> Instant:
        """The world's time; a real clock that was set back does not take it back."""
        if self.progress != TIME:
            return self.anchor
        passed = real - self.anchored
        now = self.anchor + int(passed * self.speed) if passed > 0 else self.anchor
        return now if now < LAST else LAST

    def at(self, now: Instant, real: Instant) -> "WorldState":
        """The same world at `now`, or as it is where it is later already."""
        passed = self.now(real)
        if now <= passed:
            return self
        return replace(self, anchor=min(LAST, now), anchored=real)

    def running(self, progress: str | None, speed: float | None, real: Instant) -> "WorldState":
        """The same moment under another progress or speed; None leaves it."""
        progress, speed = progress or self.progress, speed or self.speed
        if (progress, speed) == (self.progress, self.speed):
            return self
        return replace(self, progress=progress, speed=speed, anchor=self.now(real), anchored=real)

    def with_credit(self, credit: Decimal | None, next_number: int) -> "WorldState":
        """`credit` left to spend from the task `next_number` on; None lifts the limit."""
        return replace(self, credit=credit, credit_from=next_number, committed=Decimal(0))

    def left(self, refunded: Decimal) -> Decimal | None:
        """The credit left to spend, None without a limit."""
        return None if self.credit is None else self.credit - self.committed + refunded

    def paying(self, estimate: Decimal, refunded: Decimal) -> "WorldState":
        """After holding `estimate`; raises InsufficientCredit if it is more than is left."""
        left = self.left(refunded)
        if left is None:
            return self
        if estimate > left:
            raise InsufficientCredit(
                f"the task would cost {text(estimate)} USD, the credit left is {text(left)} USD"
            )
        return replace(self, committed=self.committed + estimate)

    def scripting(self, script: Script, origin: str) -> "WorldState":
        """With one more script, after those of the same or a stronger origin."""
        number = self.scripted + 1
        named = script._replace(id=f"script_{number}", origin=origin)
        in_order = sorted((*self.scripts, named), key=lambda each: _ORDER.index(each.origin))
        return replace(self, scripts=tuple(in_order), scripted=number)

    def with_room(self, most: int) -> "WorldState":
        """With room for one more script under `most`; the oldest spent one goes if need be.

        Raises ScriptError if none is spent.
        """
        if len(self.scripts) < most:
            return self
        spent = next((each for each in self.scripts if each.spent or each.origin in DIRECT), None)
        if spent is None:
            raise ScriptError(f"the world holds {most} scripts already; delete some first")
        return replace(self, scripts=tuple(each for each in self.scripts if each is not spent))

    def ask_scripts(self, method: str, path: str) -> tuple["WorldState", Script | None]:
        """The first plan that fires for a request, and the world with its counts moved on."""
        kind = kind_of(method, path).value
        return self._ask(
            (
                each
                for each in self.scripts
                if each.fault is None and each.is_for(kind, path, method)
            ),
            0,
        )

    def ask_faults(
        self, method: str, path: str, now: Instant, *, streaming: bool
    ) -> tuple["WorldState", Script | None]:
        """The same for what disturbs the transport."""
        kind = kind_of(method, path, streaming=streaming).value
        return self._ask(
            (
                each
                for each in self.scripts
                if each.fault is not None and each.is_for(kind, path, method)
            ),
            now,
        )

    def ask_direct(
        self, script: Script, origin: str, now: Instant
    ) -> tuple["WorldState", Script | None]:
        """Whether a script that came with a request fires; counted by its text and `whose`."""
        label = (origin, script.text, script.whose)
        known = [each for each in self.scripts if (each.origin, each.text, each.whose) == label]
        if known:
            return self._ask(known, now, direct=True)
        others = [each for each in self.scripts if each.origin in DIRECT]
        oldest = min(others, key=lambda each: int(each.id.removeprefix("script_")), default=None)
        full = len(others) >= MOST_DIRECT
        kept = tuple(each for each in self.scripts if not (full and each is oldest))
        state = replace(self, scripts=kept).scripting(script, origin)
        return state.ask_direct(script, origin, now)

    def _ask(
        self, asked: Iterable[Script], now: Instant, *, direct: bool = False
    ) -> tuple["WorldState", Script | None]:
        """Ask one after the other until one fires; those after it are not asked."""
        turned: dict[str, Script] = {}
        for script in asked:
            if script.spent or (script.origin in DIRECT) is not direct:
                continue
            turned[script.id], fires = script.asked(self.draw, now)
            if fires:
                return self._after(turned), turned[script.id]
        return (self._after(turned) if turned else self), None

    def _after(self, turned: dict[str, Script]) -> "WorldState":
        """The world with these scripts' counts moved on."""
        return replace(self, scripts=tuple([turned.get(each.id, each) for each in self.scripts]))

    def draw(self, name: str) -> float:
        """A number in [0, 1) that the seed and `name` decide."""
        return int.from_bytes(self.digest(name)[:7]) / (1 << 56)

    def ids(self, number: int, forms: IdForms = _SHIPPED) -> tuple[str, str]:
        """The ids of the world's task `number` and of the request that made it."""
        first, stride = _walk(self.seed, self.name)
        digits = ((first + number * stride) % _IDS).to_bytes(12).hex()
        return forms.of_task(digits), forms.of_request(digits[::-1])

    def digest(self, name: str) -> bytes:
        """32 bytes that the seed, the world and `name` decide."""
        return hashlib.blake2b(f"{self.seed}/{self.name}/{name}".encode(), digest_size=32).digest()


@lru_cache(maxsize=4096)
def _walk(seed: int, world: str) -> tuple[int, int]:
    """Where a world's ids begin and their stride; an odd one meets all before any comes again."""
    digest = hashlib.blake2b(f"{seed}/{world}/ids".encode(), digest_size=24).digest()
    return int.from_bytes(digest[:12]), int.from_bytes(digest[12:]) | 1


Change = Callable[[WorldState], WorldState]
