"""Metrics say what was answered, as Prometheus' own reader understands it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as read_text
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.web.app import App
from mock_mindvideo.web.metrics.tally import BUCKETS, Tally, from_plain, total
from mock_mindvideo.web.metrics.workers import WorkerTallies
from tests.conftest import AUTH, TASKS, caller, example

PATH = "/_mock/metrics"
Labels = frozenset[tuple[str, str]]


@pytest.fixture
def client() -> TestClient:
    """A server that counts."""
    app = App(Settings(progress="manual", log_level="warning"), watch=True)
    return caller(app, "http://127.0.0.1", headers=AUTH, client=("127.0.0.1", 5000))


def samples(client: TestClient) -> dict[str, dict[Labels, float]]:
    found: dict[str, dict[Labels, float]] = {}
    for family in read_text(client.get(PATH).text):
        for each in family.samples:
            labels = frozenset(each.labels.items())
            found.setdefault(each.name.removeprefix("mock_mindvideo_"), {})[labels] = each.value
    return found


def value(client: TestClient, name: str, **labels: str) -> float:
    return samples(client).get(name, {}).get(frozenset(labels.items()), 0.0)


def answered(client: TestClient, endpoint: str, status: str) -> float:
    return value(client, "request_duration_seconds_count", endpoint=endpoint, status=status)


def test_requests_are_counted_by_endpoint_and_status(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post(TASKS, json={})
    for _ in range(3):
        client.get(f"{TASKS}/{task_id}")
    client.get(f"{TASKS}/{task_id}/events", headers={"Accept": "application/json"})
    client.get("/api/nothing")
    assert answered(client, "submit", "200") == 1
    assert answered(client, "submit", "422") == 1
    assert answered(client, "show", "200") == 3
    assert answered(client, "events", "200") == 1
    assert answered(client, "none", "404") == 1


def test_tasks_are_told_by_state_and_by_what_they_hold_and_cost(client: TestClient) -> None:
    ids = [client.post(TASKS, json=example()).json()["task_id"] for _ in range(3)]
    client.post(f"/_mock/tasks/{ids[0]}/succeed")
    client.post(f"/_mock/tasks/{ids[1]}/fail")
    told = samples(client)["tasks"]
    by_state = {dict(labels)["state"]: count for labels, count in told.items()}
    assert by_state == {"queued": 1, "processing": 0, "succeeded": 1, "failed": 1, "cancelled": 0}
    assert value(client, "spend_usd", kind="held") == pytest.approx(0.6165)
    assert value(client, "spend_usd", kind="charged") == pytest.approx(0.6165)
    assert value(client, "kept", what="tasks") == 3


def test_faults_are_counted_by_their_words(client: TestClient) -> None:
    for _ in range(2):
        client.post(TASKS, json={}, headers={"X-Mock-Script": "status=503; retry-after=1"})
    assert value(client, "faults_total", word="status") == 2
    assert answered(client, "submit", "503") == 2


def test_no_label_holds_an_id_or_anything_that_a_client_sent(client: TestClient) -> None:
    before = {name: set(each) for name, each in samples(client).items()}
    client.get(f"{TASKS}/task_0123456789abcdef01234567")
    client.get(f"{TASKS}/zzz", headers={"Authorization": "Bearer mv_live_0123456789"})
    client.get("/media/zzz/zzz/1.mp4")
    told = client.get(PATH).text
    assert "zzz" not in told
    assert "0123456789" not in told
    assert before.keys() <= samples(client).keys()


def test_a_reader_of_open_metrics_gets_them(client: TestClient) -> None:
    accept = "application/openmetrics-text; version=1.0.0"
    answer = client.get(PATH, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {each.name for each in read_open_metrics(answer.text)} >= {"mock_mindvideo_tasks"}


def test_metrics_are_closed_to_whom_the_control_plane_is(client: TestClient) -> None:
    assert client.get(PATH, headers={"Origin": "https://evil.example"}).status_code == 403


answers = st.lists(
    st.tuples(st.sampled_from(["submit", "show"]), st.sampled_from([200, 422]), st.floats(0, 20))
)


@given(answers, st.lists(st.sampled_from(["status", "drop"])))
def test_a_tally_is_read_back_as_it_was_written_and_added_up(
    given: list[tuple[str, int, float]], words: list[str]
) -> None:
    tally = Tally()
    for each in given:
        tally.answered(*each)
    tally.disturbed(words)
    both = total([from_plain(tally.plain()), tally])
    assert sum(sum(each.counts) for each in both.answers.values()) == 2 * len(given)
    assert both.faults.total() == 2 * len(words)
    assert sum(each.seconds for each in both.answers.values()) == pytest.approx(
        2 * sum(seconds for _, _, seconds in given)
    )


@given(st.floats(0, 20))
def test_a_duration_is_in_the_first_bucket_that_holds_it(seconds: float) -> None:
    tally = Tally()
    tally.answered("show", 200, seconds)
    place = tally.answers["show", 200].counts.index(1)
    assert place == next((at for at, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))


def test_workers_add_up_and_a_dead_one_still_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getpid", lambda: 1)
    dead = WorkerTallies(tmp_path)
    dead.own.answered("submit", 200, 0.001)
    dead.flush()
    monkeypatch.setattr("os.getpid", lambda: 2)
    living = WorkerTallies(tmp_path)
    living.own.answered("submit", 200, 0.002)
    living.flush()
    assert sum(living.all().answers["submit", 200].counts) == 2
