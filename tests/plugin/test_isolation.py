"""Each test its own world, ids, faults and clock, whatever else runs beside it."""

import sys

import pytest

from tests.plugin.conftest import HEAD

#: Two hundred tests that would disturb one another if they could.
MANY = """
import threading

@pytest.mark.parametrize("number", range(100))
def test_in_process(number, mindvideo):
    mindvideo.script("status=503", times=1)
    assert [submit().status_code for _ in range(2)] == [503, 200]
    task = mindvideo.tasks[0].id
    assert [poll(task) for _ in range(3)] == ["queued", "processing", "succeeded"]
    mindvideo.assert_charged("0.6165")
    mindvideo.assert_requested("POST /api/v1/tasks", times=2)

@pytest.mark.parametrize("number", range(100))
def test_live(number, mindvideo_live):
    mindvideo_live.next_task(outcome="failed")
    with mindvideo_live.client() as client:
        body = {"model": "wan2-7-r2v", "input": INPUT}
        key = {"Idempotency-Key": "the same in every test"}
        task = client.post("/api/v1/tasks", json=body, headers=key).json()["task_id"]
        polls = [client.get(f"/api/v1/tasks/{task}").json()["status"] for _ in range(3)]
    assert polls == ["queued", "processing", "failed"]
    assert len(mindvideo_live.tasks) == 1
    assert (mindvideo_live.now - mindvideo_live.tasks[0].timeline[0][0]).total_seconds() == 10
"""


def suite(pytester: pytest.Pytester, text: str, *arguments: str) -> pytest.RunResult:
    """Run it in a process of its own, with every plugin that is installed."""
    pytester.makepyfile(test_app=HEAD + text)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return pytester.run(*command, timeout=250)


def test_two_hundred_tests_in_four_processes_in_random_order(pytester: pytest.Pytester) -> None:
    suite(pytester, MANY, "-n", "4", "-p", "randomly").assert_outcomes(passed=200)


def test_four_processes_can_share_one_server(pytester: pytest.Pytester, mindvideo_server) -> None:
    shared = ("--mindvideo-server", mindvideo_server.url)

    result = suite(pytester, MANY, "-n", "4", "-k", "live", *shared)
    result.assert_outcomes(passed=100)


def test_ids_are_the_same_in_every_run_and_differ_between_tests(
    pytester: pytest.Pytester,
) -> None:
    told = """
def test_one(mindvideo):
    print("ID", submit().json()["task_id"])

def test_two(mindvideo):
    print("ID", submit().json()["task_id"])
"""

    def ids() -> set[str]:
        lines = suite(pytester, told, "-s").outlines
        return {line.split()[-1] for line in lines if "ID task_" in line}

    first = ids()
    assert len(first) == 2
    assert ids() == first


ASYNC = """
async def flow(mindvideo):
    async with mindvideo.async_client() as client:
        body = {"model": "wan2-7-r2v", "input": INPUT}
        task = (await client.post("/api/v1/tasks", json=body)).json()["task_id"]
        async with client.stream("GET", f"/api/v1/tasks/{task}/events") as stream:
            lines = [line async for line in stream.aiter_lines()]
    assert sum(line.startswith("id: ") for line in lines) == 3
"""


def test_pytest_asyncio_runs_beside_it(pytester: pytest.Pytester) -> None:
    text = (
        ASYNC
        + """
@pytest.mark.asyncio
async def test(mindvideo):
    await flow(mindvideo)

@pytest.mark.asyncio
@pytest.mark.mindvideo(patch_sleep=True)
async def test_sleeps(mindvideo):
    began = mindvideo.now
    await asyncio.sleep(60)
    assert (mindvideo.now - began).total_seconds() == 60
"""
    )

    suite(pytester, text).assert_outcomes(passed=2)


def test_anyio_runs_beside_it_on_both_of_its_loops(pytester: pytest.Pytester) -> None:
    text = (
        ASYNC
        + """
@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test(mindvideo, anyio_backend):
    await flow(mindvideo)
"""
    )

    suite(pytester, text).assert_outcomes(passed=2)


def test_respx_need_not_be_loaded(pytester: pytest.Pytester) -> None:
    text = "\ndef test(mindvideo):\n    assert submit().status_code == 200\n"

    suite(pytester, text, "-p", "no:respx").assert_outcomes(passed=1)


def test_the_respx_fixture_works_beside_it(pytester: pytest.Pytester) -> None:
    text = """
def test(mindvideo, respx_mock):
    respx_mock.get("https://other.example/").respond(json={"mine": True})
    assert httpx.get("https://other.example/").json() == {"mine": True}
    assert submit().status_code == 200

def test_the_other_way_round(respx_mock, mindvideo):
    respx_mock.get("https://other.example/").respond(json={"mine": True})
    assert httpx.get("https://other.example/").json() == {"mine": True}
    assert submit().status_code == 200
"""

    suite(pytester, text).assert_outcomes(passed=2)


def test_a_cancelled_stream_ends_and_the_test_goes_on(pytester: pytest.Pytester) -> None:
    text = """
def test(mindvideo):
    mindvideo.freeze()

    async def follow(task, heard):
        async with mindvideo.async_client() as client:
            async with client.stream("GET", f"/api/v1/tasks/{task}/events") as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("id: "):
                        heard.set()

    async def main():
        task, heard = submit().json()["task_id"], asyncio.Event()
        following = asyncio.create_task(follow(task, heard))
        await heard.wait()
        assert len(mindvideo.app.streams) == 1
        following.cancel()
        try:
            await following
        except asyncio.CancelledError:
            return
        finally:
            assert len(mindvideo.app.streams) == 0

    began = mindvideo.now
    asyncio.run(main())
    assert mindvideo.now == began
"""

    suite(pytester, text).assert_outcomes(passed=1)
