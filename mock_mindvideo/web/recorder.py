"""Writes down what was asked and answered: the journal, and a line of the log."""

import logging
import time
from functools import lru_cache

from mock_mindvideo.domain.journal import Entry, excerpt, mask_header, mask_text
from mock_mindvideo.stores import Store
from mock_mindvideo.web.answers import Answer
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.worlds import World

logger = logging.getLogger("mock_mindvideo.access")

#: Header values up to this length are masked once and remembered.
_REMEMBERED = 256


class Recorder:
    """Records exchanges that reached a world; the others only in the log.

    Where one world owns the whole application, `stray` gives it the others as well.
    """

    def __init__(self, store: Store, stray: World | None = None) -> None:
        self._store = store
        self._stray = stray

    def record(self, exchange: Exchange, answer: Answer, began: float) -> None:
        """`began` is the value of `time.perf_counter` when the request arrived."""
        ms = (time.perf_counter() - began) * 1000
        world = exchange.world or self._stray
        if world is not None:
            self._store.record(world.name, self._entry(exchange, world, answer, ms))
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "%s %s %d %s %s %.1f ms",
                exchange.method,
                shown_path(exchange),
                answer.status,
                answer.code or "-",
                shown_task(exchange) or "-",
                ms,
            )

    def _entry(self, exchange: Exchange, world: World, answer: Answer, ms: float) -> Entry:
        return Entry(
            at=world.now() if exchange.at is None else exchange.at,
            request_id=exchange.request_id,
            method=exchange.method,
            path=shown_path(exchange),
            headers="\n".join([_line(*header) for header in exchange.scope["headers"]]),
            body=masked(exchange.body),
            status=answer.status,
            code=answer.code,
            task_id=shown_task(exchange),
            answer=masked(answer.body),
            ms=ms,
            script=fired.text if (fired := exchange.fired or exchange.script) else None,
            advice="; ".join(exchange.advice) or None,
            retry_after=_retry_after(answer) if answer.status in {429, 503} else None,
        )


def shown_path(exchange: Exchange) -> str:
    """The path as it may be shown: on one line, without a key, and cut."""
    raw: bytes = exchange.scope.get("raw_path") or exchange.path.encode()
    return mask_text(raw[:1000].decode("ascii", "replace"))


def _retry_after(answer: Answer) -> int | None:
    return next((int(value) for name, value in answer.headers if name == b"retry-after"), None)


def shown_task(exchange: Exchange) -> str | None:
    """The task's id, which may be anything that a client put into the path."""
    return mask_text(exchange.task_id[:64]) if exchange.task_id else None


def masked(body: bytes) -> bytes:
    """The part of a body that is kept, keys masked."""
    kept = excerpt(body)
    if b"mv_" not in kept:
        return kept
    return mask_text(kept.decode("utf-8", "replace")).encode()


def _line(name: bytes, value: bytes) -> str:
    if len(value) > _REMEMBERED:
        return _masked_line(name, value[:4096])
    return _remembered_line(name, value)


def _masked_line(name: bytes, value: bytes) -> str:
    label = name.decode("latin-1")
    return f"{label}: {mask_header(label, value.decode('latin-1'))}"


_remembered_line = lru_cache(maxsize=4096)(_masked_line)
