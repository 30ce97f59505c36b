"""The log is in colour where a person reads it, and only there."""

import io
import logging

import pytest

from mock_mindvideo.serving.logs import Lines, in_colour


class Terminal(io.StringIO):
    """Somewhere a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"TERM": "xterm-256color"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_are_for_terminals_that_have_them_unless_they_are_unwanted(
    stream: io.StringIO, environ: dict[str, str], coloured: bool
) -> None:
    assert in_colour(stream, environ) is coloured


def line(*, colour: bool, level: int = logging.INFO, **extra: int) -> str:
    record = logging.LogRecord("mock_mindvideo", level, "", 0, "GET / %s", ("x",), None)
    vars(record).update(extra)
    return Lines(colour=colour).format(record)


@pytest.mark.parametrize(
    ("status", "code"), [(0, "\x1b[35m"), (404, "\x1b[33m"), (429, "\x1b[33m"), (503, "\x1b[31m")]
)
def test_refusals_and_lost_answers_stand_out(status: int, code: str) -> None:
    assert line(colour=True, status=status).startswith(code)


def test_answers_as_they_should_be_are_plain() -> None:
    assert "\x1b[3" not in line(colour=True, status=200)


def test_warnings_and_errors_stand_out() -> None:
    assert line(colour=True, level=logging.WARNING).startswith("\x1b[33m")
    assert line(colour=True, level=logging.ERROR).startswith("\x1b[31m")


def test_without_colour_a_line_is_plain_text() -> None:
    assert "\x1b" not in line(colour=False, level=logging.ERROR, status=503)
