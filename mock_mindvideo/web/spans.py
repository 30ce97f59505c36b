"""A span for each request, in the words of OpenTelemetry's conventions for HTTP servers.

A span is written when its request is over, with the times at which it began and ended. Names hold
routes and no ids; of what a client sent there are its path and method, with every key masked.
"""

import time
from collections.abc import Sequence
from importlib.metadata import version
from threading import Thread
from typing import Any

from opentelemetry import propagate
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode

from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.web.answers import Scope

NAME = "mock-mindvideo"

#: Seconds that a server which ends waits for its last spans to be taken.
LAST = 1.5

#: What the SDK calls a service that nobody has named.
_NAMELESS = "unknown_service"

#: The methods that conventions know; a name or a value is never made of any other.
_METHODS = frozenset(
    {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
)


class Spans:
    """Makes spans and hands them to exporters, as the variables of the SDK say (OTEL_…)."""

    def __init__(self, exporters: Sequence[SpanExporter]) -> None:
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        for each in exporters:
            self._provider.add_span_processor(BatchSpanProcessor(each))
        self._tracer = self._provider.get_tracer(NAME, version(NAME))

    def request(
        self, scope: Scope, route: str | None, status: int, seconds: float, **more: str | None
    ) -> None:
        """A request that is over and took `seconds`; `status` 0 is an answer never given.

        `route` is its path with names for what varies, None where it leads nowhere. `more` are
        attributes of the mock's own; those that are None are left out.
        """
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        shown = "HTTP" if method == "_OTHER" else method
        ended = time.time_ns()
        span = self._tracer.start_span(
            f"{shown} {route}" if route else shown,
            context=_caller(scope),
            kind=SpanKind.SERVER,
            start_time=ended - int(seconds * 1e9),
            attributes=_attributes(scope, method, route, status, more),
        )
        if status == 0 or status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def close(self) -> None:
        """Send what is left, within LAST; a collector that is away holds nobody up."""
        closing = Thread(target=self._provider.shutdown, name="mock-mindvideo-spans", daemon=True)
        closing.start()
        closing.join(LAST)


def _attributes(
    scope: Scope, method: str, route: str | None, status: int, more: dict[str, str | None]
) -> dict[str, str | int]:
    found: dict[str, str | int] = {
        "http.request.method": method,
        "url.path": mask_text(scope["path"][:1000]),
        "url.scheme": scope.get("scheme", "http"),
    }
    if route is not None:
        found["http.route"] = route
    if status:
        found["http.response.status_code"] = status
    if status >= 500:
        found["error.type"] = str(status)
    elif status == 0:
        found["error.type"] = "dropped"
    own = {f"mock_mindvideo.{name}": mask_text(value) for name, value in more.items() if value}
    return found | own


def _caller(scope: Scope) -> Context:
    """The trace that the caller is in, by OTEL_PROPAGATORS: its `traceparent`, usually."""
    fields = propagate.get_global_textmap().fields
    sent: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key in fields:
            sent[key] = f"{sent[key]},{text}" if key in sent else text
    return propagate.extract(sent, context=Context())


def _resource() -> Resource:
    """What the SDK's variables say of the service; its name where they say none."""
    said = Resource.create()
    own: dict[str, Any] = {SERVICE_VERSION: version(NAME)}
    if str(said.attributes.get(SERVICE_NAME, _NAMELESS)).startswith(_NAMELESS):
        own[SERVICE_NAME] = NAME
    return said.merge(Resource(own))
