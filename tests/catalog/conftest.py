"""Model folders made for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .folders import write

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a folder laid out like `schemas/` with one model; see `write`."""

    def make(**files: object) -> Path:
        return write(tmp_path, **files)

    return make
