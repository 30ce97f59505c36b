"""Taking a library's names away from everybody but the library itself, which goes on with them."""

import sys
from typing import Any

import pytest


def hide(monkeypatch: pytest.MonkeyPatch, kind: type, name: str) -> None:
    """Let no instance of `kind` show `name` outside its own library."""
    whole, library = kind.__getattribute__, kind.__module__.partition(".")[0]

    def lookup(self: Any, wanted: str) -> Any:
        if wanted == name and not _within(library):
            raise AttributeError(wanted)
        return whole(self, wanted)

    monkeypatch.setattr(kind, "__getattribute__", lookup, raising=False)


def without(kind: type, name: str) -> type:
    """`kind`, as a class that does not show `name` outside its own library."""
    library = kind.__module__.partition(".")[0]

    class Hiding(type):
        def __getattribute__(cls, wanted: str) -> Any:
            if wanted == name and not _within(library):
                raise AttributeError(wanted)
            return super().__getattribute__(wanted)

    return Hiding(kind.__name__, (kind,), {"__module__": kind.__module__, "__slots__": ()})


def _within(library: str) -> bool:
    """Whether the name is asked for by `library`; its subclasses elsewhere are not it."""
    asking = str(sys._getframe(2).f_globals["__name__"])
    return asking == library or asking.startswith(f"{library}.")
