"""What a world does, as simply as it can be said: plain numbers, one task after the other."""

from dataclasses import dataclass, field
from decimal import Decimal

SECOND = 1_000_000
QUEUED, PROCESSING = 2 * SECOND, 8 * SECOND
VIRTUAL_START = 1_767_225_600 * SECOND
PRICES = {"1080P": Decimal("0.1233"), "720P": Decimal("0.0747")}


@dataclass
class ModelScript:
    outcome: str
    times: int
    skip: int
    seen: int = 0
    used: int = 0

    def asked(self) -> bool:
        """Whether it fires for one more task."""
        self.seen += 1
        fires = self.used < self.times and self.seen > self.skip
        self.used += fires
        return fires


@dataclass
class ModelTask:
    """`steps` are all the states it enters as things stand, with their moments."""

    key: str | None
    body: object
    cost: Decimal
    outcome: str
    steps: list[tuple[int, str]]

    @classmethod
    def made(cls, now: int, key: str | None, body: object, cost: Decimal, outcome: str):
        task = cls(key, body, cost, outcome, [(now, "queued")])
        task.follow(now + QUEUED, "processing")
        return task

    def follow(self, at: int, status: str) -> None:
        self.steps.append((at, status))
        if status == "processing" and self.outcome != "stuck":
            self.steps.append((at + PROCESSING, self.outcome))

    def status(self, now: int) -> str:
        return [status for at, status in self.steps if at <= now][-1]

    def due(self, now: int) -> int | None:
        return next((at for at, _ in self.steps if at > now), None)

    def ended(self, now: int) -> bool:
        return self.status(now) not in ("queued", "processing")

    def can_become(self, now: int, status: str) -> bool:
        return not self.ended(now) and status != self.status(now)

    def move(self, now: int, status: str) -> None:
        self.steps = [step for step in self.steps if step[0] <= now]
        if status == "succeeded" and self.status(now) == "queued":
            self.steps.append((now, "processing"))
        self.follow(now, status)

    def spent(self, now: int) -> Decimal:
        """What it holds, or has cost."""
        free = self.status(now) in ("failed", "cancelled")
        return Decimal(0) if free else self.cost


@dataclass
class ModelWorld:
    now: int = VIRTUAL_START
    progress: str = "manual"
    speed: int = 1
    credit: Decimal | None = None
    credit_from: int = 0
    tasks: list[ModelTask] = field(default_factory=list)
    scripts: list[ModelScript] = field(default_factory=list)

    def left(self) -> Decimal | None:
        if self.credit is None:
            return None
        counted = self.tasks[self.credit_from :]
        return self.credit - sum((task.spent(self.now) for task in counted), Decimal(0))

    def find(self, key: str | None) -> int | None:
        """The index of the task that has the key."""
        found = [index for index, task in enumerate(self.tasks) if task.key == key is not None]
        return found[0] if found else None

    def submit(self, key: str | None, body: object, cost: Decimal, outcome: str | None) -> str:
        """What happens: "replayed", or the code of a refusal, or "created"."""
        if (known := self.find(key)) is not None:
            same = self.tasks[known].body == body
            return "replayed" if same else "idempotency_key_reused"
        if self.credit is not None and cost > (self.left() or 0):
            return "insufficient_credit"
        for script in self.scripts if outcome is None else ():
            if outcome is None and script.used < script.times and script.asked():
                outcome = script.outcome
        self.tasks.append(ModelTask.made(self.now, key, body, cost, outcome or "succeeded"))
        return "created"
