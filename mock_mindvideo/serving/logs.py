"""The log of a server on stderr: lines for people, in colour, or JSON for collectors."""

import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from click import style

from mock_mindvideo.domain.instant import SECOND, rfc3339
from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.settings import JSON, TEXT
from mock_mindvideo.web.access_log import TOLD

_LEVELS = {logging.WARNING: "yellow", logging.ERROR: "red", logging.CRITICAL: "red"}
_STATUSES = {0: "magenta", 4: "yellow", 5: "red"}


class Lines(logging.Formatter):
    """A line for each record: the time, the level, the message, without any key.

    In colour, warnings and errors stand out, and answers by the status that a record tells: 0 for
    one that was never given.
    """

    def __init__(self, *, colour: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        line = mask_text(super().format(record))
        if not self._colour:
            return line
        status = _told(record).get("status")
        colour = _LEVELS.get(record.levelno) if status is None else _STATUSES.get(status // 100)
        return style(line, fg=colour, dim=record.levelno < logging.INFO)


class JsonLines(logging.Formatter):
    """A JSON object on a line for each record, without any key.

    `time` is RFC 3339 in UTC, `message` the line that people read. What it says stands beside it by
    name: of an answer `method`, `path`, `status`, `code`, `task_id`, `ms` and `script`, of a task
    `task_id`, `from`, `to` and `world`. What there is none of is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown: dict[str, object] = {
            "time": rfc3339(int(record.created * SECOND)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in _told(record).items() if value is not None},
        }
        if record.exc_info:
            shown["exception"] = self.formatException(record.exc_info)
        return mask_text(json.dumps(shown, default=str))


def _told(record: logging.LogRecord) -> Mapping[str, Any]:
    told: Mapping[str, Any] = getattr(record, TOLD, {})
    return told


def in_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to write in colour: to a terminal that knows them, unless NO_COLOR is set.

    FORCE_COLOR has them written elsewhere too (force-color.org, no-color.org).
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def configure_logs(level: str, form: str = TEXT) -> None:
    """Send what the mock and uvicorn log to stderr, at `level` and above."""
    handler = logging.StreamHandler(sys.stderr)
    colour = in_colour(sys.stderr, os.environ)
    handler.setFormatter(JsonLines() if form == JSON else Lines(colour=colour))
    for name in ("mock_mindvideo", "uvicorn", "opentelemetry"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("mock_mindvideo").setLevel(level.upper())
    for name in ("uvicorn", "opentelemetry"):
        logging.getLogger(name).setLevel(logging.WARNING)
