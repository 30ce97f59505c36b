"""Worlds without pytest: `with mock_mindvideo.mock() as mindvideo:`, and as a decorator."""

import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast

from mock_mindvideo.plugin.ending import judge, story
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options, WorldOptions, for_live, options_with, settled
from mock_mindvideo.plugin.worlds import embedded_world, live_world, server_at
from mock_mindvideo.system.frames import hidden

if TYPE_CHECKING:
    from mock_mindvideo.serving.server import MockServer

__tracebackhide__ = hidden
__unittest = True

#: What a decorated function's parameter is called, if it wants the handle.
PARAMETER = "mindvideo"

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])
_Opening = Callable[[str], AbstractContextManager[MindVideo]]


def mock(*, name: str = "mock", **options: Unpack[WorldOptions]) -> "Mock":
    """A world in this process, which HTTP clients reach at the vendor's own address.

    `options` are the words of the marker; `name` is what the world and its seed are called after.
    Raises OptionError, a ValueError.
    """
    chosen = chosen_from(options)
    return Mock(name, lambda test: embedded_world(test, chosen))


def mock_live(
    *, name: str = "mock", server: "MockServer | str | None" = None, **options: Unpack[WorldOptions]
) -> "Mock":
    """A world on a server, for any client, language or process.

    `server` is a MockServer that runs, or the URL of one; without it, this process starts its own
    on first use, and keeps it. Raises OptionError, a ValueError.
    """
    chosen = chosen_from(options)

    def opening(test: str) -> AbstractContextManager[MindVideo]:
        at = server_at(server)
        return live_world(at, test, for_live(chosen, at))

    return Mock(name, opening)


def chosen_from(options: WorldOptions) -> Options:
    """The options of a call; raises OptionError."""
    return settled(options_with(Options(), cast("dict[str, Any]", options), "the call"))


class Mock:
    """Opens a world for a `with` or `async with`, or around each call of what it decorates.

    Each use has a world of its own. Inside another one, requests to the same host go to the
    innermost world, and to the outer one again when that has ended. At the end a strict world
    raises AssertionError for what broke the API's rules; an exception that passes is given a note
    of what happened.
    """

    def __init__(self, name: str, opening: _Opening) -> None:
        self._name = name
        self._opening = opening
        self._opened: AbstractContextManager[MindVideo] | None = None

    def __enter__(self) -> MindVideo:
        if self._opened is not None:
            raise RuntimeError("this mock is open already; each mock() opens one world at a time")
        self._opened = self._world(self._name)
        return self._opened.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.__exit__(kind, error, trace)

    async def __aenter__(self) -> MindVideo:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, decorated: _Decorated) -> _Decorated:
        """Decorate a function, plain or async, or the test methods of a class.

        What has a parameter `mindvideo` is given the handle by that name.
        """
        if inspect.isclass(decorated):
            return cast("_Decorated", self._around_methods(decorated))
        return cast("_Decorated", self._around(decorated))

    def _around_methods(self, decorated: type) -> type:
        from unittest import TestLoader  # noqa: PLC0415 - only such classes have need of it

        prefix = TestLoader.testMethodPrefix
        methods = [name for name in dir(decorated) if name.startswith(prefix)]
        methods = [name for name in methods if inspect.isfunction(getattr(decorated, name))]
        if not methods:
            raise TypeError(f"{decorated.__qualname__} has no methods that begin with '{prefix}'")
        for name in methods:
            setattr(decorated, name, self._around(getattr(decorated, name)))
        return decorated

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.isasyncgenfunction(function):
            raise TypeError("an async generator cannot be decorated; use `async with` inside it")
        signature = inspect.signature(function)
        wanted = signature.parameters.get(PARAMETER)
        name = f"{function.__module__}::{function.__qualname__}"

        @contextmanager
        def world(given: dict[str, Any]) -> Iterator[None]:
            with self._world(name) as handle:
                if wanted is not None:
                    given.setdefault(PARAMETER, handle)
                yield

        wrapper = _wrapped(function, world)
        if wanted is not None:  # pytest would look for a fixture of that name
            kept = [each for each in signature.parameters.values() if each is not wanted]
            wrapper.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return wrapper

    @contextmanager
    def _world(self, name: str) -> Iterator[MindVideo]:
        with self._opening(name) as handle, telling(handle):
            yield handle
            if problem := judge(handle):
                raise AssertionError(problem)


@contextmanager
def telling(handle: MindVideo) -> Iterator[None]:
    """Give an exception that passes a note of what happened in the world."""
    try:
        yield
    except Exception as error:
        if lines := story(handle, str(error)):
            error.add_note("\n".join([f"mindvideo world {handle.name}:", *lines]))
        raise


def _wrapped(
    function: Callable[..., Any], world: Callable[[dict[str, Any]], AbstractContextManager[None]]
) -> Callable[..., Any]:
    """`function` inside a world, as the kind of function that it is."""
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def inside(*given: Any, **named: Any) -> Any:
            with world(named):
                return await function(*given, **named)

    elif inspect.isgeneratorfunction(function):

        @wraps(function)
        def inside(*given: Any, **named: Any) -> Generator[Any, Any, Any]:
            with world(named):
                return (yield from function(*given, **named))

    else:

        @wraps(function)
        def inside(*given: Any, **named: Any) -> Any:
            with world(named):
                return function(*given, **named)

    return inside
