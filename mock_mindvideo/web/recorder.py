"""Writes down what was asked and answered: the journal, and a line of the log."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.journal import MAX_BODY, Note
from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.stores import Store
from mock_mindvideo.web.access_log import sent_path, write_line
from mock_mindvideo.web.answers import LOST, Answer
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.web.metrics.tally import Tally
from mock_mindvideo.web.routes import EVENTS, SHOW, SUBMIT
from mock_mindvideo.worlds import World

if TYPE_CHECKING:
    from mock_mindvideo.web.spans import Spans

#: The endpoints' paths, with a name for what varies.
_ROUTES = {
    SUBMIT: PLATFORM.paths.submit,
    SHOW: PLATFORM.paths.show,
    EVENTS: PLATFORM.paths.events,
}

logger = logging.getLogger("mock_mindvideo.access")


class Follows(Protocol):
    """Tells what becomes of tasks: `transitions.Transitions`."""

    def follow(self, world: World, task_id: str, *, new: bool) -> None:
        """From now on, of this one."""


class Recorder:
    """Records exchanges: those that reached no world in the journal of `stray`, if there is one.

    Of those that were answered well, one in `sample` is recorded, of all that went wrong each.
    `transitions` are told of the tasks that are asked for, where the log is to show what becomes of
    them, `tally` of each answer, where somebody counts them, and `spans` where somebody traces.
    """

    def __init__(
        self,
        store: Store,
        stray: Callable[[], World | None],
        transitions: Follows | None = None,
        tally: Tally | None = None,
        sample: int = 1,
        spans: "Spans | None" = None,
    ) -> None:
        self._store = store
        self._transitions = transitions
        self._stray = stray
        self._tally = tally
        self._sample = sample
        self._passed = 0
        self._spans = spans

    def record(self, exchange: Exchange, answer: Answer) -> None:
        """Write down an answer, before it is sent: who has it can find it here."""
        ms = (time.perf_counter() - exchange.began) * 1000
        world = exchange.world or self._stray()
        if world is not None and (self._sample == 1 or self._is_kept(exchange, answer)):
            try:
                self._store.record(world.name, self._note(exchange, world, answer, ms))
            except Unavailable as problem:  # the answer is given; it does not become another now
                logger.warning("part of the journal was lost: %s", problem)
        if self._tally is not None:
            self._tally.answered(exchange.endpoint, answer.status, ms / 1000)
            if exchange.fired is not None:
                self._tally.disturbed(exchange.fault.words)
        if self._spans is not None and not exchange.begins_stream(answer.status):
            self._trace(exchange, answer.status, answer.code)
        if logger.isEnabledFor(logging.INFO):
            self._log(exchange, answer, ms)

    def _is_kept(self, exchange: Exchange, answer: Answer) -> bool:
        """Whether an answer is one of the sample: what went wrong, or was disturbed, always is.

        A delay alone disturbs nothing.
        """
        if answer is LOST or answer.status >= 400 or set(exchange.fault.words) - {"delay"}:
            return True
        self._passed += 1
        return self._passed % self._sample == 1

    def streamed(self, exchange: Exchange) -> None:
        """A stream, whose beginning was recorded, is over."""
        if self._spans is not None:
            self._trace(exchange, 200, None)

    def _trace(self, exchange: Exchange, status: int, code: str | None) -> None:
        assert self._spans is not None  # noqa: S101 - asked for before
        self._spans.request(
            exchange.scope,
            exchange.extension.path if exchange.extension else _ROUTES.get(exchange.endpoint),
            status,
            time.perf_counter() - exchange.began,
            error_code=code,
            task_id=shown_task(exchange),
            script=exchange.scripts,
        )

    def _log(self, exchange: Exchange, answer: Answer, ms: float) -> None:
        """A line for the answer, and from now on one for each state that its task enters."""
        write_line(
            exchange.scope,
            answer.status,
            answer.code,
            ms,
            task=shown_task(exchange),
            script=exchange.scripts,
        )
        if self._transitions is None or exchange.world is None or exchange.task_id is None:
            return
        if answer.code is None and answer.status < 300:
            new = exchange.endpoint == SUBMIT and not exchange.replayed
            self._transitions.follow(exchange.world, exchange.task_id, new=new)

    def _note(self, exchange: Exchange, world: World, answer: Answer, ms: float) -> Note:
        task_id = exchange.task_id
        return Note(
            world.now(exchange.state) if exchange.at is None else exchange.at,
            exchange.request_id,
            exchange.method,
            sent_path(exchange.scope),
            exchange.scope["headers"],
            exchange.body[:MAX_BODY],
            answer.status,
            answer.code,
            None if task_id is None else task_id[:64],
            answer.body[:MAX_BODY],
            ms,
            exchange.fired.text if exchange.fired else None,
            exchange.plan,
            "; ".join(exchange.advice) if exchange.advice else None,
            _retry_after(answer) if answer.status in {429, 503} else None,
        )


def _retry_after(answer: Answer) -> int | None:
    return next((int(value) for name, value in answer.headers if name == b"retry-after"), None)


def shown_task(exchange: Exchange) -> str | None:
    """The task's id, which may be anything that a client put into the path."""
    task_id = exchange.task_id
    if task_id is None:
        return None
    return mask_text(task_id[:64])
