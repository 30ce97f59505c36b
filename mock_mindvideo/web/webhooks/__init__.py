"""Tells a dialect's webhook of each task that has ended: at least once, by the world's clock.

What is due follows from tasks and the time, as all else does (`waiting`); only what was sent has to
be remembered (`sending`): each attempt is an act in the world's journal, so that a server that
starts again sends what is missing. Servers look now and then (`run`); an application without one
sends what is due when its world's time moves, and after each request (`prompt`).
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread, get_ident
from typing import Any

from mock_mindvideo.domain.dialect.webhooks import WebhookForm
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.stores import Store
from mock_mindvideo.web.answers import Answer
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.recorder import Recorder
from mock_mindvideo.web.webhooks.sending import Attempts
from mock_mindvideo.web.webhooks.waiting import Waiting
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service

#: Real seconds between two looks of a server.
PERIOD = 0.1


class Webhooks:
    """Finds what is due, and sends it. `hosts` are those allowed beside this machine.

    Of several workers, which share a folder, one does: the one that has the lock in it.
    """

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        store: Store,
        links: Links,
        hosts: tuple[str, ...],
        shared: Path | None = None,
    ) -> None:
        self.attempts = Attempts(service, links, hosts)
        self._service = service
        self._worlds = worlds
        self._store = store
        self._shared = shared
        self._waiting: dict[str, Waiting] = {}
        self._sending = Lock()
        self._again = False
        self._served = False
        self._silent: int | None = None
        store.subscribe(self._notice)

    @property
    def form(self) -> WebhookForm | None:
        """How they are sent, None where the dialect has them off."""
        return self._service.catalog.dialect.webhooks

    def _notice(self, name: str | None) -> None:
        """The time or the tasks of a world were moved, None stands for any."""
        for each in [self._waiting.get(name)] if name else list(self._waiting.values()):
            if each is not None:
                each.moved = True
        self.prompt()

    def prompt(self) -> None:
        """Send what is due, from a thread of its own where an event loop would wait for it.

        Where a server runs, that looks by itself.
        """
        if self._served or self._silent == get_ident():
            return
        if _in_loop():
            Thread(target=self.deliver, name="mock-mindvideo-webhooks", daemon=True).start()
        else:
            self.deliver()

    def deliver(self, *, wait: bool = False) -> None:
        """Send all that is due in the order of time; who asks meanwhile lets it look once more.

        With `wait` until that is done if somebody else does it, as long as a receiver may take.
        """
        self._again = True
        seconds = self.form.timeout if wait and self.form else 0
        while self._again and self._sending.acquire(timeout=seconds):
            try:
                self._again = False
                self._deliver()
            finally:
                self._sending.release()

    def _deliver(self) -> None:
        form = self.form
        if form is None:
            return
        for world in self._all():
            waiting = self._of(world)
            while not self.attempts.sender.over and (due := waiting.take(form)) is not None:
                try:
                    self.attempts.make(world, waiting, due, form)
                except Unavailable:
                    waiting.give_back(due[0])
                    raise

    def _all(self) -> list[World]:
        """The worlds that there are; what waited in others is forgotten."""
        names = {state.name for state in self._store.worlds()}
        for name in self._waiting.keys() - names:
            self._waiting.pop(name, None)
        return [self._worlds.open(name) for name in sorted(names)]

    def _of(self, world: World) -> Waiting:
        """What waits in a world; one made meanwhile by another thread is the same."""
        made = Waiting(world, self._store, self._service)
        return self._waiting.setdefault(world.name, made)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Inside, what this thread does prompts nothing: it holds what a receiver may need."""
        before, self._silent = self._silent, get_ident()
        try:
            yield
        finally:
            self._silent = before

    def next_due(self, world: World) -> Instant | None:
        """When the next message of a world is due, None for never; it may be over."""
        form = self.form
        return None if form is None else self._of(world).earliest(form)

    async def run(self) -> None:
        """Look again and again, until cancelled; a store that is away is asked again."""
        self._served = True
        with ExitStack() as held:
            while not self._is_first(held):
                await asyncio.sleep(PERIOD)
            try:
                await self._look_often()
            finally:
                self.attempts.sender.stop()
                await asyncio.to_thread(self._stopped)

    async def _look_often(self) -> None:
        look = self._begin
        while True:
            await asyncio.sleep(PERIOD)
            with suppress(Unavailable):
                await asyncio.to_thread(look)
                look = self._look_at_others

    def _begin(self) -> None:
        """Leave out what is older than the server, and than it would be tried."""
        if (form := self.form) is not None:
            for world in self._all():
                self._of(world).leave_old(form)
        self.deliver()

    def _look_at_others(self) -> None:
        if self._store.shared:
            self._store.poll()
        self.deliver()

    def settle(self) -> None:
        """Return when all that is due was sent; at once where an event loop may have to take it."""
        if not _in_loop():
            self.deliver(wait=True)

    def _stopped(self) -> None:
        """Wait for whoever is sending, who has been cut off."""
        with self._sending:
            self._again = False

    def _is_first(self, held: ExitStack) -> bool:
        if self._shared is None:
            return True
        import fcntl  # noqa: PLC0415 - where there are several workers, there is one

        file = held.enter_context((self._shared / "webhooks.lock").open("a"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        return True


class TellingRecorder(Recorder):
    """A recorder after whose work messages are sent that the request has made due."""

    def __init__(self, webhooks: Webhooks, *given: Any) -> None:
        super().__init__(*given)
        self._webhooks = webhooks

    def record(self, exchange: Exchange, answer: Answer) -> None:
        super().record(exchange, answer)
        attempts = self._webhooks.attempts
        attempts.base = attempts.links.base(exchange.scope, exchange.fields)
        self._webhooks.prompt()


def _in_loop() -> bool:
    """Whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
