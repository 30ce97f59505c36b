"""What is still told of a world on a server once it has been forgotten there."""

from typing import Any

from mock_mindvideo.plugin.control import Control, ControlError
from mock_mindvideo.plugin.steering import ALL
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

_KEPT = ("/requests", "/tasks", "/ledger", "/deliveries", "/clock", "/scripts")


class EndedControl:
    """Answers what was read before the end; changes nothing any more."""

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
        raise ControlError("the world has ended, with the test or block that it was for")

    def _newest(self, where: str) -> Any:
        name = where.removeprefix("/")
        return self._kept[where] | {name: self._kept[where][name][-1:]}
