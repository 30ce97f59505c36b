"""OpenTelemetry's instrumentation keeps its spans, and its `traceparent` arrives.

It is put on before the mock is there, or after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from tests.conftest import TASKS, example
from tests.transports.clients import CLIENTS

INSTRUMENTED = {
    "httpx": HTTPXClientInstrumentor,
    "httpx in asyncio": HTTPXClientInstrumentor,
    "requests": RequestsInstrumentor,
    "aiohttp": AioHttpClientInstrumentor,
}


@contextmanager
def instrumented(instrumentor: Any, spans: InMemorySpanExporter) -> Iterator[None]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield
    finally:
        instrumentor.uninstrument()


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("name", INSTRUMENTED)
def test_each_request_has_its_span_and_says_so(name: str, first: bool) -> None:
    spans, client, tracing = InMemorySpanExporter(), CLIENTS[name](), INSTRUMENTED[name]()
    if first:
        with instrumented(tracing, spans), embedded_world("a", Options()) as world:
            client.submit(example())
            sent = world.requests[0].headers
    else:
        with embedded_world("a", Options()) as world, instrumented(tracing, spans):
            client.submit(example())
            sent = world.requests[0].headers
    [span] = spans.get_finished_spans()
    assert span.attributes is not None
    assert TASKS in str(span.attributes.get("http.url") or span.attributes.get("url.full"))
    assert 200 in span.attributes.values()
    assert f"{span.context.trace_id:032x}-{span.context.span_id:016x}" in sent["traceparent"]
