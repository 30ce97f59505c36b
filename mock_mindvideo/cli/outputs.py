"""Files that a command will write: opened before anything else is done, written at the end."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mock_mindvideo.cli.problems import fail
from mock_mindvideo.system.files import open_to_write, put


class Outputs:
    """Open files by their path. What a file held stays until it is written."""

    def __init__(self) -> None:
        self._open: dict[Path, BinaryIO] = {}
        self._made: set[Path] = set()

    def open(self, file: Path) -> None:
        """Make sure that `file` can be written; where it cannot, the command ends."""
        if file in self._open:
            fail(f"{file}: two reports cannot be written to one file")
        is_new = not os.path.lexists(file)
        try:
            self._open[file] = os.fdopen(open_to_write(file), "ab")
        except OSError as error:
            fail(f"{file}: cannot be written: {error.strerror}")
        if is_new:
            self._made.add(file)

    def write(self, file: Path, text: str) -> None:
        """Write a file that was opened; where that fails, the command ends."""
        try:
            put(self._open[file], file, text.encode())
        except OSError as error:
            fail(f"{file}: cannot be written: {error.strerror}")
        self._made.discard(file)

    def close(self) -> None:
        """Close them all, and leave none behind that was made and not written."""
        for stream in self._open.values():
            with suppress(OSError):
                stream.close()
        for file in self._made:
            with suppress(OSError):
                file.unlink()


@contextmanager
def opened(files: Iterable[Path | None]) -> Iterator[Outputs]:
    """The files that are named among `files`, open for writing."""
    outputs = Outputs()
    try:
        for file in files:
            if file is not None:
                outputs.open(file)
        yield outputs
    finally:
        outputs.close()
