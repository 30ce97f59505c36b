"""The log is in colour where a person reads it, and JSON where a collector does."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.serving.logs import JsonLines, Lines, in_colour
from mock_mindvideo.web.access_log import TOLD


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


def line(*, colour: bool, level: int = logging.INFO, **told: int) -> str:
    record = logging.LogRecord("mock_mindvideo", level, "", 0, "GET / %s", ("x",), None)
    vars(record)[TOLD] = told
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


def as_json(
    message: str, problem: BaseException | None = None, **told: object
) -> dict[str, object]:
    info = (type(problem), problem, None) if problem else None
    record = logging.LogRecord("mock_mindvideo.access", logging.INFO, "", 0, message, (), info)
    vars(record)[TOLD] = told
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    found: dict[str, object] = json.loads(line)
    return found


def test_a_json_line_has_what_it_says_by_name_and_nothing_that_there_is_none_of() -> None:
    shown = as_json("POST /api/v1/tasks 200", method="POST", status=200, code=None, ms=0.4)
    assert shown.pop("time")
    assert shown == {
        "level": "info",
        "logger": "mock_mindvideo.access",
        "message": "POST /api/v1/tasks 200",
        "method": "POST",
        "status": 200,
        "ms": 0.4,
    }


@given(st.text() | st.text(st.characters(categories=["Cs", "Cc", "Zl"])))
def test_whatever_is_logged_is_one_line_of_json(text: str) -> None:
    # JSON writes characters in UTF-16, so two surrogates that fit are one character.
    read = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert as_json(text, path=text)["path"] == read


def test_a_json_line_holds_no_key_and_the_traceback_of_what_failed() -> None:
    try:
        raise ValueError("mv_live_0123456789")
    except ValueError as problem:
        shown = as_json("key mv_live_0123456789", problem, path="/?k=mv%5Flive_0123456789")
    assert "01234567" not in str(shown)
    assert "ValueError: mv_live_…89" in str(shown["exception"])
