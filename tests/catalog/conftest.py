"""Model folders made for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from .folders import write

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a folder laid out like `schemas/` with one model; see `write`."""

    def make(**files: object) -> Path:
        return write(tmp_path, **files)

    return make
