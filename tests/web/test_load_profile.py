"""`--profile load`: a platform that many use at once; each of its values can be overridden."""

from pathlib import Path

import pytest

from mock_mindvideo.domain.profiles import LOAD, NONE
from mock_mindvideo.domain.script import ScriptError
from mock_mindvideo.settings import Settings, SettingsError
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, MakeClient, example

#: What takes each value of the profile back.
LIFTED = {
    "queued": NONE,
    "processing": NONE,
    "latency": NONE,
    "failures": 0,
    "in_flight": 0,
    "quota": (NONE,),
    "journal_sample": 1,
    "media_bitrate": 0,
}


def test_the_profile_is_values_of_settings_that_can_be_read_from_them() -> None:
    settings = Settings(profile="load")
    assert {name: getattr(settings, name) for name in LOAD} == dict(LOAD)
    assert all(getattr(Settings(), name) is None for name in LOAD)


@pytest.mark.parametrize("name", LOAD)
def test_each_value_can_be_overridden(name: str) -> None:
    settings = Settings(profile="load", **{name: LIFTED[name]})
    assert getattr(settings, name) == LIFTED[name]
    others = LOAD.keys() - {name}
    assert all(getattr(settings, other) == LOAD[other] for other in others)


def test_with_every_value_taken_back_a_world_is_like_any_other(make_client: MakeClient) -> None:
    client = make_client(profile="load", **LIFTED)
    plain = make_client()
    for each in (client, plain):
        assert each.get("/_mock/scripts").json() == {"scripts": []}
        assert each.get("/_mock/limits").json() == {"in_flight": None, "quotas": []}
    answers = [each.post(TASKS, json=example()).json() for each in (client, plain)]
    assert answers[0] == answers[1]


def test_what_the_profile_does_is_shown_by_the_control_plane(make_client: MakeClient) -> None:
    client = make_client(profile="load")
    texts = [each["script"] for each in client.get("/_mock/scripts").json()["scripts"]]
    plan = f"queued={LOAD['queued']}; processing={LOAD['processing']}"
    failing = f"{plan}; outcome=failed; probability=0.010000000"
    assert texts == [failing, plan, f"delay={LOAD['latency']}"]
    limits = client.get("/_mock/limits").json()
    assert limits == {"in_flight": LOAD["in_flight"], "quotas": list(LOAD["quota"])}
    assert client.get("/_mock/requests").json()["sample"] == LOAD["journal_sample"]


def test_the_share_of_tasks_that_was_asked_for_fails(make_client: MakeClient) -> None:
    client = make_client(failures=0.25, queued="uniform(1,5)", processing="3")
    for number in range(400):
        client.post(TASKS, json=example(prompt=f"{number}"))
    client.post("/_mock/clock", json={"advance": 60})
    tasks = client.get("/_mock/tasks?limit=1000").json()["tasks"]
    failed = sum(task["status"] == "failed" for task in tasks)
    assert 70 <= failed <= 130  # the seed is given, so it is the same number in every run
    assert {task["status"] for task in tasks} == {"failed", "succeeded"}


def test_a_script_of_the_file_goes_before_those_of_the_settings(
    make_client: MakeClient, tmp_path: Path
) -> None:
    file = tmp_path / "scripts.toml"
    file.write_text('scripts = ["outcome=cancelled; times=1"]')
    client = make_client(queued="1", processing="1", script=file)
    ids = [client.post(TASKS, json=example()).json()["task_id"] for _ in range(2)]
    client.post("/_mock/clock", json={"advance": 20})
    found = [client.get(f"{TASKS}/{each}").json()["status"] for each in ids]
    assert found == ["cancelled", "succeeded"]


def test_times_come_from_a_file_that_the_settings_name(
    make_client: MakeClient, tmp_path: Path
) -> None:
    file = tmp_path / "times.csv"
    file.write_text("queued,processing\n7,70\n7,70\n")
    client = make_client(queued=f"csv({file})", processing=f"csv({file})")
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    planned = client.get(f"/_mock/tasks/{task_id}").json()["planned"]
    assert [step["at"][14:19] for step in planned] == ["00:07", "01:17"]


def test_a_file_cannot_be_named_by_a_request(make_client: MakeClient) -> None:
    client = make_client()
    header = {"X-Mock-Script": "queued=csv(/etc/passwd)"}
    assert client.post(TASKS, json=example(), headers=header).status_code == 422
    refused = client.post("/_mock/scripts", json={"script": "queued=csv(/etc/passwd)"})
    assert refused.status_code == 422
    assert "root" not in refused.text


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"failures": 1.5}, "failures must be a share from 0 to 1"),
        ({"failures": float("nan")}, "failures must be a share from 0 to 1"),
        ({"journal_sample": 0}, "journal-sample must be from 1"),
        ({"media_bitrate": -1}, "media-bitrate must be from 0 to 1000"),
        ({"quota": ("1/0",)}, "quota '1/0' does not fit"),
        ({"in_flight": -1}, "in-flight must be from 1"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_setting(given: dict, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        Settings(**given)


@pytest.mark.parametrize("name", ["queued", "processing", "latency"])
def test_times_that_cannot_be_read_are_told_by_their_word(name: str) -> None:
    with pytest.raises(ScriptError, match=r"'(queued|processing|delay)=soon' does not fit"):
        create_app(Settings(**{name: "soon"}))


def test_of_requests_that_went_well_one_in_so_many_is_kept_and_all_others(
    make_client: MakeClient,
) -> None:
    client = make_client(journal_sample=10)
    for number in range(40):
        client.post(TASKS, json=example(prompt=str(number)))
        client.get(f"{TASKS}/task_{number}")
    client.post(TASKS, json=example(), headers={"X-Mock-Script": "malformed"})
    client.post(TASKS, json=example(), headers={"X-Mock-Script": "status=503"})
    journal = client.get("/_mock/requests?limit=1000").json()
    assert journal["sample"] == 10
    statuses = [each["status"] for each in journal["requests"]]
    assert statuses.count(404) == 40
    assert statuses.count(503) == 1
    assert statuses.count(200) == 4 + 1


def test_a_journal_that_keeps_everything_says_so(make_client: MakeClient) -> None:
    client = make_client()
    for _ in range(5):
        client.post(TASKS, json=example())
    journal = client.get("/_mock/requests").json()
    assert (journal["sample"], len(journal["requests"])) == (1, 5)
