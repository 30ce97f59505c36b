"""Traces reach a collector that speaks OpenTelemetry's protocol, and nobody where none is named."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_mindvideo.cli import main
from mock_mindvideo.settings import SettingsError
from mock_mindvideo.web import tracing
from tests.faults.client import TASKS, Client, order
from tests.faults.serving import PATIENCE, Server
from tests.web.collector import Collector, Received, collecting

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = {"Traceparent": f"00-{TRACE}-{CALLER}-01"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


def traced(collector: Collector, **more: str) -> dict[str, str]:
    """The variables of a server that sends its traces there, soon."""
    own = {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    return own | {"OTEL_BSP_SCHEDULE_DELAY": "50"} | more


@pytest.fixture(params=["1", "2"], ids=["one worker", "two workers"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, collector: Collector
) -> Iterator[Server]:
    options = ["--progress", "manual", "--db", str(tmp_path / "mock.db"), "--workers"]
    server = Server(tmp_path, *options, request.param, environ=traced(collector))
    yield server
    server.kill()
    assert server.log.read_text() == ""


def named(spans: list[Received], name: str) -> Received:
    (found,) = [each for each in spans if each.name == name]
    return found


@pytest.mark.slow
def test_requests_are_spans_of_the_callers_trace_by_their_route(
    server: Server, collector: Collector
) -> None:
    with Client(server.port) as client:
        task_id = client.submit(order("one"), **PARENT).body["task_id"]
        client.get(f"{TASKS}/{task_id}")
        client.control(f"tasks/{task_id}/succeed")
        link = client.get(f"{TASKS}/{task_id}", **PARENT)["output"]["videos"][0]["url"]
        client.ask("GET", "/" + link.split("/", 3)[3], Range="bytes=0-1")
        assert client.submit({"model": "none"}).status == 422
        assert client.ask("GET", "/api/v1/nothing").status == 404
        assert client.submit(order("two"), X_Mock_Script="status=503").status == 503
    spans = collector.spans(8)
    submitted = [each for each in spans if each.name == "POST /api/v1/tasks"]
    first = next(each for each in submitted if each.span.parent_span_id)
    assert (first.span.trace_id.hex(), first.span.parent_span_id.hex()) == (TRACE, CALLER)
    assert first.span.kind == first.span.SPAN_KIND_SERVER
    assert 0 < first.span.end_time_unix_nano - first.span.start_time_unix_nano < 30e9
    assert first.resource["service.name"] == "mock-mindvideo"
    assert first.attributes["mock_mindvideo.task_id"] == task_id
    found = {each.attributes["http.response.status_code"]: each for each in submitted}
    assert set(found) == {200, 422, 503}
    failed = found[503]
    assert failed.span.status.code == failed.span.status.STATUS_CODE_ERROR
    assert failed.attributes["error.type"] == "503"
    assert failed.attributes["mock_mindvideo.script"] == "status=503"
    assert found[422].span.status.code == failed.span.status.STATUS_CODE_UNSET
    assert found[422].attributes["mock_mindvideo.error_code"] == "invalid_request"
    assert {each.name for each in spans} == {
        "POST /api/v1/tasks",
        "GET /api/v1/tasks/{task_id}",
        "POST /_mock/tasks/{task_id}/{move}",
        "GET /media/{world}/{task_id}/{name}",
        "GET",
    }
    assert all(each.attributes.get("http.route", "") in each.name for each in spans)


@pytest.mark.slow
def test_a_stream_is_one_span_until_its_end(server: Server, collector: Collector) -> None:
    with Client(server.port) as client, Client(server.port) as other:
        task_id = client.submit(order("one")).body["task_id"]
        events = client.events(task_id)
        assert next(events)["type"] == "task.queued"
        other.control("clock", {"advance": 3600})
        assert [each["type"] for each in events] == ["task.processing", "task.succeeded"]
    spans = collector.spans(3)
    stream = named(spans, "GET /api/v1/tasks/{task_id}/events")
    clock = named(spans, "POST /_mock/clock")
    assert stream.span.start_time_unix_nano < clock.span.start_time_unix_nano
    assert stream.span.end_time_unix_nano > clock.span.start_time_unix_nano


@pytest.mark.slow
def test_no_key_is_in_a_span(server: Server, collector: Collector) -> None:
    with Client(server.port, "mv_live_0123456789abcdef") as client:
        client.ask("GET", "/api/v1/tasks/mv_live_0123456789abcdef")
        client.ask("GET", "/_mock/tasks/mv_live_0123456789abcdef")
    told = repr([(each.span, each.resource) for each in collector.spans(2)])
    assert "0123456789" not in told


@pytest.mark.slow
def test_the_last_spans_are_sent_when_the_server_stops(
    tmp_path: Path, collector: Collector
) -> None:
    environ = traced(collector, OTEL_BSP_SCHEDULE_DELAY="600000", OTEL_SERVICE_NAME="mine")
    server = Server(tmp_path, environ=environ)
    with Client(server.port) as client:
        client.submit(order("one"))
    server.stop()
    (span,) = collector.spans(1)
    assert span.resource["service.name"] == "mine"


@pytest.mark.slow
def test_a_collector_that_is_away_holds_up_neither_requests_nor_the_end(tmp_path: Path) -> None:
    with collecting() as gone:
        environ = traced(gone, OTEL_EXPORTER_OTLP_TIMEOUT="600")
    server = Server(tmp_path, environ=environ)
    with Client(server.port) as client:
        assert client.submit(order("one")).status == 200
    server.process.terminate()
    server.process.wait(PATIENCE)
    server.kill()
    assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
def test_an_endpoint_alone_opens_no_connection(tmp_path: Path, collector: Collector) -> None:
    environ = traced(collector)
    del environ["OTEL_TRACES_EXPORTER"]
    for more in ({}, {"OTEL_TRACES_EXPORTER": "none"}, traced(collector, OTEL_SDK_DISABLED="true")):
        server = Server(tmp_path, environ=environ | more)
        with Client(server.port) as client:
            client.submit(order("one"))
        server.stop()
    assert collector.requests == 0


def test_nothing_of_open_telemetry_is_imported_where_no_exporter_is_named() -> None:
    code = (
        "import sys; from mock_mindvideo.web.app import App; App(watch=True).surroundings;"
        " assert not [each for each in sys.modules if each.startswith('opentelemetry')]"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environ)


def test_an_exporter_that_is_not_there_is_refused_by_name() -> None:
    result = CliRunner().invoke(main, ["serve"], env={"OTEL_TRACES_EXPORTER": "zipkin"})
    assert result.exit_code == 2
    assert "OTEL_TRACES_EXPORTER names 'zipkin', which is not installed" in result.output
    assert "otlp" in result.output


def test_without_the_extra_the_log_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tracing, "find_spec", lambda name: None)
    with caplog.at_level("WARNING", "mock_mindvideo"):
        assert tracing.exporters({"OTEL_TRACES_EXPORTER": "otlp"}, tell=True) == []
    assert "pip install 'mock-mindvideo[otel]'" in caplog.text


@pytest.mark.parametrize("said", ["otlp", " otlp , none", "otlp_proto_http"])
def test_exporters_go_by_the_names_of_the_specification(said: str) -> None:
    (found,) = tracing.exporters({"OTEL_TRACES_EXPORTER": said})
    assert found.name == "otlp_proto_http"


def test_an_unknown_exporter_raises() -> None:
    with pytest.raises(SettingsError, match="jaeger"):
        tracing.exporters({"OTEL_TRACES_EXPORTER": "otlp,jaeger"})
