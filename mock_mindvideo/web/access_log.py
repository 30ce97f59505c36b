"""The log's lines about requests: one for each, whether it is for the API or beside it."""

import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.web.answers import AsgiApp, Message, Receive, Scope, Send
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.links import MEDIA
from mock_mindvideo.web.metrics.tally import Tally

if TYPE_CHECKING:
    from mock_mindvideo.web.spans import Spans

logger = logging.getLogger("mock_mindvideo.access")

#: In a log record: what its line says, by name.
TOLD = "told"

#: In a scope: the code of the error that was answered.
CODE = "mock_mindvideo.code"

#: Methods that change nothing; a tool that watches the control plane sends them all the time.
_LOOKING = ("GET", "HEAD", "OPTIONS")


def write_line(
    scope: Scope,
    status: int,
    code: str | None,
    ms: float,
    *,
    task: str | None = None,
    script: str | None = None,
    level: int = logging.INFO,
) -> None:
    """`METHOD path status code task ms`, and the script that decided or disturbed the answer."""
    if logger.isEnabledFor(level):
        method, path = scope["method"], mask_text(sent_path(scope))
        told = {"method": method, "path": path, "status": status, "code": code}
        told |= {"task_id": task, "ms": round(ms, 1), "script": script}
        logger.log(
            level,
            "%s %s %d %s %s %.1f ms%s",
            method,
            path,
            status,
            code or "-",
            task or "-",
            ms,
            f"  script: {mask_text(script)}" if script else "",
            extra={TOLD: told},
        )


def write_refusal(status: int, code: str, message: str) -> None:
    """The line of what was no request: what was wrong with it stands for method and path."""
    told = {"status": status, "code": code}
    logger.info("- - %d %s %s", status, code, message, extra={TOLD: told})


def sent_path(scope: Scope) -> str:
    """The path with its query as it was sent, on one line, and cut."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    if query := scope.get("query_string"):
        raw = b"%b?%b" % (raw.partition(b"?")[0], query)
    return raw[:1000].decode("ascii", "replace")


class Logged:
    """What is beside the API: media, unknown paths, and the control plane where it is steered.

    Looks at the control plane that went well are logged too, for `--log-level debug`. All of them
    are counted.
    """

    def __init__(self, app: AsgiApp, tally: Tally, spans: "Spans | None" = None) -> None:
        self._app = app
        self._tally = tally
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        looks = scope["method"] in _LOOKING and scope["path"].startswith(CONTROL)
        try:
            await self._app(scope, receive, sending)
        finally:
            level = logging.DEBUG if looks and 0 < status < 400 else logging.INFO
            seconds = time.perf_counter() - began
            self._tally.answered(_place(scope["path"]), status, seconds)
            if self._spans is not None:
                self._spans.request(
                    scope, _route(scope), status, seconds, error_code=scope.get(CODE)
                )
            write_line(scope, status, scope.get(CODE), seconds * 1000, level=level)


def _route(scope: Scope) -> str | None:
    """The path with names for what varies; None where it leads nowhere."""
    if "endpoint" not in scope:
        return None
    path: str = scope["path"]
    for name, value in reversed(scope.get("path_params", {}).items()):
        before, found, after = path.rpartition(f"/{value}")
        path = f"{before}/{{{name}}}{after}" if found else path
    return path


def _place(path: str) -> str:
    """What a path beside the API belongs to, for counting."""
    if path.startswith(f"{CONTROL}/"):
        return "control"
    return "media" if path.startswith(f"{MEDIA}/") else "other"
