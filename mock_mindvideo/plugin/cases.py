"""A world for each test of a unittest.TestCase."""

import inspect
import unittest
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from mock_mindvideo.plugin.ending import judge
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.mocking import chosen_from, telling
from mock_mindvideo.plugin.options import WorldOptions, for_live
from mock_mindvideo.plugin.worlds import embedded_world, live_world, server_at
from mock_mindvideo.system.frames import hidden

if TYPE_CHECKING:
    _Case = unittest.TestCase
else:
    _Case = object

__tracebackhide__ = hidden
__unittest = True

#: The steps of a test, in which an exception is given a note of what happened.
_STEPS = ("setUp", "asyncSetUp", "asyncTearDown", "tearDown")


class MindVideoMixin(_Case):
    """`class Tests(MindVideoMixin, unittest.TestCase)`: each test has a world, `self.mindvideo`.

    It is there from `setUp` to `tearDown`; `mindvideo_options` are the words of the marker.
    """

    mindvideo: MindVideo
    mindvideo_options: ClassVar[WorldOptions] = {}

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        order = cls.__mro__
        if unittest.TestCase in order and order.index(unittest.TestCase) < order.index(
            MindVideoMixin
        ):
            raise TypeError(f"{cls.__name__}: the mixin stands before unittest.TestCase")

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Run the test in its world."""
        self._surround()
        return super().run(result)

    def debug(self) -> None:
        """The same without collecting what fails."""
        self._surround()
        super().debug()

    def _mindvideo_world(self) -> AbstractContextManager[MindVideo]:
        return embedded_world(self.id(), chosen_from(self.mindvideo_options))

    def _surround(self) -> None:
        """Open the world before `setUp`, close it after every clean-up of the test."""
        for name in (*_STEPS, self._testMethodName):
            step = getattr(self, name, None)
            if step is not None:
                setattr(self, name, self._telling(step))
        self.setUp = self._opening(self.setUp)  # type: ignore[method-assign]

    def _opening(self, set_up: Callable[[], object]) -> Callable[[], None]:
        @wraps(set_up)
        def opened() -> None:
            self.mindvideo = self.enterContext(self._mindvideo_world())
            self.addCleanup(self._end)
            set_up()

        return opened

    def _end(self) -> None:
        if problem := judge(self.mindvideo):
            self.fail(problem)

    def _telling(self, step: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(step):

            @wraps(step)
            async def told(*given: Any, **named: Any) -> Any:
                with telling(self.mindvideo):
                    return await step(*given, **named)

        else:

            @wraps(step)
            def told(*given: Any, **named: Any) -> Any:
                with telling(self.mindvideo):
                    return step(*given, **named)

        return told


class LiveMindVideoMixin(MindVideoMixin):
    """Like `MindVideoMixin`, with each world on a server that the process starts on first use."""

    def _mindvideo_world(self) -> AbstractContextManager[MindVideo]:
        server = server_at(None)
        return live_world(server, self.id(), for_live(chosen_from(self.mindvideo_options), server))
