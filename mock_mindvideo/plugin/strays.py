"""Requests that were meant for a live world, and landed in `default` by the documentation's key."""

from mock_mindvideo.domain.keys import DEFAULT_WORLD, DOCUMENTED_KEY
from mock_mindvideo.plugin import failure
from mock_mindvideo.plugin.control import Control
from mock_mindvideo.plugin.records import RecordedRequest

#: As many as are looked at.
MOST = 100


class Strays:
    """What the world `default` of a server was asked since this was made, until `end`."""

    def __init__(self, control: Control) -> None:
        self._control = control
        found = self._read(1)
        self._newest = found[-1].request_id if found else None
        self._ended: tuple[RecordedRequest, ...] | None = None

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Those requests, the oldest first."""
        if self._ended is not None:
            return self._ended
        found = self._read(MOST)
        ids = [each.request_id for each in found]
        return found[ids.index(self._newest) + 1 :] if self._newest in ids else found

    def end(self) -> None:
        """What comes from now on is another test's."""
        self._ended = self.requests

    def lines(self, api_key: str) -> list[str]:
        """How a failure tells of them, and what to do."""
        found = self.requests
        if not found:
            return []
        count = f"{len(found)} request{'s' * (len(found) != 1)}"
        return [
            f"{count} with the key {DOCUMENTED_KEY} landed in `{DEFAULT_WORLD}`, not in this world;"
            f" give the application its api_key, {api_key}:",
            *(f"  {line}" for line in failure.folded(map(failure.summary, found))),
        ]

    def _read(self, newest: int) -> tuple[RecordedRequest, ...]:
        listed = self._control.call("GET", f"/requests?limit={newest}")["requests"]
        return tuple(RecordedRequest(each) for each in listed)
