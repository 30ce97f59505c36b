"""Links to a task's results, on the mock itself; they need no key."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from mock_mindvideo.domain.hosts import is_own_address
from mock_mindvideo.domain.representation import Output, OutputKind
from mock_mindvideo.domain.task import Task
from mock_mindvideo.settings import AUTO
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.forwarded import base, reached, told, told_directly
from mock_mindvideo.worlds.tasks import Service

if TYPE_CHECKING:
    from mock_mindvideo.render.geometry import OutputShape

MEDIA = "/media"

#: The file's extension for each kind of output.
EXTENSIONS = {"videos": "mp4", "images": "png"}

#: That of the still beside a clip.
POSTER = "png"


class Links:
    """Builds the links; what kind a model answers with is in its folder."""

    def __init__(self, service: Service, public_url: str | None) -> None:
        self._service = service
        self._any_proxy = public_url == AUTO
        self._public_url = public_url.rstrip("/") if public_url and not self._any_proxy else None

    def base(self, scope: Scope, fields: Mapping[bytes, bytes] | None = None) -> str:
        """Where links begin: as set, else as this client reached the mock.

        `fields` are the headers of the request by name, if the caller has them so.
        """
        if self._public_url is not None:
            return self._public_url
        server = tuple(scope.get("server") or ())
        if fields is not None and (direct := told_directly(fields)) is not None:
            return base(direct, False, scope["scheme"], server)
        return base(told(scope), self._believes(scope), scope["scheme"], server)

    def without_prefix(self, scope: Scope) -> Scope | None:
        """The request as it were without the path under which a proxy serves the mock.

        None where there is no such path, or the proxy has taken it off already.
        """
        if self._public_url is not None:
            prefix = urlsplit(self._public_url).path
        else:
            prefix = reached(told(scope), self._believes(scope)).prefix
        if not prefix or not scope["path"].startswith(prefix + "/"):
            return None
        raw: bytes = scope.get("raw_path") or b""
        return {
            **scope,
            "path": scope["path"][len(prefix) :],
            "raw_path": raw.removeprefix(prefix.encode()),
        }

    def _believes(self, scope: Scope) -> bool:
        """Proxies on this machine are believed, others if all are."""
        client = scope.get("client")
        return self._any_proxy or client is None or is_own_address(client[0])

    def kind(self, task: Task) -> OutputKind:
        """`videos` or `images`; a task whose model is gone from the catalog keeps its videos."""
        model = self._service.catalog.models.get(task.model)
        return model.output if model else "videos"

    def shape(self, task: Task) -> "OutputShape":
        """Size, length and number of the task's results; defaults count as if they were sent."""
        from mock_mindvideo.render.geometry import shape_of  # noqa: PLC0415 - only results have one

        model = self._service.catalog.models.get(task.model)
        given = orjson.loads(task.input)
        if model is None:
            return shape_of(given, self.kind(task))
        filled = model.fill(given)
        return shape_of(filled, model.output, model.sizes, sound=model.sounds(filled))

    def count(self, task: Task) -> int:
        """How many results the task has."""
        return 1 if self.kind(task) == "videos" else self.shape(task).count

    def output(self, base: str, world: str, task: Task) -> Output:
        """`{"videos": [{"url": …}]}`, one link for each result."""
        kind = self.kind(task)
        folder = f"{base}{MEDIA}/{world}/{task.id}"
        if kind == "videos":
            return {kind: [{"url": f"{folder}/1.mp4"}]}
        numbers = range(1, self.count(task) + 1)
        return {kind: [{"url": f"{folder}/{number}.png"} for number in numbers]}
