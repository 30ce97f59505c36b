"""A standard output that cannot be written ends any command with one line and exit code 2."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

import click

from mock_mindvideo.cli.problems import MISUSE


class Commands(click.Group):
    """A group of commands whose output may go to a full disk, or to a reader that has left.

    click itself ends without a word where the reader left, and with a traceback on a full disk.
    """

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _whole_output():  # --help and --version print while the words are read
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _whole_output():
            return super().invoke(ctx)


@contextmanager
def _whole_output() -> Iterator[None]:
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # closed from the start
                sys.stdout.flush()
    except OSError as problem:
        place = problem.filename or "standard output"
        try:
            click.echo(f"mock-mindvideo: {place}: {problem.strerror or problem}", err=True)
        except OSError:  # nobody is left to tell
            _discard(sys.stderr)
        _discard(sys.stdout)
        raise click.exceptions.Exit(MISUSE) from None


def _discard(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that the interpreter's own flush cannot fail."""
    with suppress(OSError, ValueError):  # not a file, under a test runner
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
