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
        "How many tasks of a world are processed at once; the others stay queued. 0: no limit.",
        type=int,
        metavar="TASKS",
    ),
    _option(
        "quota",
        "When a world answers 429: 10/1 allows ten requests of an API key a second,"
        " tasks=20 allows twenty unfinished tasks; none: no quota. Repeatable.",
        multiple=True,
        type=CommaSeparated(),
        metavar="QUOTA",
    ),
    _option("queued", "How long a task is queued, at least.", metavar=_TIMES),
    _option("processing", "How long a task is processed.", metavar=_TIMES),
    _option("latency", "How long each answer is delayed.", metavar=_TIMES),
    _option("failures", "The share of tasks that fail.", type=float, metavar="SHARE"),
    _option(
        "journal-sample",
        "Keep in the journal one of N requests that went well, and all others; 1 keeps all.",
        type=int,
        metavar="N",
    ),
    _option(
        "media-bitrate",
        "Pad each clip to so many megabits for each of its seconds.",
        type=float,
        metavar="MBIT",
    ),
)
