"""Gates: a race that happens every time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import trio

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example

KEY = {"Idempotency-Key": "order-1"}


@pytest.fixture(params=["mindvideo", "mindvideo_live"])
def world(request: pytest.FixtureRequest) -> MindVideo:
    """In process, and on a server."""
    handle: MindVideo = request.getfixturevalue(request.param)
    return handle


def submit(world: MindVideo, **headers: str) -> httpx.Response:
    with world.client(headers=headers, timeout=30) as client:
        return client.post(TASKS, json=example())


def test_a_second_request_under_a_held_key_is_in_progress(world: MindVideo) -> None:
    with ThreadPoolExecutor() as pool, world.hold("commit") as gate:
        first = pool.submit(submit, world, **KEY)
        gate.wait()
        second = submit(world, **KEY)
        assert (second.status_code, second.json()["error"]["code"]) == (
            409,
            "idempotency_in_progress",
        )
        assert world.tasks == ()
        gate.release()
        made = first.result().json()["task_id"]
    assert submit(world, **KEY).json()["task_id"] == made


def test_other_keys_and_none_pass_a_gate_that_holds_somebody(world: MindVideo) -> None:
    with ThreadPoolExecutor() as pool, world.hold("commit") as gate:
        first = pool.submit(submit, world, **KEY)
        gate.wait()
        assert submit(world, **{"Idempotency-Key": "order-2"}).status_code == 200
        assert submit(world).status_code == 200
        gate.release()
        assert first.result().status_code == 200


def test_an_invalid_body_is_told_before_the_key_is_looked_at(world: MindVideo) -> None:
    with ThreadPoolExecutor() as pool, world.hold("commit") as gate:
        first = pool.submit(submit, world, **KEY)
        gate.wait()
        with world.client() as client:
            answer = client.post(TASKS, json=example(prompt=None), headers=KEY)
        assert answer.status_code == 422
        gate.release()
        first.result()


def test_a_replay_that_is_held_leaves_its_key_free(world: MindVideo) -> None:
    submit(world, **KEY)
    with ThreadPoolExecutor() as pool, world.hold("commit") as gate:
        first = pool.submit(submit, world, **KEY)
        gate.wait()
        assert submit(world, **KEY).headers["idempotent-replayed"] == "true"
        gate.release()
        first.result()


@pytest.mark.parametrize("point", ["request", "answer"])
def test_requests_can_be_held_before_and_after_the_task_is_made(
    world: MindVideo, point: str
) -> None:
    with ThreadPoolExecutor() as pool, world.hold(point) as gate:
        first = pool.submit(submit, world)
        gate.wait()
        assert len(world.tasks) == (point == "answer")
        gate.release()
        assert first.result().status_code == 200


async def race(world: MindVideo, start) -> list[int]:
    statuses = []
    async with world.async_client(headers=KEY, timeout=30) as client:
        with world.hold("commit") as gate:
            finish = await start(lambda: client.post(TASKS, json=example()))
            await gate.wait_async()
            statuses.append((await client.post(TASKS, json=example())).status_code)
        statuses.append((await finish()).status_code)
    return statuses


def test_a_race_between_tasks_of_asyncio(world: MindVideo) -> None:
    async def start(ask):
        task = asyncio.create_task(ask())

        async def finish():
            return await task

        return finish

    assert asyncio.run(race(world, start)) == [409, 200]


def test_a_race_between_tasks_of_trio(world: MindVideo) -> None:
    async def main() -> list[int]:
        async with trio.open_nursery() as nursery:
            done, answers = trio.Event(), []

            async def run(ask) -> None:
                answers.append(await ask())
                done.set()

            async def start(ask):
                nursery.start_soon(run, ask)

                async def finish():
                    await done.wait()
                    return answers[0]

                return finish

            return await race(world, start)

    assert trio.run(main) == [409, 200]


def test_a_delay_holds_the_key_as_well(mindvideo_live: MindVideo) -> None:
    with ThreadPoolExecutor() as pool:
        for attempt in range(20):
            key = {"Idempotency-Key": f"order-{attempt}"}
            delay = mindvideo_live.script("delay=1", times=1)
            first = pool.submit(submit, mindvideo_live, **key)
            while not (delay.used or first.done()):
                pass
            second = submit(mindvideo_live, **key)
            if not first.done():  # else the machine was too busy to be in time
                break
        assert second.status_code == 409
        assert first.result().status_code == 200


def test_a_gate_to_which_no_request_comes_fails_with_its_name(mindvideo: MindVideo) -> None:
    with (
        mindvideo.hold("commit") as gate,
        pytest.raises(AssertionError, match="no request came to the gate 'commit'"),
    ):
        gate.wait(timeout=0)


def test_an_unknown_point_is_refused_with_those_there_are(mindvideo: MindVideo) -> None:
    with pytest.raises(ValueError, match="no point 'comit'; a request can be held at request, "):
        mindvideo.hold("comit")


def test_an_idle_mock_keeps_no_gates_and_no_marks(mindvideo: MindVideo) -> None:
    assert mindvideo.app is not None
    with ThreadPoolExecutor() as pool, mindvideo.hold("commit") as gate:
        first = pool.submit(submit, mindvideo, **KEY)
        gate.wait()
        gate.release()
        first.result()

    assert mindvideo.app.gates.quiet
