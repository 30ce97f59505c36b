"""Faults, the same on a real connection and in process: one table, two doors."""

from collections.abc import Callable

import httpx
import pytest

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from tests.conftest import TASKS, example
from tests.faults.workers import until


@pytest.fixture(params=["mindvideo", "mindvideo_live"])
def world(request: pytest.FixtureRequest) -> MindVideo:
    """In process, and on a server."""
    handle: MindVideo = request.getfixturevalue(request.param)
    return handle


def submit(world: MindVideo, timeout: float = 60, **headers: str) -> httpx.Response:
    with world.client(timeout=timeout) as client:
        return client.post(TASKS, json=example(), headers=headers)


def get(world: MindVideo, path: str, **headers: str) -> httpx.Response:
    with world.client() as client:
        return client.get(path, headers=headers)


def events(answer: httpx.Response) -> list[str]:
    return [line[4:] for line in answer.text.splitlines() if line.startswith("id: ")]


def test_a_status_is_answered_in_the_envelope_with_its_retry_after(world: MindVideo) -> None:
    world.script("status=503; retry-after=3")
    answer = submit(world)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3"
    assert answer.headers["x-mock-script"] == "status=503; retry-after=3"
    assert answer.json()["error"]["code"] == "unavailable"
    assert not world.tasks


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "invalid_http"),
        (418, "invalid_request"),
        (429, "rate_limited"),
        (500, "internal_error"),
        (504, "unavailable"),
    ],
)
def test_every_status_has_a_code_of_the_table(world: MindVideo, status: int, code: str) -> None:
    world.script(f"status={status}")
    answer = submit(world)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("status", [429, 503])
def test_where_polls_drive_the_clock_it_jumps_by_the_retry_after(
    world: MindVideo, status: int
) -> None:
    before = world.now
    world.script(f"status={status}; retry-after=30", times=1)

    submit(world)
    assert (world.now - before).total_seconds() == 30


@pytest.mark.mindvideo(progress="manual")
def test_a_clock_that_only_moves_when_told_stands(world: MindVideo) -> None:
    before = world.now
    world.script("status=503; retry-after=30; times=1")

    submit(world)
    assert world.now == before


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_dropped_connection_is_a_protocol_error(world: MindVideo, point: str) -> None:
    world.script(f"drop@{point}-commit", times=1)

    with pytest.raises(httpx.RemoteProtocolError) as lost:
        submit(world)
    assert str(lost.value) == "Server disconnected without sending a response."
    assert len(world.tasks) == (point == "after")


def test_the_retry_of_a_lost_answer_is_a_replay_and_one_charge(world: MindVideo) -> None:
    world.script("drop@after-commit", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        submit(world, **{"Idempotency-Key": "k"})

    answer = submit(world, **{"Idempotency-Key": "k"})
    assert answer.headers["idempotent-replayed"] == "true"
    world.succeed()
    world.assert_charged_once(answer.json()["task_id"])


def test_the_journal_says_that_the_answer_was_lost(world: MindVideo) -> None:
    world.script("drop@after-commit")
    with pytest.raises(httpx.RemoteProtocolError):
        submit(world)

    assert until(lambda: bool(world.requests))  # a live client knows before the journal does
    (request,) = world.requests
    assert (request.status, request.code, request.fault) == (0, "dropped", "drop@after-commit")
    assert request.task_id == world.tasks[0].id


def test_a_truncated_body_is_a_protocol_error(world: MindVideo) -> None:
    world.script("truncate=20")

    with pytest.raises(httpx.RemoteProtocolError, match=r"\(received 20 bytes, expected 1[0-9]+\)"):
        submit(world)


def test_a_malformed_body_is_whole_and_no_json(world: MindVideo) -> None:
    world.script("malformed")
    answer = submit(world)

    assert answer.status_code == 200
    assert answer.text.startswith('{"request_id"')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_dripping_body_arrives_whole(world: MindVideo) -> None:
    world.script("drip=2000")

    assert submit(world).json()["status"] == "queued"


def test_a_delay_is_drawn_anew_for_each_request(world: MindVideo) -> None:
    world.script("delay=percentiles(50:0, 50.001:30)")
    late = set[bool]()
    for _ in range(200):  # a busy machine may be late by itself, but not always
        try:
            submit(world, timeout=0.05)
            late.add(False)
        except httpx.ReadTimeout:
            late.add(True)
        if len(late) == 2:
            return
    raise AssertionError("the delay was the same each time")


def test_a_delay_beyond_the_timeout_is_a_read_timeout(world: MindVideo) -> None:
    world.script("delay=60; times=1")
    with pytest.raises(httpx.ReadTimeout):
        submit(world, timeout=0.1)


def test_a_task_that_was_delayed_beyond_its_clients_patience_is_made_all_the_same(
    world: MindVideo,
) -> None:
    world.script("delay=0.6; times=1")
    key = {"Idempotency-Key": "k"}
    with pytest.raises(httpx.ReadTimeout):
        submit(world, timeout=0.1, **key)

    while (answer := submit(world, **key)).status_code == 409:
        assert answer.json()["error"]["code"] == "idempotency_in_progress"
    # Which of the two was first is nobody's to say where a store blocks; there is one task.
    assert [task.id for task in world.tasks] == [answer.json()["task_id"]]


def test_a_limit_counts_a_window_of_the_worlds_clock(world: MindVideo) -> None:
    world.freeze()
    world.script("limit=2/60")
    answers = [submit(world) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]

    world.advance(20)
    refused = submit(world)
    assert refused.headers["retry-after"] == "40"
    world.advance(39)
    assert submit(world).status_code == 429
    world.advance(1)
    assert submit(world).status_code == 200


def test_waiting_exactly_as_long_as_a_limit_says_succeeds_at_any_speed(world: MindVideo) -> None:
    assert world.app is not None
    world.app.worlds.open(world.name).run("manual", 7.0)
    world.script("limit=1/60")
    submit(world)

    told = int(submit(world).headers["retry-after"])
    assert told == 9
    world.advance(told * 7)
    assert submit(world).status_code == 200


def test_a_cut_stream_ends_after_its_event_and_can_be_resumed(world: MindVideo) -> None:
    task_id = submit(world).json()["task_id"]
    world.script("cut=2", times=1)
    path = f"{TASKS}/{task_id}/events"

    assert events(get(world, path)) == ["1", "2"]
    assert events(get(world, path, **{"Last-Event-ID": "2"})) == ["3"]
    world.assert_stream_complete(task_id)


def test_a_duplicated_event_comes_twice(world: MindVideo) -> None:
    task_id = submit(world).json()["task_id"]
    world.script("duplicate=2")

    assert events(get(world, f"{TASKS}/{task_id}/events")) == ["1", "2", "2", "3"]
    world.assert_stream_complete(task_id)


def test_heartbeats_come_before_the_first_event(world: MindVideo) -> None:
    task_id = submit(world).json()["task_id"]
    world.script("heartbeats=1")

    blocks = get(world, f"{TASKS}/{task_id}/events").text.split("\n\n")
    assert blocks[0] == "retry: 1000\n: keep-alive"
    assert blocks[1].startswith("id: 1")


def test_words_for_streams_leave_other_requests_alone(world: MindVideo) -> None:
    script = world.script("cut=1", times=1)
    task_id = submit(world).json()["task_id"]
    get(world, f"{TASKS}/{task_id}/events", Accept="application/json")

    assert script.seen == 0
    assert events(get(world, f"{TASKS}/{task_id}/events")) == ["1"]


def test_a_malformed_stream_sends_events_that_are_no_json(world: MindVideo) -> None:
    task_id = submit(world).json()["task_id"]
    world.script("malformed")

    answer = get(world, f"{TASKS}/{task_id}/events")
    data = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    assert len(data) == 3
    assert not any(line.endswith("}") for line in data)


@pytest.mark.filterwarnings("ignore::mock_mindvideo.plugin.ending.UnusedScriptWarning")
@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("method=GET", [200, 503, 503]),
        ("method=POST", [503, 200, 200]),
        ("path=/api/v1/tasks/*", [200, 503, 200]),
        ("path=/api/v1/tasks/*/events", [200, 200, 503]),
        ("skip=1", [200, 503, 503]),
        ("skip=1; times=1", [200, 503, 200]),
        ("probability=0", [200, 200, 200]),
    ],
)
def test_modifiers_say_which_requests_are_hit(world: MindVideo, words: str, hit: list[int]) -> None:
    task_id = submit(world).json()["task_id"]
    world.script(f"status=503; {words}")
    one, many = f"{TASKS}/{task_id}", f"{TASKS}/{task_id}/events"

    answers = [submit(world), get(world, one), get(world, many)]
    assert [answer.status_code for answer in answers] == hit


def test_a_plan_and_a_fault_meet_in_one_request(world: MindVideo) -> None:
    world.script("outcome=failed; error=content_policy; malformed")
    answer = submit(world)

    assert answer.headers["x-mock-script"] == "outcome=failed; error=content_policy; malformed"
    world.advance(100)
    assert world.tasks[0].status == "failed"


def test_a_fault_does_not_take_the_place_of_a_plan(world: MindVideo) -> None:
    world.script("status=503", times=1)
    world.next_task(outcome="failed")

    assert [submit(world).status_code for _ in range(2)] == [503, 200]
    world.advance(100)
    assert world.tasks[0].status == "failed"


Trigger = Callable[[MindVideo], httpx.Response]


def by_header(world: MindVideo) -> httpx.Response:
    return submit(world, **{"X-Mock-Script": "status=503; times=1", "Idempotency-Key": "k"})


def by_magic(world: MindVideo) -> httpx.Response:
    images = [{"url": "https://unavailable.mock.invalid/x.jpg", "role": "reference_image"}]
    with world.client() as client:
        body = example(image_with_roles=images)
        return client.post(TASKS, json=body, headers={"Idempotency-Key": "k"})


@pytest.mark.parametrize("send", [by_header, by_magic])
def test_a_script_that_comes_with_the_request_is_counted_over_its_retries(
    world: MindVideo, send: Trigger
) -> None:
    assert [send(world).status_code for _ in range(3)] == [503, 200, 200]


@pytest.mark.parametrize("send", [by_header, by_magic])
def test_what_comes_with_the_request_goes_before_what_is_stored(
    world: MindVideo, send: Trigger
) -> None:
    world.script("status=500")

    assert [send(world).status_code for _ in range(2)] == [503, 500]


@pytest.mark.filterwarnings("ignore::mock_mindvideo.plugin.ending.UnusedScriptWarning")
def test_scripts_of_the_fixture_go_before_those_of_the_control_plane(world: MindVideo) -> None:
    world._control.call("POST", "/scripts", {"script": "status=500"})
    world.script("status=503")

    assert submit(world).status_code == 503


def chances(seed: int) -> list[int]:
    with embedded_world("chances", Options(seed=seed)) as world:
        world.script("status=503; probability=0.5")
        return [submit(world).status_code for _ in range(30)]


def test_chances_repeat_with_the_seed_and_with_no_other() -> None:
    assert chances(1) == chances(1)
    assert chances(1) != chances(2)
    assert set(chances(1)) == {200, 503}


@pytest.mark.filterwarnings("ignore::mock_mindvideo.plugin.ending.UnusedScriptWarning")
@pytest.mark.filterwarnings("ignore::mock_mindvideo.plugin.ending.StrayRequestWarning")
def test_who_is_not_authenticated_meets_no_fault(world: MindVideo) -> None:
    script = world.script("status=503")
    with world.client(headers={"Authorization": "Bearer nobody"}) as client:
        assert client.get(f"{TASKS}/x").status_code == 401
    assert script.seen == 0


def test_a_world_remembers_no_more_than_a_hundred_scripts_of_requests(world: MindVideo) -> None:
    with world.client() as client:
        for number in range(110):
            client.get(f"{TASKS}/x", headers={"X-Mock-Script": f"delay=0; times=1; skip={number}"})

    assert world.app is not None
    assert len(world.app.worlds.open(world.name).state.scripts) == 100
