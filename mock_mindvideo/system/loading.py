"""Importing many modules at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Inside, the garbage collector pauses.

    What an import makes is there to stay. To look through it for garbage again and again, and
    through all of the suite's own modules with it, takes as long as the imports themselves.
    """
    if not gc.isenabled():  # by somebody else, who also decides when it goes on
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
