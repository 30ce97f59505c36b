"""What is still told of a world on a server once it has been forgotten there."""

from functools import cached_property
from typing import Any

from mock_mindvideo.plugin.control import Control, ControlError, EmbeddedControl
from mock_mindvideo.plugin.steering import ALL
from mock_mindvideo.stores.memory import MemoryStore
from mock_mindvideo.stores.snapshot import put_snapshot, take_snapshot
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.web.app import App

__tracebackhide__ = hidden
__unittest = True

_KEPT = ("/requests", "/tasks", "/ledger", "/deliveries", "/clock", "/scripts")


def kept(control: Control, name: str, host: str) -> Control:
    """What answers for the world `name` from now on, as it is now; nothing changes it any more."""
    app = control.app
    return ToldControl(control) if app is None else KeptControl(app, control.key, name, host)


class KeptControl:
    """A world of a server in this process. It is made into an application of its own, whose clock
    stands still, once somebody asks: of most tests nobody does."""

    app = None

    def __init__(self, app: App, key: str, name: str, host: str) -> None:
        self.key = key
        self._host = host
        self._settings = app.settings
        self._catalog = app.service.catalog
        self._moment = app.store.clock.real()
        self._taken = take_snapshot(app.store, app.worlds.open(name).state)

    def call(self, method: str, path: str, body: object = None) -> Any:
        if method != "GET":
            raise _ended()
        answer = self._answering.call(method, path)
        if path.startswith("/requests"):
            answer["forgotten"] = self._taken.journal_left_out
        return answer

    @cached_property
    def _answering(self) -> EmbeddedControl:
        clock = FakeClock(self._moment)
        store = MemoryStore(self._catalog.lifecycle, clock, self._settings.bounds)
        put_snapshot(store, self._taken)
        app = App(self._settings, store=store, catalog=self._catalog)
        return EmbeddedControl(app, self.key, self._host)


class ToldControl:
    """A world of a server in another process: what was read before the end."""

    app = None

    def __init__(self, control: Control) -> None:
        self.key = control.key
        listed = {"/clock", "/scripts"}
        self._kept = {
            path: control.call("GET", path if path in listed else f"{path}{ALL}") for path in _KEPT
        }

    def call(self, method: str, path: str, body: object = None) -> Any:
        where, _, query = path.partition("?")
        if method == "GET" and where in self._kept:
            return self._newest(where) if query == "limit=1" else self._kept[where]
        if method == "GET" and where.startswith("/tasks/"):
            for task in self._kept["/tasks"]["tasks"]:
                if where == f"/tasks/{task['task_id']}":
                    return task
        raise _ended()

    def _newest(self, where: str) -> Any:
        name = where.removeprefix("/")
        return self._kept[where] | {name: self._kept[where][name][-1:]}


def _ended() -> ControlError:
    return ControlError("the world has ended, with the test or block that it was for")
