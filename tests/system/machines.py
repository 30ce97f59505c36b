"""A machine whose wall clock can be set, and which can be started anew."""

from mock_mindvideo.domain.instant import SECOND


class FakeMachine:
    """Like `clock.Machine`; `pass_` lets time pass, and nothing but that moves `running`."""

    def __init__(self) -> None:
        self.boot = "boot 1"
        self._running = 100 * SECOND
        self._wall = 1_800_000_000 * SECOND

    def running(self) -> int:
        return self._running

    def wall(self) -> int:
        return self._wall

    def pass_(self, seconds: float) -> None:
        self._running += round(seconds * SECOND)
        self._wall += round(seconds * SECOND)

    def set_wall(self, seconds: float) -> None:
        """Set the wall clock on or back."""
        self._wall = max(0, self._wall + round(seconds * SECOND))

    def start_anew(self, away: float) -> None:
        self.boot = f"boot {int(self.boot.split()[1]) + 1}"
        self._running = SECOND
        self._wall += round(away * SECOND)
