"""Webhooks in virtual time: it stands still at the moment of each message until that was sent."""

import threading
from typing import TYPE_CHECKING

from mock_mindvideo.virtual.timeline import Timeline

if TYPE_CHECKING:
    from mock_mindvideo.web.app import App
    from mock_mindvideo.web.webhooks import Webhooks


class HookTimes:
    """When messages of a world are due, as a source of time. Moments are the timeline's."""

    def __init__(self, timeline: Timeline, app: "App", webhooks: "Webhooks", name: str) -> None:
        self._timeline = timeline
        self._world = app.worlds.open(name)
        self._webhooks = webhooks
        self._start = self._world.now() - timeline.elapsed()

    def due(self) -> int | None:
        at = self._webhooks.next_due(self._world)
        return None if at is None else at - self._start

    def ring(self, now: int) -> bool:
        due = self.due()
        return due is not None and due <= now

    def idle(self, thread: threading.Thread) -> bool:
        return False

    def deliver(self) -> None:
        """Send what is due; the timeline's lock is not held then."""
        if self.ring(self._timeline.elapsed()):
            self._webhooks.prompt()
