"""The worlds in a process's memory, within their bounds: who makes room, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterator

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import SECOND, Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.account import Account
from mock_mindvideo.stores.rows import Rows
from mock_mindvideo.system.clock import Clock


class Accounts:
    """Worlds by name. Called under the store's lock.

    `forget` is told the name of each world that is dropped.
    """

    def __init__(
        self,
        lifecycle: Lifecycle,
        clock: Clock,
        bounds: Bounds,
        rows: Rows,
        forget: Callable[[str], None],
    ) -> None:
        self._lifecycle = lifecycle
        self._clock = clock
        self._bounds = bounds
        self._rows = rows
        self._forget = forget
        self._accounts: dict[str, Account] = {}
        self._size = 0
        self.dropped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def __len__(self) -> int:
        return len(self._accounts)

    def get(self, name: str) -> Account | None:
        """The world of that name, if it is kept; not counted as a use."""
        return self._accounts.get(name)

    def use(self, start: WorldState) -> Account:
        """The world, or a new one that is not kept yet."""
        account = self._accounts.get(start.name)
        if account is None:
            return Account(start, self._clock.real(), self._rows)
        account.used = self._clock.real()
        return account

    def keep(self, account: Account) -> None:
        """Keep a world that `use` gave; raises Unavailable if worlds in use fill the bound."""
        name = account.state.name
        if name in self._accounts:
            return
        self._drop_idle_worlds(lambda: len(self._accounts) < self._bounds.worlds)
        if len(self._accounts) >= self._bounds.worlds:
            raise Unavailable("full of worlds that are in use: reset some")
        self._accounts[name] = account

    def put(self, account: Account, task: Task) -> None:
        """Write a task of a kept world."""
        self._size += account.put(task, self._lifecycle)

    def make_room(self, account: Account, size: int) -> None:
        """Let idle worlds go, then ended tasks, until a new task of `size` bytes fits.

        Raises Unavailable if only unfinished ones are left.
        """

        if self._fits(account, size):
            return

        def fits() -> bool:
            return self._fits(account, size)

        others: list[Account] = []
        if self._size + size > self._bounds.task_bytes:
            self._drop_idle_worlds(fits, but=account)
            others = [each for each in self if each is not account]
        for each in (account, *others):
            while not fits() and self._drop_ended(each):
                """As many as the new one needs."""
        if not fits():
            raise Unavailable("full of unfinished tasks: end some, or reset the world")

    def _fits(self, account: Account, size: int) -> bool:
        bounds = self._bounds
        return len(account.rows) < bounds.tasks and self._size + size <= bounds.task_bytes

    def drop(self, name: str) -> None:
        """Forget a world; nothing happens where there is none."""
        account = self._accounts.pop(name, None)
        self._size -= account.size if account else 0
        self._forget(name)

    def _drop_idle_worlds(self, enough: Callable[[], bool], but: Account | None = None) -> None:
        """Drop worlds that nobody uses, the longest unused first, until there is room."""
        if enough():
            return
        idle = [each for each in self._idle(self._clock.real()) if each is not but]
        for account in sorted(idle, key=lambda each: each.used):
            self.drop(account.state.name)
            self.dropped["worlds"] += 1
            if enough():
                return

    def _drop_ended(self, account: Account) -> bool:
        """Drop some of a world's ended tasks; whether there were any."""
        count, freed = account.drop_ended(account.state.now(self._clock.real()))
        self._size -= freed
        self.dropped["tasks"] += count
        return count > 0

    def _idle(self, real: Instant) -> Iterator[Account]:
        """The worlds that nobody uses. All are looked at, so the look is a short one."""
        unused = real - self._bounds.idle_seconds * SECOND
        for account in self._accounts.values():
            if account.used < unused or account.idle(account.state.now(real)):
                yield account
