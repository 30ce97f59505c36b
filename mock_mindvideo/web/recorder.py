"""Writes down what was asked and answered: the journal, and a line of the log."""

import logging
import time
from functools import lru_cache

from mock_mindvideo.domain.journal import Entry, excerpt, mask_header, mask_text
from mock_mindvideo.stores import Store
from mock_mindvideo.web.answers import Answer
from mock_mindvideo.web.exchange import Exchange

logger = logging.getLogger("mock_mindvideo.access")

#: Header values up to this length are masked once and remembered.
_REMEMBERED = 256


class Recorder:
    """Records exchanges that reached a world; the others only in the log."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, exchange: Exchange, answer: Answer, began: float) -> None:
        """`began` is the value of `time.perf_counter` when the request arrived."""
        ms = (time.perf_counter() - began) * 1000
        if exchange.world is not None:
            self._store.record(exchange.world.name, self._entry(exchange, answer, ms))
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

    def _entry(self, exchange: Exchange, answer: Answer, ms: float) -> Entry:
        assert exchange.world is not None  # noqa: S101 - the caller looked
        return Entry(
            at=exchange.world.now(),
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
            script=exchange.script.text if exchange.script else None,
            advice="; ".join(exchange.advice) or None,
        )


def shown_path(exchange: Exchange) -> str:
    """The path as it may be shown: on one line, without a key, and cut."""
    raw: bytes = exchange.scope.get("raw_path") or exchange.path.encode()
    return mask_text(raw[:1000].decode("ascii", "replace"))


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
