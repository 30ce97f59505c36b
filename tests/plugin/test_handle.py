"""The handle, in process and on a server: the same names, the same answers."""

import os
import subprocess
import sys
from decimal import Decimal

import httpx
import pytest

from mock_mindvideo.plugin.control import ControlError
from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.plugin.conftest import Run


@pytest.fixture(params=["mindvideo", "mindvideo_live"])
def world(request: pytest.FixtureRequest) -> MindVideo:
    """In process, and on a server."""
    handle: MindVideo = request.getfixturevalue(request.param)
    return handle


def submit(world: MindVideo, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with world.client(headers=headers) as client:
        return client.post(TASKS, json=example())


def test_address_and_key_are_all_that_an_application_needs(world: MindVideo) -> None:
    answer = httpx.post(
        f"{world.base_url}{TASKS}",
        json=example(),
        headers={"Authorization": f"Bearer {world.api_key}"},
    )

    assert answer.status_code == 200


def test_polls_move_the_clock_by_default(world: MindVideo) -> None:
    task_id = submit(world).json()["task_id"]

    with world.client() as client:
        polls = [client.get(f"{TASKS}/{task_id}").json()["status"] for _ in range(3)]
    assert polls == ["queued", "processing", "succeeded"]


def test_a_frozen_clock_moves_only_by_advance(world: MindVideo) -> None:
    world.freeze()
    task_id = submit(world).json()["task_id"]

    with world.client() as client:
        assert {client.get(f"{TASKS}/{task_id}").json()["status"] for _ in range(3)} == {"queued"}
    moved = world.advance(10)
    assert [(each["task_id"], each["status"]) for each in moved] == [
        (task_id, "processing"),
        (task_id, "succeeded"),
    ]


def test_progress_can_be_set_and_read(world: MindVideo) -> None:
    assert world.progress == "polls"

    world.progress = "time"
    assert world.progress == "time"


@pytest.mark.parametrize(
    ("move", "status"),
    [("start", "processing"), ("succeed", "succeeded"), ("fail", "failed"),
     ("cancel", "cancelled")],
)  # fmt: skip
def test_a_task_can_be_moved_by_its_id_or_as_the_newest(
    world: MindVideo, move: str, status: str
) -> None:
    first, second = (submit(world).json()["task_id"] for _ in range(2))

    assert getattr(world, move)().id == second
    assert getattr(world, move)(first).status == status
    assert [task.status for task in world.tasks] == [status, status]


def test_a_failure_has_the_code_and_words_it_was_given(world: MindVideo) -> None:
    submit(world)

    task = world.fail(error="content_policy", message="not this")
    assert task.raw["error"] == {"code": "content_policy", "message": "not this"}


def test_an_illegal_move_is_refused_in_the_mocks_words(world: MindVideo) -> None:
    submit(world)
    world.succeed()

    with pytest.raises(ControlError, match="a task that is succeeded cannot become failed"):
        world.fail()


def test_moving_the_newest_of_no_tasks_says_so(world: MindVideo) -> None:
    with pytest.raises(LookupError, match="there is no task to fail yet"):
        world.fail()


def test_next_task_decides_one_plan_and_only_one(world: MindVideo) -> None:
    script = world.next_task(outcome="failed", error="timeout", queued=1, processing=2)
    for _ in range(2):
        submit(world)
    world.advance(10)

    assert [task.status for task in world.tasks] == ["failed", "succeeded"]
    assert script.text == "outcome=failed; error=timeout; queued=1; processing=2; times=1"
    assert (script.used, script.seen, script.unused) == (1, 1, False)


def test_a_script_that_cannot_be_read_is_refused_with_the_nearest_word(world: MindVideo) -> None:
    with pytest.raises(ControlError) as refused:
        world.script("drop@after-comit")
    assert "did you mean 'drop@after-commit'?" in str(refused.value)


def test_tasks_requests_and_ledger_tell_what_happened(world: MindVideo) -> None:
    answer = submit(world)
    world.succeed()

    (task,) = world.tasks
    assert (task.id, task.model, task.input) == (
        answer.json()["task_id"],
        "wan2-7-r2v",
        example()["input"],
    )
    assert [status for _, status in task.timeline] == ["queued", "processing", "succeeded"]
    (request,) = world.requests
    assert (request.line, request.status, request.task_id) == (f"POST {TASKS}", 200, task.id)
    assert request.json == example()
    assert request.answer == answer.json()
    assert world.api_key not in str(request.raw)
    assert [(each.kind, each.amount) for each in world.ledger.entries] == [
        ("hold", Decimal("0.6165")),
        ("charge", Decimal("0.6165")),
    ]


def test_limits_can_be_set_felt_and_lifted(world: MindVideo) -> None:
    world.limit(in_flight=3, quota="2/60")
    assert world.limits == (3, ("2/60",))
    assert [submit(world).status_code for _ in range(3)] == [200, 200, 429]
    world.limit(quota="none")
    assert world.limits == (3, ())
    assert submit(world).status_code == 200
    world.limit(in_flight=0)
    assert world.limits == (None, ())
    with pytest.raises(ControlError, match="requests/seconds"):
        world.limit(quota=["ten"])


def test_credit_can_be_set_spent_and_lifted(world: MindVideo) -> None:
    world.credit = "1"
    assert [submit(world).status_code for _ in range(2)] == [200, 402]
    assert world.credit == Decimal("0.3835")

    world.credit = None
    assert world.credit is None
    assert submit(world).status_code == 200


def test_keys_are_created_disabled_enabled_and_deleted(world: MindVideo) -> None:
    key = world.keys.create()
    assert submit(world, key.secret).status_code == 200

    world.keys.disable(key)
    assert submit(world, key.secret).status_code == 403
    world.keys.enable(key.id)
    assert submit(world, key.secret).status_code == 200
    world.keys.delete(key)
    assert submit(world, key.secret).status_code == 401
    assert all(key.secret not in str(each) for each in world.keys)


def test_a_key_of_another_test_is_refused_with_those_that_are_known(mindvideo: MindVideo) -> None:
    message = submit(mindvideo, "mv_test_other").json()["error"]["message"]

    assert message.startswith(
        "the API key mv_test_…er is unknown or was deleted; in this test the mock knows"
        " mv_live_…xx, mv_test_…"
    )
    assert "name another with @pytest.mark.mindvideo(api_key=…)" in message


@pytest.mark.parametrize(
    ("key", "status"),
    [("mv_live_xxx", 200), ("mv_test_disabled", 403), ("mv_test_deleted", 401),
     ("mv_test_no_credit", 402)],
)  # fmt: skip
def test_the_keys_with_a_fixed_meaning_keep_it_in_process(
    mindvideo: MindVideo, key: str, status: int
) -> None:
    assert submit(mindvideo, key).status_code == status


def test_a_request_without_a_world_is_in_the_tests_journal(mindvideo: MindVideo) -> None:
    submit(mindvideo, "nobody")
    with mindvideo.client() as client:
        client.get("/api/v1/task")

    assert [request.code for request in mindvideo.requests] == ["invalid_api_key", "not_found"]


def test_environment_variables_reach_other_processes_and_go_again(world: MindVideo) -> None:
    world.setenv(MINDVIDEO_BASE_URL=world.base_url, OTHER="x")

    read = "import os; print(os.environ['MINDVIDEO_BASE_URL'], os.environ['OTHER'])"
    told = subprocess.run(
        [sys.executable, "-c", read], capture_output=True, text=True, check=True, timeout=300
    )
    assert told.stdout == f"{world.base_url} x\n"
    world.clean_up.close()
    assert "OTHER" not in os.environ


def test_setenv_has_names_of_its_own(mindvideo: MindVideo) -> None:
    mindvideo.setenv()

    assert os.environ["MINDVIDEO_API_KEY"] == mindvideo.api_key
    assert os.environ["MINDVIDEO_BASE_URL"] == "https://api.mindvideo.ai"


def test_only_the_in_process_world_can_be_mounted(mindvideo_live: MindVideo) -> None:
    with pytest.raises(RuntimeError, match="only the in-process fixture `mindvideo`"):
        mindvideo_live.mount(object())


def test_a_live_world_is_forgotten_when_its_test_is_over(
    pytester: pytest.Pytester, run_here: Run
) -> None:
    pytester.makepyfile("""
        seen = []

        def test_first(mindvideo_live, mindvideo_server):
            seen.append(mindvideo_live.name)
            assert mindvideo_live.tasks == ()
            names = {each.name for each in mindvideo_server.app.store.worlds()}
            assert mindvideo_live.name in names

        def test_second(mindvideo_live, mindvideo_server):
            names = {each.name for each in mindvideo_server.app.store.worlds()}
            assert seen[0] not in names
            assert mindvideo_live.base_url == mindvideo_server.url
    """)

    run_here().assert_outcomes(passed=2)


def test_live_worlds_can_be_put_on_a_server_that_runs_already(
    pytester: pytest.Pytester, run_here: Run, mindvideo_server
) -> None:
    pytester.makepyfile(f"""
        def test(mindvideo_live):
            assert mindvideo_live.base_url == "{mindvideo_server.url}"
            assert mindvideo_live.advance(1) == []
            import pytest
            with pytest.raises(RuntimeError, match="needs the server in this process"):
                mindvideo_live.hold("commit")
    """)

    run_here("--mindvideo-server", mindvideo_server.url).assert_outcomes(passed=1)
