"""The exact text of every failure: it must be enough to see what happened, and to see it again."""

import re

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example

pytestmark = pytest.mark.mindvideo(seed=7)

CURL = """curl -X POST https://api.mindvideo.ai/api/v1/tasks -H "Authorization: Bearer \
$MINDVIDEO_API_KEY" -H 'content-type: application/json'"""

ADVICE = "with a reference video, duration should be 2 to 10 seconds"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch, mindvideo: MindVideo) -> None:
    """Bodies that fit on a line."""
    monkeypatch.setattr("tests.plugin.test_failure_texts.example", _small)


def _small(**changes: object) -> dict[str, object]:
    given = {"prompt": "a cat", "video_urls": ["https://e.com/c.mp4"], **changes}
    kept = {name: value for name, value in given.items() if value is not None}
    return {"model": "wan2-7-r2v", "input": kept}


def submit(world: MindVideo, **changes: object) -> str:
    with world.client() as client:
        answer = client.post(TASKS, json=example(**changes))
    return str(answer.json().get("task_id"))


def poll(world: MindVideo, task_id: str) -> None:
    with world.client() as client:
        client.get(f"{TASKS}/{task_id}")


def failure(world: MindVideo, name: str, *given: object, **options: object) -> str:
    """The text of an assertion that fails, with task ids as `task_1`, `task_2`."""
    with pytest.raises(AssertionError) as failed:
        getattr(world, name)(*given, **options)
    text = str(failed.value)
    for number, task in enumerate(world.tasks, 1):
        text = text.replace(task.id, f"task_{number}")
    return text


def test_nothing_was_requested(mindvideo: MindVideo) -> None:
    assert failure(mindvideo, "assert_requested", "POST /api/v1/tasks") == (
        "expected POST /api/v1/tasks, found 0\n"
        "requests: none reached the mock\n"
        "seed: 7 (again with --mindvideo-seed 7)"
    )


def test_the_nearest_request_is_shown_with_what_differs(mindvideo: MindVideo) -> None:
    submit(mindvideo, duration=15)
    wanted = {"input": {"duration": 10, "seed": 3, "prompt": "a cat"}}

    text = failure(mindvideo, "assert_requested", "POST /api/v1/tasks", json=wanted)
    assert text == (
        "expected POST /api/v1/tasks with JSON"
        " {'input': {'duration': 10, 'seed': 3, 'prompt': 'a cat'}}, found 0\n"
        "  /input/duration: expected 10, it is 15\n"
        "  /input/seed: expected 3, it is missing\n"
        "nearest request:\n"
        f"  POST /api/v1/tasks -> 200  advice: {ADVICE}\n"
        f"  {CURL} -d '"
        '{"model":"wan2-7-r2v","input":{"prompt":"a cat","video_urls":["https://e.com/c.mp4"],'
        '"duration":15}}\'\n'
        "requests (virtual time):\n"
        f"  +0.000s  POST /api/v1/tasks -> 200  advice: {ADVICE}\n"
        "tasks (virtual time):\n"
        "  task_1  queued +0.000s\n"
        "seed: 7 (again with --mindvideo-seed 7)"
    )


def test_a_wrong_path_is_found_as_the_nearest(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        client.get("/api/v1/task/7")

    assert failure(mindvideo, "assert_requested", "GET /api/v1/tasks/{task_id}", times=2) == (
        "expected GET /api/v1/tasks/{task_id} 2 times, found 0\n"
        "nearest request:\n"
        "  GET /api/v1/task/7 -> 404 not_found\n"
        "  no such path; did you mean /api/v1/tasks/7? the API is at /api/v1/tasks\n"
        "  curl -X GET https://api.mindvideo.ai/api/v1/task/7"
        ' -H "Authorization: Bearer $MINDVIDEO_API_KEY"\n'
        "requests (virtual time):\n"
        "  +0.000s  GET /api/v1/task/7 -> 404 not_found\n"
        "seed: 7 (again with --mindvideo-seed 7)"
    )


def test_a_wrong_number_of_times_is_told_with_the_history(mindvideo: MindVideo) -> None:
    task_id = submit(mindvideo)
    poll(mindvideo, task_id)
    poll(mindvideo, task_id)

    assert failure(mindvideo, "assert_requested", "GET /api/v1/tasks/*", times=1) == (
        "expected GET /api/v1/tasks/* 1 time, found 2\n"
        "requests (virtual time):\n"
        "  +0.000s  POST /api/v1/tasks -> 200\n"
        "  +0.000s  GET /api/v1/tasks/task_1 -> 200\n"
        "  +2.000s  GET /api/v1/tasks/task_1 -> 200\n"
        "tasks (virtual time):\n"
        "  task_1  queued +0.000s, processing +2.000s, succeeded +10.000s\n"
        "seed: 7 (again with --mindvideo-seed 7)"
    )


@pytest.mark.parametrize(
    ("wanted", "difference"),
    [
        ({"status": 402}, "status: expected 402, it is 200"),
        ({"headers": {"X-Team": "a"}}, "header X-Team: expected 'a', it is None"),
        ({"json": {"input": {"video_urls": []}}},
         "/input/video_urls: expected [], it is ['https://e.com/c.mp4']"),
        ({"json": {"model": True}}, "/model: expected True, it is 'wan2-7-r2v'"),
        ({"json": []}, "the whole body: expected [], it is {'model': 'wan2-7-r2v', 'input':"
                       " {'prompt': 'a cat', 'video_urls': ['https://e.…"),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_told(
    mindvideo: MindVideo, wanted: dict[str, object], difference: str
) -> None:
    submit(mindvideo)

    text = failure(mindvideo, "assert_requested", "POST /api/v1/tasks", **wanted)
    assert text.splitlines()[1] == f"  {difference}"


def test_a_wrong_charge_is_told_with_the_ledger(mindvideo: MindVideo) -> None:
    submit(mindvideo)

    text = failure(mindvideo, "assert_charged", "0.6165")
    assert text.splitlines()[:2] == [
        "expected 0.6165 USD charged, it is 0 USD, 0.6165 USD are still held",
        "  hold 0.6165 USD  task_1",
    ]


def test_a_task_that_was_not_charged_is_told_with_its_state(mindvideo: MindVideo) -> None:
    task_id = submit(mindvideo)
    mindvideo.fail(task_id)

    assert failure(mindvideo, "assert_charged_once", task_id).splitlines()[:3] == [
        "expected one charge for task_1, found 0; the task is failed",
        "  hold 0.6165 USD  task_1",
        "  release 0.6165 USD  task_1",
    ]


def test_two_tasks_where_one_was_meant_are_told(mindvideo: MindVideo) -> None:
    submit(mindvideo)
    submit(mindvideo)

    text = failure(mindvideo, "assert_charged_once")
    assert text.splitlines()[0] == "expected one task, there are 2"


def test_politeness_is_refused_where_it_would_measure_nothing(mindvideo: MindVideo) -> None:
    assert failure(mindvideo, "assert_polled_politely") == (
        "assert_polled_politely would measure nothing: with progress='polls' the clock jumps at"
        " every poll; use virtual_time=True, progress='manual' or 'time'"
    )


@pytest.mark.mindvideo(progress="manual")
def test_impatient_polls_are_told_with_their_interval(mindvideo: MindVideo) -> None:
    task_id = submit(mindvideo)
    for _ in range(2):
        poll(mindvideo, task_id)
        mindvideo.advance(0.5)

    text = failure(mindvideo, "assert_polled_politely", 2)
    assert text.splitlines()[:2] == [
        "polled impatiently 1 time",
        "  GET /api/v1/tasks/task_1: 0.5 s after the one before, expected at least 2 s",
    ]


@pytest.mark.mindvideo(progress="manual")
def test_an_unheeded_retry_after_is_told(mindvideo: MindVideo) -> None:
    mindvideo.script("status=429; retry-after=3; times=1")
    submit(mindvideo)
    mindvideo.advance(1)
    submit(mindvideo)

    text = failure(mindvideo, "assert_polled_politely")
    assert text.splitlines()[:2] == [
        "polled impatiently 1 time",
        "  POST /api/v1/tasks: 1 s after a 429 that said Retry-After: 3",
    ]


def test_a_stream_that_was_left_is_told_with_what_it_lacks(mindvideo: MindVideo) -> None:
    task_id = submit(mindvideo)
    mindvideo.script("cut=1", times=1)
    with mindvideo.client() as client:
        client.get(f"{TASKS}/{task_id}/events")

    assert failure(mindvideo, "assert_stream_complete", task_id).splitlines()[:3] == [
        "the stream of task_1 is not complete",
        "  delivered: [1], expected: [1]",
        "  the task has not ended",
    ]
    mindvideo.succeed()
    assert failure(mindvideo, "assert_stream_complete").splitlines()[1:4] == [
        "  delivered: [1], expected: [1, 2, 3]",
        "  event 2 was never delivered",
        "  event 3 was never delivered",
    ]


def test_a_stream_that_was_read_from_the_start_again_is_told(mindvideo: MindVideo) -> None:
    task_id = submit(mindvideo)
    mindvideo.script("cut=1", times=1)
    with mindvideo.client() as client:
        client.get(f"{TASKS}/{task_id}/events")
        client.get(f"{TASKS}/{task_id}/events")

    assert failure(mindvideo, "assert_stream_complete", task_id).splitlines()[1:3] == [
        "  delivered: [1, 1, 2, 3], expected: [1, 2, 3]",
        "  event 1 was delivered 2 times",
    ]


def test_violations_are_told_with_the_rule_and_a_curl_line(mindvideo: MindVideo) -> None:
    submit(mindvideo, prompt=None)

    assert failure(mindvideo, "assert_no_violations") == (
        "1 request broke the rules of the API\n"
        "  POST /api/v1/tasks -> 422 invalid_input\n"
        "nearest request:\n"
        "  POST /api/v1/tasks -> 422 invalid_input\n"
        "  /input: the property 'prompt' is required (required)\n"
        f"  {CURL} -d '"
        '{"model":"wan2-7-r2v","input":{"video_urls":["https://e.com/c.mp4"]}}\'\n'
        "requests (virtual time):\n"
        "  +0.000s  POST /api/v1/tasks -> 422 invalid_input\n"
        "           /input: the property 'prompt' is required (required)\n"
        "seed: 7 (again with --mindvideo-seed 7)"
    )


def test_what_scripts_caused_is_no_violation(mindvideo: MindVideo) -> None:
    for script in ("status=422", "status=500", "drop@before-commit"):
        mindvideo.script(script, times=1)
    for _ in range(2):
        submit(mindvideo)
    with pytest.raises(Exception, match="Server disconnected"):
        submit(mindvideo)

    mindvideo.assert_no_violations()


def test_a_violation_can_be_allowed_by_its_code(mindvideo: MindVideo) -> None:
    submit(mindvideo, prompt=None)

    mindvideo.assert_no_violations(allow=["invalid_input"])


def test_a_long_history_is_cut_at_its_beginning(mindvideo: MindVideo) -> None:
    for _ in range(40):
        submit(mindvideo)

    text = failure(mindvideo, "assert_charged", 1)
    assert "  … 10 before\n" in text
    assert len(re.findall("task_[0-9]+  queued", text)) == 30
    assert "POST /api/v1/tasks -> 200  ×40, to +0.000s\n" in text


def test_a_script_and_a_lost_answer_are_named_in_the_history(mindvideo: MindVideo) -> None:
    mindvideo.script("drop@after-commit")
    with pytest.raises(Exception, match="Server disconnected"):
        submit(mindvideo)

    text = failure(mindvideo, "assert_charged", 1)
    assert "  +0.000s  POST /api/v1/tasks -> lost  [drop@after-commit]\n" in text


def test_no_key_is_ever_shown(mindvideo: MindVideo) -> None:
    with mindvideo.client(headers={"Authorization": "Bearer mv_live_secret_9"}) as client:
        client.get(f"{TASKS}/mv_live_secret_9")

    assert "secret_9" not in failure(mindvideo, "assert_no_violations")
