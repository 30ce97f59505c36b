"""A target that is busy, gone for a moment, or behind a certificate of its own."""

import http.server
import json
import ssl
import subprocess
import threading
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mock_mindvideo.cli import main
from mock_mindvideo.contract.events import has_ended
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.http_transport import HttpTransport
from mock_mindvideo.contract.patience import seconds_to_wait
from mock_mindvideo.contract.problems import Unreachable
from tests.contract.honest import Honest, Ways, listening, of_uuid
from tests.contract.running import Watch, facts_of, run
from tests.contract.test_honest import ALL_TOGETHER
from tests.ports import free_port


def verify(*arguments: object, **environ: str) -> Result:
    words = [str(each) for each in arguments]
    return CliRunner(env={"GITHUB_ACTIONS": "", **environ}).invoke(main, ["verify", *words])


class Moody:
    """The honest server in a mood: `answer` gets the request's number, and may answer itself."""

    def __init__(self, mood: Callable[[int], HttpResponse | None]) -> None:
        self._honest = Honest()
        self._mood = mood
        self.sent: list[HttpRequest] = []

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.sent.append(request)
        return self._mood(len(self.sent)) or self._honest.send(request, timeout)


def busy(status: int, **headers: str) -> HttpResponse:
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_limit_of_requests_is_waited_for_as_long_as_it_says() -> None:
    watch = Watch()
    limited = Moody(lambda number: busy(429, retry_after="7") if number in (1, 2, 5) else None)
    report = run(limited, only=["unknown-tasks"], pace=watch.pace(60, None), is_mock=False)
    assert report.exit_code == 0
    assert watch.slept == [7, 7]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
def test_a_target_that_stays_busy_could_not_be_checked(status: int) -> None:
    watch = Watch()
    target = Moody(lambda number: busy(status))
    report = run(target, only=["errors", "authentication"], pace=watch.pace(60, None),
                 is_mock=False)  # fmt: skip
    assert report.exit_code == 2
    assert facts_of(report) == set()
    assert {each.status for each in report.outcomes} <= {"unchecked", "skipped"}
    assert f"answered with {status}" in report.outcomes[0].reason
    assert watch.now < 120


def test_no_wait_goes_beyond_the_timeout() -> None:
    watch = Watch()
    target = Moody(lambda number: busy(429, retry_after="3600"))
    assert run(target, only=["unknown-tasks"], pace=watch.pace(60, None)).exit_code == 2
    assert watch.slept == []


def test_a_refusal_that_is_asked_for_is_no_reason_to_wait() -> None:
    """The mock's faults are answered with 429 and 503 on purpose: nothing is slept away."""
    done = verify("--only", "answers-can-be-refused", "--strict")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("said", "tries", "seconds"),
    [
        ("3", 1, 3), (" 0 ", 1, 0), ("soon", 1, 1), ("-1", 2, 2), ("", 3, 4), ("1.5", 9, 30),
        (formatdate(0, usegmt=True), 1, 0), ("Wed, 99 Foo", 1, 1),
    ],
)  # fmt: skip
def test_how_long_is_read_as_the_standard_has_it(said: str, tries: int, seconds: float) -> None:
    assert seconds_to_wait(busy(429, retry_after=said), tries) == seconds


def test_one_dropped_connection_is_tried_again_and_two_are_not() -> None:
    def drop(*numbers: int) -> Callable[[int], HttpResponse | None]:
        def mood(number: int) -> HttpResponse | None:
            if number in numbers:
                raise Unreachable("dropped")
            return None

        return mood

    once = Moody(drop(2))
    assert run(once, only=["unknown-tasks"], is_mock=False).exit_code == 0
    assert once.sent[1] == once.sent[2]
    twice = Moody(drop(2, 3))
    assert run(twice, only=["unknown-tasks"], is_mock=False).exit_code == 2


def test_every_file_is_opened_before_the_first_request(tmp_path: Path) -> None:
    honest = Honest()
    bad = tmp_path / "no such folder" / "out"
    with listening(honest) as url:
        for option in ("--junit", "--sarif"):
            done = verify("--base-url", url, option, bad, "--only", "unknown-tasks")
            assert done.exit_code == 2
            assert f"{bad}: cannot be written: No such file or directory" in done.output
    assert honest.asked == 0


def test_a_run_that_never_was_leaves_no_empty_report(tmp_path: Path) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.sarif"
    old.write_text("as before")
    url = f"http://127.0.0.1:{free_port()}"
    done = verify("--base-url", url, "--junit", old, "--sarif", new)
    assert done.exit_code == 2
    assert old.read_text() == "as before"
    assert not new.exists()


def test_what_is_known_is_not_told_again(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    chosen = ("--only", "unknown-tasks")
    with listening(Honest(Ways(errors="text"))) as url:
        given = ("--base-url", url, *chosen, "--baseline", known)
        assert verify(*given).exit_code == 2  # there is none yet
        first = verify(*given, "--update-baseline")
        assert "  X02 " in first.output
        again = verify(*given)
        assert "X02  " not in again.output
        assert "known warnings" in again.output
        assert verify(*given, "--strict").exit_code == 0
    with listening(Honest(Ways(errors="html"))) as url:
        other = verify("--base-url", url, *chosen, "--baseline", known)
        assert other.exit_code == 0
    known.write_text('{"format": "other"}')
    assert "is no baseline" in verify(*given).output


def test_each_format_is_printed_alone() -> None:
    chosen = ("--only", "unknown-tasks")
    assert json.loads(verify(*chosen, "--format", "json").stdout)["target"] == (
        "the mock in this process"
    )
    assert verify(*chosen, "--format", "junit").stdout.startswith("<?xml")
    assert json.loads(verify(*chosen, "--format", "sarif").stdout)["version"] == "2.1.0"
    assert verify(*chosen, "--format", "github").stdout.strip() == ""
    assert verify(*chosen, "-q").output.startswith("1 kept in")
    assert "127.0.0.1" not in verify(*chosen, "-v").output


@pytest.mark.slow
def test_against_an_honest_server_the_report_fits_a_screen() -> None:
    ways = Ways(**ALL_TOGETHER, ids=of_uuid, errors="problem", events="sse with CRLF")
    with listening(Honest(ways)) as url:
        chosen = ("--only", "validation", "--only", "errors", "--only", "authentication",
                  "--only", "cost")  # fmt: skip
        done = verify("--base-url", url, "--max-spend", "100", *chosen)
        assert done.exit_code == 0, done.output
        assert len(done.output.splitlines()) <= 40
        assert verify("--base-url", url, "-q", *chosen).output.count("\n") == 1


def test_a_stream_that_stays_open_after_its_end_is_not_waited_for() -> None:
    states = ("queued", "processing", "succeeded")
    told = "".join(f'data: {{"state": "{each}"}}\n\n' for each in states).encode()

    class Open(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(told)
            self.wfile.flush()
            self.rfile.read(1)  # until the client leaves

        def log_message(self, format: str, *args: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Open)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    transport = HttpTransport(
        direct=True, ended=lambda answer: has_ended(answer, ("succeeded",), states)
    )
    answer = transport.send(HttpRequest("GET", f"http://127.0.0.1:{server.server_port}/", {}), 20)
    assert (answer.body, answer.complete) == (told, False)
    transport.close()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody else trusts, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    file, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    return file, key


def test_certificates_are_trusted_where_they_are_named(certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with listening(Honest(), context) as plain:
        url = plain.replace("http:", "https:")
        chosen = ("--base-url", url, "--only", "unknown-tasks")
        refused = verify(*chosen, SSL_CERT_FILE="", SSL_CERT_DIR="")
        assert refused.exit_code == 2
        assert "certificate" in refused.output.lower()
        assert verify(*chosen, "--cacert", certificate[0]).exit_code == 0
        assert verify(*chosen, SSL_CERT_FILE=str(certificate[0])).exit_code == 0
        bad = verify(*chosen, "--cacert", "/nowhere.pem")
        assert bad.exit_code == 2
        assert "--cacert /nowhere.pem: no certificates can be read" in bad.output
