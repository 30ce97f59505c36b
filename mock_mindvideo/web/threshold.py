"""What is asked of every request for a file or the control plane, before its path is looked up."""

from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.domain.script.kinds import TASKS
from mock_mindvideo.web.answers import AsgiApp, Receive, Scope, Send
from mock_mindvideo.web.exchange import invalid_script
from mock_mindvideo.web.headers import SCRIPT
from mock_mindvideo.web.hints import hint
from mock_mindvideo.web.routes import hides_slash


class Threshold:
    """Passes a request on to `app`; raises MockError for one that would be misunderstood.

    `magic` is whether scripts in headers are heeded at all.
    """

    def __init__(self, app: AsgiApp, *, magic: bool) -> None:
        self._app = app
        self._magic = magic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if hides_slash(scope.get("raw_path") or b""):
            raise NotFound(f"no such path; {hint(path)}%2F does not separate the parts of a path")
        if self._magic and any(name == SCRIPT for name, _ in scope["headers"]):
            raise invalid_script(
                f"a script acts on the API under {TASKS};"
                f" this request is {scope['method']} {path[:200]}"
            )
        await self._app(scope, receive, send)
