"""The log of a server: readable lines on stderr, in colour where a person reads them."""

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from click import style

from mock_mindvideo.domain.masking import mask_text

_LEVELS = {logging.WARNING: "yellow", logging.ERROR: "red", logging.CRITICAL: "red"}
_STATUSES = {0: "magenta", 4: "yellow", 5: "red"}


class Lines(logging.Formatter):
    """A line for each record: the time, the level, the message, without any key.

    In colour, warnings and errors stand out, and answers by their status, which a record brings
    as `status`: 0 for one that was never given.
    """

    def __init__(self, *, colour: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        line = mask_text(super().format(record))
        if not self._colour:
            return line
        status: int | None = getattr(record, "status", None)
        colour = _LEVELS.get(record.levelno) if status is None else _STATUSES.get(status // 100)
        return style(line, fg=colour, dim=record.levelno < logging.INFO)


def in_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to write in colour: to a terminal that knows them, unless NO_COLOR is set.

    FORCE_COLOR has them written elsewhere too (force-color.org, no-color.org).
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def configure_logs(level: str) -> None:
    """Send what the mock and uvicorn log to stderr, at `level` and above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(colour=in_colour(sys.stderr, os.environ)))
    for name in ("mock_mindvideo", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("mock_mindvideo").setLevel(level.upper())
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
