"""Which frames of this package a traceback leaves out, so that it ends where the test is wrong.

A module says so by `__tracebackhide__ = hidden` for pytest, and by `__unittest` for unittest. What
comes of a fault of the mock keeps its frames.
"""

from typing import Protocol

#: Libraries whose exceptions are the mock's answer to a client.
CLIENTS = frozenset(("httpx", "httpx2", "requests", "urllib3", "aiohttp", "httpcore", "_pytest"))


class Raised(Protocol):
    """pytest's ExceptionInfo, as far as it is needed."""

    @property
    def value(self) -> BaseException:
        """The exception that was raised."""


def hidden(raised: Raised | None) -> bool:
    """Whether an exception was raised for whoever reads the test."""
    if raised is None:
        return False
    kind = type(raised.value)
    home = kind.__module__.partition(".")[0]
    return issubclass(kind, AssertionError) or home in CLIENTS or home == "mock_mindvideo"
