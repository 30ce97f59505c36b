"""A collector of traces: OTLP over HTTP, read by OpenTelemetry's own protocol buffers."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

#: Seconds within which spans have to come.
PATIENCE = 120


class Received(NamedTuple):
    """One span, with its attributes and those of its resource in plain values."""

    span: Any
    attributes: dict[str, Any]
    resource: dict[str, Any]

    @property
    def name(self) -> str:
        name: str = self.span.name
        return name


class Collector:
    """What has been received at `url`, by any number of senders."""

    def __init__(self) -> None:
        self.requests = 0
        self._spans: list[Received] = []
        self._more = Condition()
        self.url = ""

    def take(self, body: bytes) -> None:
        read = ExportTraceServiceRequest()
        read.ParseFromString(body)
        with self._more:
            self.requests += 1
            for each in read.resource_spans:
                resource = _plain(each.resource.attributes)
                for scope in each.scope_spans:
                    for span in scope.spans:
                        self._spans.append(Received(span, _plain(span.attributes), resource))
            self._more.notify_all()

    def spans(self, count: int) -> list[Received]:
        """All of them, once there are so many."""
        with self._more:
            assert self._more.wait_for(lambda: len(self._spans) >= count, PATIENCE), self._spans
            return list(self._spans)


def _plain(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        """Takes what is posted to the path of the specification."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fits = (self.path, self.headers["Content-Type"]) == (
                "/v1/traces",
                "application/x-protobuf",
            )
            if fits:
                collector.take(body)
            self.send_response(200 if fits else 404)
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
