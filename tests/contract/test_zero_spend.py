"""Without a budget nothing that could be billed leaves, whatever happens on the way."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_mindvideo.cli import main
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport
from mock_mindvideo.contract.http_transport import HttpTransport
from mock_mindvideo.contract.target import is_loopback, is_mock
from tests.contract.remote import remote
from tests.contract.running import CONTRACTS, Recording, Watch, in_process, job, run
from tests.contract.test_spend_limit import is_billable


def verify(*arguments: str, **environ: str) -> Result:
    return CliRunner(env=environ).invoke(main, ["verify", *arguments])


def test_a_loopback_host_that_hides_its_health_is_taken_for_the_real_service() -> None:
    with remote() as posing:
        done = verify("--base-url", posing.url)
        assert done.exit_code == 0, done.output
        assert "not this mock" in done.output
        assert "only requests that cannot be billed are sent" in done.output
        assert posing.billable() == []
        assert posing.ledger()["entries"] == []


@pytest.mark.slow
def test_a_host_behind_a_proxy_is_taken_for_the_real_service() -> None:
    with remote() as posing:
        done = verify("--base-url", "http://api.mindvideo.test", HTTP_PROXY=posing.url, NO_PROXY="")
        assert done.exit_code == 0, done.output
        assert len(posing.arrived) > 10
        assert posing.billable() == []
        assert not any(path.startswith("/_mock/") for _, path, _ in posing.arrived)


@pytest.mark.slow
def test_a_loopback_mock_that_says_so_is_checked_whole() -> None:
    with remote() as posing:
        done = verify("--base-url", posing._server.url, "--json")
        report = json.loads(done.stdout)
        assert (report["mock"], report["exit_code"]) == (True, 0)
        assert {each["status"] for each in report["workflows"]} == {"kept"}


def test_what_would_cost_is_skipped_and_said_so() -> None:
    with remote() as posing:
        report = json.loads(verify("--base-url", posing.url, "--json").stdout)
    skipped = [each for each in report["workflows"] if each["status"] == "skipped"]
    assert {each["spend"] != "0" or "mock" in each["reason"] for each in skipped} == {True}
    assert any("could cost" in each["reason"] for each in skipped)
    assert report["spent_at_most"] == "0"


@pytest.mark.parametrize("drop_after", [0, 1, 3, 7])
def test_nothing_is_billed_when_connections_break(drop_after: int) -> None:
    with remote(drop_after=drop_after) as posing:
        done = verify("--base-url", posing.url, "--timeout", "2")
        assert done.exit_code == 2
        assert posing.billable() == []
        assert len(posing.arrived) == drop_after + 2  # the dropped one is sent again, once


@pytest.mark.slow
def test_nothing_is_billed_when_every_contract_fails() -> None:
    """A server that refuses everything lets every criterion fail, and every action be tried."""
    with remote() as posing:
        done = verify("--base-url", posing.url + "/elsewhere", "--strict")
        assert done.exit_code == 1
        assert posing.billable() == []


def test_nothing_is_billed_when_it_is_interrupted() -> None:
    for after in range(6):
        with in_process() as server:
            recording = Recording(Interrupting(server, after))
            report = run(recording, is_mock=False)
            assert report.interrupted
            assert report.exit_code == 2
            assert not any(is_billable(request) for request in recording.sent)


class Interrupting:
    """A transport under which the person presses Ctrl-C."""

    def __init__(self, inner: Transport, after: int) -> None:
        self._inner = inner
        self._left = after

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return self._inner.send(request, timeout)


def test_a_contract_that_lies_about_its_spend_sends_nothing(tmp_path: Path) -> None:
    """`x-spend` is believed for planning only; each request is looked at by itself."""
    for file in CONTRACTS[0].parent.glob("*.yaml"):
        lying = file.read_text().replace('x-spend: "', 'x-spend: "0" # "')
        (tmp_path / file.name).write_text(lying)
    files = tuple(sorted(tmp_path.glob("*.arazzo.yaml")))
    with in_process() as server:
        recording = Recording(server)
        report = run(recording, files=files, is_mock=False)
    assert not any(is_billable(request) for request in recording.sent)
    assert report.spent == 0
    assert any("was not sent" in outcome.reason for outcome in report.outcomes)


@pytest.mark.parametrize("budget", ["0.1", "0.6165", "1", "3"])
def test_a_budget_is_never_overrun(budget: str) -> None:
    with remote() as posing:
        chosen = ("--only", "validation", "--only", "cost")  # none of them waits
        done = verify("--base-url", posing.url, "--max-spend", budget, "--json", *chosen)
        report = json.loads(done.stdout)
        ledger = posing.ledger()
        spent = Decimal(ledger["held"]) + Decimal(ledger["charged"])
        assert spent <= Decimal(report["spent_at_most"]) <= Decimal(budget)


def test_the_possible_spend_is_said_before_the_first_request() -> None:
    with remote(drop_after=1) as posing:  # the question who it is
        done = verify("--base-url", posing.url, "--max-spend", "1")
    due = job(is_mock=False)
    assert f"possible spend: {due.possible_spend} USD; budget: 1 USD" in done.output


def test_each_contract_says_what_it_can_cost() -> None:
    """`x-spend` is the worst case of the requests that the workflow sends."""
    with in_process() as server:
        for due in job().due:
            only = [due.workflow.id]
            if due.workflow.mock_only:
                assert due.workflow.spend == 0
                continue
            report = run(server, only=only, is_mock=False, budget=Decimal(100))
            assert report.spent == due.workflow.spend, only


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:1", True),
        ("http://localhost:1", True),
        ("http://mock.localhost", True),
        ("http://LOCALHOST", True),
        ("https://api.mindvideo.ai", False),
        ("http://127.0.0.1.evil.test", False),
        ("http://localhost.evil.test", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_only_this_machines_own_names_are_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_a_remote_host_is_never_asked_for_its_health() -> None:
    class Never:
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise AssertionError("nothing may be sent")

    assert is_mock(Never(), "https://api.mindvideo.ai") is False


def test_redirects_are_not_followed() -> None:
    with remote() as posing:
        transport = HttpTransport(direct=True)
        answer = transport.send(HttpRequest("GET", f"{posing.url}/redirect-me", {}), 5)
        transport.close()
        assert answer.status == 307
        assert [path for _, path, _ in posing.arrived] == ["/redirect-me"]


@pytest.mark.parametrize(("longest", "waited"), [(0.1, 0.1), (None, 1)])
def test_on_the_mock_no_wait_is_longer_than_a_tenth_of_a_second(
    longest: float | None, waited: float
) -> None:
    watch = Watch()
    with in_process(progress="manual") as server:
        run(server, only=["submit-and-poll"], pace=watch.pace(30, longest))
    assert set(watch.slept) == {waited}


def test_a_workflow_that_sees_no_terminal_state_ends_by_its_timeout() -> None:
    watch = Watch()
    with in_process(progress="manual") as server:
        report = run(server, only=["submit-and-poll"], pace=watch.pace(timeout=30))
    assert report.exit_code == 1
    assert report.outcomes[0].findings[-1].check == "timeout"
    assert "queued" in report.outcomes[0].findings[-1].saw
    assert 29 < watch.now <= 30
