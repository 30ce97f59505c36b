"""Tasks in flight, as simply as it can be said: moment after moment, nothing decided ahead."""

from dataclasses import dataclass, field

SECOND = 1_000_000
NEVER = float("inf")


@dataclass
class ModelTask:
    ready: int
    work: int
    outcome: str
    entered: list[tuple[int, str]]

    @property
    def status(self) -> str:
        return self.entered[-1][1]

    @property
    def ends(self) -> float:
        stuck = self.outcome == "stuck" or self.status != "processing"
        return NEVER if stuck else self.entered[-1][0] + self.work

    @property
    def ended(self) -> bool:
        return self.status not in ("queued", "processing")


@dataclass
class Model:
    """A world whose tasks begin once fewer than `most` of those before them are unfinished."""

    now: int
    most: int | None = None
    tasks: list[ModelTask] = field(default_factory=list)

    def submit(self, queued: int, work: int, outcome: str) -> None:
        self.tasks.append(ModelTask(self.now + queued, work, outcome, [(self.now, "queued")]))
        self.settle()

    def move(self, number: int, status: str) -> bool:
        """Whether the task could be moved there."""
        task = self.tasks[number]
        if task.ended or task.status == status:
            return False
        if task.status == "queued" and status == "succeeded":
            task.entered.append((self.now, "processing"))
        task.entered.append((self.now, status))
        self.settle()
        return True

    def advance(self, by: int) -> None:
        until = self.now + by
        while True:
            moments = [task.ready for task in self.tasks if task.status == "queued"]
            moments += [int(task.ends) for task in self.tasks if task.ends < NEVER]
            later = [moment for moment in moments if self.now < moment <= until]
            if not later:
                break
            self.now = min(later)
            self.settle()
        self.now = until

    def settle(self) -> None:
        """Let happen what is due now, until nothing more is."""
        while self._ends() or self._begins():
            pass

    def _ends(self) -> bool:
        due = [task for task in self.tasks if task.ends <= self.now]
        for task in due:
            task.entered.append((self.now, task.outcome))
        return bool(due)

    def _begins(self) -> bool:
        before = 0
        for task in self.tasks:
            free = self.most is None or before < self.most
            if task.status == "queued" and task.ready <= self.now and free:
                task.entered.append((self.now, "processing"))
                return True
            before += not task.ended
        return False

    @property
    def statuses(self) -> list[str]:
        return [task.status for task in self.tasks]
