"""Requests that were meant for a live world: they came with another key, or with none.

With the documentation's key they have landed in `default`; those that reached no world at all are
in its journal too.
"""

from collections.abc import Sequence
from typing import Protocol

from mock_mindvideo.domain.keys import DEFAULT_WORLD, DOCUMENTED_KEY
from mock_mindvideo.domain.masking import mask
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin import failure
from mock_mindvideo.plugin.control import Control
from mock_mindvideo.plugin.records import RecordedRequest
from mock_mindvideo.stores import Store

#: As many as are looked at.
MOST = 100


class Strays:
    """What the world `default` of a server was asked since this was made, until `end`."""

    def __init__(self, control: Control) -> None:
        app = control.app
        self._log: _Log = _FarLog(control) if app is None else _NearLog(app.store)
        self._ended: tuple[RecordedRequest, ...] | None = None

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Those requests, the oldest first."""
        return self._log.newer() if self._ended is None else self._ended

    def end(self) -> None:
        """What comes from now on is another test's."""
        self._ended = self.requests

    def lines(self, api_key: str) -> list[str]:
        """How a failure tells of them, and what to do."""
        requests = self.requests
        refused = [each for each in requests if each.status == 401]
        landed = [each for each in requests if each.status != 401 and _documented(each)]
        where = f"landed in `{DEFAULT_WORLD}`, not in this world"
        return [
            *_told(landed, f"with the key {DOCUMENTED_KEY} {where}", api_key),
            *_told(refused, f"with {_keys(refused)} reached no world of this server", api_key),
        ]


class _Log(Protocol):
    """The journal of `default`."""

    def newer(self) -> tuple[RecordedRequest, ...]:
        """Up to MOST requests that came after this was made, the oldest first."""


class _NearLog:
    """That of a server in this process, whose entries have numbers: nothing newer costs nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = store.recorded(DEFAULT_WORLD, None, 0).last

    def newer(self) -> tuple[RecordedRequest, ...]:
        found = self._store.recorded(DEFAULT_WORLD, self._last, MOST).entries
        if not found:
            return ()
        from mock_mindvideo.web.control.views import request_view  # noqa: PLC0415 - seldom any

        return tuple(RecordedRequest(request_view(each)) for _, each in found if each.act is None)


class _FarLog:
    """That of a server in another process."""

    def __init__(self, control: Control) -> None:
        self._control = control
        found = self._read(1)
        self._newest = found[-1].request_id if found else None

    def newer(self) -> tuple[RecordedRequest, ...]:
        found = self._read(MOST)
        ids = [each.request_id for each in found]
        return found[ids.index(self._newest) + 1 :] if self._newest in ids else found

    def _read(self, newest: int) -> tuple[RecordedRequest, ...]:
        listed = self._control.call("GET", f"/requests?limit={newest}")["requests"]
        return tuple(RecordedRequest(each) for each in listed)


def _documented(request: RecordedRequest) -> bool:
    """Whether it came with the documentation's key: of others, only the path was looked at."""
    return mask(DOCUMENTED_KEY) in request.headers.get("authorization", "")


def _told(requests: Sequence[RecordedRequest], what: str, api_key: str) -> list[str]:
    if not requests:
        return []
    count = f"{len(requests)} request{'s' * (len(requests) != 1)}"
    return [
        f"{count} {what}; give the application its api_key, {api_key}:",
        *(f"  {line}" for line in failure.folded(map(failure.summary, requests))),
    ]


def _keys(requests: Sequence[RecordedRequest]) -> str:
    """The keys that requests were sent with, masked, each once."""
    sent = dict.fromkeys(each.headers.get("authorization", "no key") for each in requests)
    return ", ".join(each.removeprefix(f"{PLATFORM.keys.scheme} ") for each in sent)
