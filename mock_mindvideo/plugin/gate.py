"""Gates as a test sees them: `with mindvideo.hold("commit") as gate:`."""

from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.patience import in_asyncio, wait_in_thread, wait_in_trio
from mock_mindvideo.web.gates import Gate, Gates
from mock_mindvideo.web.waiting import wait_in_loop

__tracebackhide__ = hidden
__unittest = True

#: Real seconds that a test waits for a request to come, which a busy machine may keep back.
PATIENCE = 30.0


class ClosedGate:
    """Inside, the first request that comes to the point is held there; leaving lets it go."""

    def __init__(self, gates: Gates, world: str, point: str) -> None:
        self._gates = gates
        self._gate: Gate = gates.close(world, point)

    def wait(self, timeout: float = PATIENCE) -> None:
        """Until a request is held; raises AssertionError if none comes in `timeout` seconds."""
        self._check(rang=wait_in_thread(self._gate.reached, timeout))

    async def wait_async(self, timeout: float = PATIENCE) -> None:
        """The same in asyncio or trio, where the held request is another task."""
        wait = wait_in_loop if in_asyncio() else wait_in_trio
        self._check(rang=await wait(self._gate.reached, timeout))

    def release(self) -> None:
        """Let the held request go on, and all that follow."""
        self._gates.open(self._gate)

    def __enter__(self) -> "ClosedGate":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _check(self, *, rang: bool) -> None:
        if not rang:
            raise AssertionError(f"no request came to the gate '{self._gate.point}'")
