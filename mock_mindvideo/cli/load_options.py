"""What `serve` can bear and be like, for load tests; `--profile load` sets all of it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mock_mindvideo.cli.options import CommaSeparated
from mock_mindvideo.domain.profiles import LOAD

_Command = TypeVar("_Command", bound=Callable[..., Any])


def load_options(command: _Command) -> _Command:
    """Give a command these options, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _option(name: str, about: str, **kind: Any) -> Callable[[_Command], _Command]:
    shown = LOAD[name.replace("-", "_")]
    value = ", ".join(shown) if isinstance(shown, tuple) else f"{shown}"
    return click.option(f"--{name}", help=f"{about}  [load: {value}]", **kind)


_TIMES = "SECONDS|DISTRIBUTION|csv(FILE)"

_OPTIONS = (
    _option(
        "in-flight",
        "Tasks of a world that are worked on at once; more wait their turn, queued. 0 lifts it.",
        type=int,
        metavar="TASKS",
    ),
    _option(
        "quota",
        "What a world bears before it answers 429: 10/1 is ten requests of an API key a second,"
        " tasks=20 is that many unfinished tasks; none lifts them. Repeatable.",
        multiple=True,
        type=CommaSeparated(),
        metavar="QUOTA",
    ),
    _option("queued", "How long tasks are queued, at least.", metavar=_TIMES),
    _option("processing", "How long tasks are worked on.", metavar=_TIMES),
    _option("latency", "How long each answer is held.", metavar=_TIMES),
    _option("failures", "The share of tasks that fail.", type=float, metavar="SHARE"),
    _option(
        "journal-sample",
        "Keep one in so many requests that went well, and all that did not; 1 keeps all.",
        type=int,
        metavar="N",
    ),
    _option(
        "media-bitrate",
        "Make clips as long as so many megabits a second, with one rendering for each shape.",
        type=float,
        metavar="MBIT",
    ),
)
