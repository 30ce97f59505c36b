"""Sleeping without time: the application's sleeps move the world's clock instead.

The functions are replaced wherever they are known by name, `from time import sleep` included.
The mock's own server, pytest and their helpers sleep on as before.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from threading import local
from types import ModuleType, TracebackType
from typing import Any

from mock_mindvideo.plugin.control import Control

#: Packages whose own sleeps are real: they serve the test and are not what is tested.
OTHERS = frozenset(
    (
        "_pytest",
        "asyncio",
        "execnet",
        "mock_mindvideo",
        "pluggy",
        "pytest",
        "multiprocessing",
        "pytest_asyncio",
        "pytest_httpserver",
        "socketserver",
        "subprocess",
        "threading",
        "uvicorn",
        "watchfiles",
        "xdist",
    )
)


class Sleeper:
    """Replaces the sleeps while inside. `naps` are the seconds of each, in order."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._clock = _VirtualSleep(self._advance)
        self._replaced: list[tuple[ModuleType, str, Any]] = []
        self.naps: list[float] = []

    @property
    def total(self) -> float:
        """The seconds of all of them together."""
        return sum(self.naps)

    def __enter__(self) -> "Sleeper":
        for original, virtual in self._pairs():
            self._replace(original, virtual)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._replaced:
            module, name, original = self._replaced.pop()
            setattr(module, name, original)

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        yield time.sleep, self._sync(time.sleep)
        yield asyncio.sleep, self._async(asyncio.sleep)
        for name in ("trio", "anyio"):
            library = sys.modules.get(name)
            if library is not None:
                yield library.sleep, self._async(library.sleep)

    def _replace(self, original: Any, virtual: Any) -> None:
        for module in list(sys.modules.values()):
            known = getattr(module, "__dict__", None)
            if not isinstance(module, ModuleType) or not known or _is_other(module.__name__):
                continue
            for name in [name for name, value in known.items() if value is original]:
                self._replaced.append((module, name, original))
                setattr(module, name, virtual)

    def _advance(self, seconds: float) -> None:
        self._control.call("POST", "/clock", {"advance": seconds})

    def _sync(self, original: Callable[[float], None]) -> Callable[[float], None]:
        def sleep(seconds: float, /) -> None:
            if seconds <= 0 or _caller_is_other():
                original(seconds)
                return
            self.naps.append(float(seconds))  # tenacity's is a number of a class of its own
            self._advance(float(seconds))

        return sleep

    def _async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def sleep(delay: float, *result: Any, **named: Any) -> Any:
            if delay <= 0 or _caller_is_other():
                return original(delay, *result, **named)
            self.naps.append(float(delay))
            return self._clock.sleep(float(delay), lambda: original(0, *result, **named))

        return sleep


class _VirtualSleep:
    """Sleepers of one event loop wake in the order of their times, each moving the clock so far."""

    def __init__(self, advance: Callable[[float], None]) -> None:
        self._advance = advance
        self._of_thread = local()

    async def sleep(self, seconds: float, turn: Callable[[], Any]) -> Any:
        """Sleep; `turn` lets the other tasks of the loop have theirs, and its result is given."""
        state = self._of_thread.__dict__
        slept, waking = state.setdefault("slept", [0.0]), state.setdefault("waking", {})
        me = object()
        waking[me] = slept[0] + seconds
        try:
            result = await turn()
            while min(waking.values()) < waking[me]:
                result = await turn()
            self._advance(max(0.0, waking[me] - slept[0]))
            slept[0] = max(slept[0], waking[me])
        finally:
            del waking[me]
        return result


def _is_other(module: str) -> bool:
    return module.partition(".")[0] in OTHERS and module not in {"asyncio", "asyncio.tasks"}


def _caller_is_other() -> bool:
    """Whether the sleep is asked for by a package that is not under test."""
    name = str(sys._getframe(2).f_globals.get("__name__", ""))
    return name.partition(".")[0] in OTHERS
