"""`serve --profile load`: what it says first and last, and how each value is given."""

import json
import time

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.domain.profiles import LOAD
from tests.conftest import example

from .test_greeting import said
from .test_serve import running  # noqa: F401 - a fixture
from .test_serve_refused import refused


def submitted(server, count):
    body = json.dumps(example())
    for _ in range(count):
        assert server.ask("POST", "/api/v1/tasks", body)[0] == 200


def test_a_server_under_load_prints_its_limits_and_distributions_first(capsys):
    line = next(each for each in said(capsys, profile="load").splitlines() if "Under" in each)
    assert line == (
        "Under load: queued lognormal(3,0.6), processing lognormal(20,0.4),"
        " latency lognormal(0.08,0.4), failures 0.01, in-flight 50,"
        " quota 50/1 1000/60 tasks=500, journal-sample 100, media-bitrate 8.0"
    )
    assert set(LOAD) == {each.split()[0].replace("-", "_") for each in line[12:].split(", ")}


def test_a_server_that_is_asked_for_nothing_says_nothing_of_load(capsys):
    assert "load" not in said(capsys).lower()


def test_a_server_under_load_prints_last_what_the_tasks_would_have_cost(running):  # noqa: F811
    server = running("--profile", "load", "--log-level", "warning", "--latency", "none",
                     "--queued", "0", "--processing", "0", "--failures", "0")  # fmt: skip
    submitted(server, 3)
    _, err, code = server.stop()
    assert code == 0
    assert "spend: 3 tasks would have cost 1.8495 USD, and 0 USD are held for more" in err


@pytest.mark.slow
def test_several_workers_say_it_together(running, tmp_path):  # noqa: F811
    server = running("--in-flight", "9", "--workers", "2", "--db", str(tmp_path / "mock.db"),
                     "--log-level", "warning", "--queued", "0", "--processing", "0")  # fmt: skip
    submitted(server, 4)
    _, err, code = server.stop()
    assert code == 0
    assert err.count("spend: 4 tasks would have cost 2.466 USD") == 1


def test_every_value_can_come_from_its_variable(running):  # noqa: F811
    server = running(
        "--log-level", "warning",
        MOCK_MINDVIDEO_PROFILE="load",
        MOCK_MINDVIDEO_IN_FLIGHT="2",
        MOCK_MINDVIDEO_QUOTA="7/1,tasks=9",
        MOCK_MINDVIDEO_LATENCY="none",
        MOCK_MINDVIDEO_FAILURES="0",
        MOCK_MINDVIDEO_QUEUED="uniform(1,2)",
        MOCK_MINDVIDEO_JOURNAL_SAMPLE="5",
    )  # fmt: skip
    assert json.loads(server.ask("GET", "/_mock/limits")[1]) == {
        "in_flight": 2,
        "quotas": ["7/1", "tasks=9"],
    }
    scripts = json.loads(server.ask("GET", "/_mock/scripts")[1])["scripts"]
    assert [each["script"] for each in scripts] == [
        f"queued=uniform(1,2); processing={LOAD['processing']}"
    ]
    assert json.loads(server.ask("GET", "/_mock/requests")[1])["sample"] == 5


def test_answers_are_held_as_long_as_was_asked_for(running):  # noqa: F811
    server = running("--latency", "0.3", "--log-level", "warning")
    began = time.monotonic()
    submitted(server, 1)
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--quota", "ten"), "--quota"),
        (("--in-flight", "-1"), "--in-flight"),
        (("--failures", "2"), "--failures"),
        (("--media-bitrate", "-1"), "--media-bitrate"),
        (("--queued", "soon"), "'queued=soon' does not fit"),
        (("--queued", "csv(nowhere.csv)"), "nowhere.csv: cannot be read: No such file"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_option(arguments, told):
    code, out, err = refused("--port", 0, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_the_profile_is_one_of_python_too():
    assert Settings(profile="load").under_load
    assert not Settings().under_load
