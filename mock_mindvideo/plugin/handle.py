"""The handle: what the fixtures `mindvideo` and `mindvideo_live` give to a test."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from mock_mindvideo.domain.keys import test_key
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.assertions import Assertions
from mock_mindvideo.plugin.control import Control
from mock_mindvideo.plugin.environment import environment
from mock_mindvideo.plugin.gate import ClosedGate
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.words import Point
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.virtual import in_force

if TYPE_CHECKING:
    import httpx
    import respx

    from mock_mindvideo.plugin.strays import Strays
    from mock_mindvideo.plugin.virtual_time import VirtualTime
    from mock_mindvideo.transports.embedded import Embedded
    from mock_mindvideo.transports.patience import Patience
    from mock_mindvideo.web.app import App

__tracebackhide__ = hidden
__unittest = True


class MindVideo(Assertions):
    """A world of one test's own, and everything that happened in it.

    `base_url` and `api_key` are what the application needs. `app` is the mock itself, None where
    it runs in another process; `clean_up` holds what is undone at the end of the test.
    """

    def __init__(
        self,
        control: Control,
        *,
        name: str,
        base_url: str,
        options: Options,
        embedded: "Embedded | None" = None,
        app: "App | None" = None,
    ) -> None:
        self._control = control
        self._embedded = embedded
        self.app = app
        self.name = name
        self.base_url = base_url
        self.api_key = test_key(name)
        self.options = options
        self._ended = False
        self.strays: Strays | None = None
        self.clean_up = ExitStack()
        self.clean_up.callback(self.end)
        self.closing = ExitStack()
        self.retired: Callable[[bool], object] = lambda failed: None
        self.furnish: Callable[[], object] = lambda: None
        self.interception = ExitStack()

    @property
    def closed(self) -> bool:
        """Whether the world has ended."""
        return self._ended

    def close(self) -> None:
        """End the world before its test or fixture does, where the factory has made it."""
        self._close(failed=False)

    def end(self, control: Control | None = None) -> None:
        """Note that the world has ended; from now on `control` shows what happened in it."""
        self._ended = True
        if self.strays is not None:
            self.strays.end()
        self._control = control or self._control

    @property
    def stray_lines(self) -> list[str]:
        """Lines for a failure about requests that landed in another world of the server."""
        return self.strays.lines(self.api_key) if self.strays is not None else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close(failed=kind is not None)

    def _close(self, *, failed: bool) -> None:
        if not self._ended:
            self.closing.close()
            self.retired(failed)

    def __repr__(self) -> str:
        return f"<mindvideo world {self.name!r} at {self.base_url}>"

    def client(self, library: ModuleType | None = None, **options: object) -> "httpx.Client":
        """An httpx client with base URL and key; `library` may be httpx2, `options` are its own."""
        import httpx  # noqa: PLC0415 - only who uses it pays for it

        made: httpx.Client = (library or httpx).Client(
            **self._client_options({"transport": self.transport}, options)
        )
        return made

    def async_client(
        self, library: ModuleType | None = None, **options: object
    ) -> "httpx.AsyncClient":
        """An httpx client like `client`, for asyncio or trio."""
        import httpx  # noqa: PLC0415

        made: httpx.AsyncClient = (library or httpx).AsyncClient(
            **self._client_options({"transport": self.async_transport}, options)
        )
        return made

    @property
    def transport(self) -> "httpx.BaseTransport":
        """For `httpx.Client(transport=…)`; a real connection where the world is on a server."""
        if self._embedded is None:
            import httpx  # noqa: PLC0415

            return httpx.HTTPTransport()
        from mock_mindvideo.transports.by_hand import SyncTransport  # noqa: PLC0415

        return SyncTransport(self._embedded)

    @property
    def async_transport(self) -> "httpx.AsyncBaseTransport":
        """For `httpx.AsyncClient(transport=…)`."""
        if self._embedded is None:
            import httpx  # noqa: PLC0415

            return httpx.AsyncHTTPTransport()
        from mock_mindvideo.transports.by_hand import AsyncTransport  # noqa: PLC0415

        return AsyncTransport(self._embedded)

    def mount(self, router: "respx.Router") -> "list[respx.Route]":
        """Answer a respx router's requests to the mock's hosts; returns the respx routes.

        From then on the router decides what reaches the mock: nothing is intercepted any more.
        """
        from mock_mindvideo.transports.by_hand import mount  # noqa: PLC0415

        if self._embedded is None:
            __tracebackhide__ = True
            raise RuntimeError("only the in-process fixture `mindvideo` can be mounted")
        self.interception.close()
        routes: list[respx.Route] = mount(router, self._embedded, self.options.hosts)
        return routes

    def hold(self, point: Point = "commit") -> ClosedGate:
        """A gate: inside the `with`, the first request is held at "request", "commit" or "answer".

        A second one under its Idempotency-Key meets 409 `idempotency_in_progress` meanwhile.
        """
        if self.app is None:
            __tracebackhide__ = True
            raise RuntimeError("hold() needs the server in this process; it runs in another one")
        return ClosedGate(self.app.gates, self.name, point)

    def expire_links(self) -> None:
        """Make every link to a result expired, until the world's end or `reset`."""
        if self.app is None:
            __tracebackhide__ = True
            raise RuntimeError("expire_links() needs the server in this process")
        self.app.expired_links.add(self.name)
        self.clean_up.callback(self.app.expired_links.discard, self.name)

    def setenv(self, **variables: str) -> None:
        """Set environment variables until the end of the test.

        Without any: `MINDVIDEO_API_KEY` and `MINDVIDEO_BASE_URL`.
        """
        given: Mapping[str, str] = variables or {
            "MINDVIDEO_API_KEY": self.api_key,
            "MINDVIDEO_BASE_URL": self.base_url,
        }
        self.clean_up.enter_context(environment(given))

    def reset(self) -> None:
        """Make the world anew, as it was when the test began: no task, no request, its options
        and its seed again.

        In virtual time its clock goes on, since the application's does.
        """
        shared = self.now if in_force.timeline() else None
        self._control.call("POST", "/reset", {})
        self._scripted = False
        if self.app is not None:
            self.app.expired_links.discard(self.name)
        self.furnish()
        if shared is not None:
            self.freeze()
            self.advance((shared - self.now).total_seconds())

    def virtual_time(self) -> "VirtualTime":
        """Let the application live in the world's time, until the end of the test or of a `with`.

        Its waits then take no time, in whatever thread or event loop, and its clocks and dates are
        the world's. It moves once everybody waits, to the nearest moment at which somebody wakes.
        Polls move the clock no longer. Returns the record of sleeps: `.naps`, `.total`.
        """
        from mock_mindvideo.plugin.virtual_time import VirtualTime  # noqa: PLC0415

        time = VirtualTime()
        self.clean_up.callback(time.end)
        return time

    def patch_sleep(self) -> "VirtualTime":
        """The older name of `virtual_time`."""
        return self.virtual_time()

    @property
    def control(self) -> Control:
        """The world's control plane."""
        return self._control

    @property
    def patience(self) -> "Patience | None":
        """How clients in this process wait for the mock; None for a world on a server."""
        return None if self._embedded is None else self._embedded.patience

    def _client_options(
        self, own: Mapping[str, object], options: Mapping[str, object]
    ) -> Mapping[str, Any]:
        given = cast("Mapping[str, str]", options.get("headers") or {})
        headers = {"Authorization": PLATFORM.keys.authorization(self.api_key), **dict(given)}
        return {"base_url": self.base_url, **own, **options, "headers": headers}
