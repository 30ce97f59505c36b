"""Each test its own world, ids, faults and clock, whatever else runs beside it."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.plugin.conftest import HEAD, Run

#: Tests that would disturb one another if they could: EACH in process, and as many live.
MANY = """
import threading

@pytest.mark.parametrize("number", range(EACH))
def test_in_process(number, mindvideo):
    mindvideo.script("status=503", times=1)
    assert [submit().status_code for _ in range(2)] == [503, 200]
    task = mindvideo.tasks[0].id
    assert [poll(task) for _ in range(3)] == ["queued", "processing", "succeeded"]
    mindvideo.assert_charged("0.6165")
    mindvideo.assert_requested("POST /api/v1/tasks", times=2)

@pytest.mark.parametrize("number", range(EACH))
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


#: Plugins that load slowly; the long runs have them too.
HEAVY = ("-p", "no:schemathesis", "-p", "no:pact")

#: What the short one has, and nothing else.
FEW = ("mindvideo", "xdist", "randomly")


def in_own_process(
    folder: Path, *arguments: str, plugins: tuple[str, ...] = (), **files: str
) -> "subprocess.CompletedProcess[str]":
    """Run suites in a process of their own, with these plugins or all that are installed."""
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if plugins else {}
    named = [f"-p{name}" for name in plugins]
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(HEAD + text)
    scope = "" if plugins else "asyncio_default_fixture_loop_scope = function"
    (folder / "pytest.ini").write_text(f"[pytest]\n{scope}\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *named, *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | alone,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def assert_passed(done: "subprocess.CompletedProcess[str]", count: int) -> None:
    assert re.search(rf"=+ {count} passed[^,]* =+$", done.stdout), done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("processes", "each", "plugins"), [(2, 5, FEW), (4, 100, ())])
def test_tests_in_several_processes_in_random_order(
    tmp_path: Path, processes: int, each: int, plugins: tuple[str, ...]
) -> None:
    app = f"EACH = {each}\n{MANY}"

    done = in_own_process(tmp_path, "-n", str(processes), plugins=plugins, app=app)
    assert "--randomly-seed=" in done.stdout
    assert_passed(done, 2 * each)


@pytest.mark.slow
def test_several_processes_can_share_one_server(tmp_path: Path, mindvideo_server) -> None:
    each = 100
    spread = ("-n", "4", "-k", "live")
    shared = ("--mindvideo-server", mindvideo_server.url)

    assert_passed(in_own_process(tmp_path, *spread, *shared, app=f"EACH = {each}\n{MANY}"), each)


@pytest.mark.slow
def test_ids_are_the_same_in_every_process_and_differ_between_tests(
    tmp_path: Path, run: Run
) -> None:
    told = """
def test_one(mindvideo):
    print("ID", submit().json()["task_id"])

def test_two(mindvideo):
    print("ID", submit().json()["task_id"])
"""

    def ids(lines: list[str]) -> set[str]:
        return {line.split()[-1] for line in lines if "ID task_" in line}

    first = ids(run(told, "-s").outlines)
    assert len(first) == 2
    other = in_own_process(tmp_path, "-s", plugins=FEW[:1], app=told)
    assert ids(other.stdout.splitlines()) == first


ASYNC = """
async def flow(mindvideo):
    async with mindvideo.async_client() as client:
        body = {"model": "wan2-7-r2v", "input": INPUT}
        task = (await client.post("/api/v1/tasks", json=body)).json()["task_id"]
        async with client.stream("GET", f"/api/v1/tasks/{task}/events") as stream:
            lines = [line async for line in stream.aiter_lines()]
    assert sum(line.startswith("id: ") for line in lines) == 3
"""


SUITES = {
    "pytest-asyncio": ASYNC
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
""",
    "anyio on both of its loops": ASYNC
    + """
@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test(mindvideo, anyio_backend):
    await flow(mindvideo)
""",
    "respx": """
def test(mindvideo, respx_mock):
    respx_mock.get("https://other.example/").respond(json={"mine": True})
    assert httpx.get("https://other.example/").json() == {"mine": True}
    assert submit().status_code == 200

def test_the_other_way_round(respx_mock, mindvideo):
    respx_mock.get("https://other.example/").respond(json={"mine": True})
    assert httpx.get("https://other.example/").json() == {"mine": True}
    assert submit().status_code == 200
""",
}


@pytest.mark.slow
def test_other_plugins_run_beside_it(tmp_path: Path) -> None:
    """All in one run, since to load every installed plugin takes longer than the suites."""
    files = {str(number): text for number, text in enumerate(SUITES.values())}
    done = in_own_process(tmp_path, "-v", *HEAVY, **files)
    for number, name in enumerate(SUITES):
        found = re.findall(rf"^test_{number}\.py::\S+ ([A-Z]+)", done.stdout, re.MULTILINE)
        assert Counter(found) == {"PASSED": 2}, name + done.stdout + done.stderr


def test_respx_need_not_be_loaded(run: Run) -> None:
    text = "\ndef test(mindvideo):\n    assert submit().status_code == 200\n"

    run(text, "-pno:respx").assert_outcomes(passed=1)


def test_a_cancelled_stream_ends_and_the_test_goes_on(run: Run) -> None:
    run("""
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
        assert len(mindvideo.app.open_streams) == 1
        following.cancel()
        try:
            await following
        except asyncio.CancelledError:
            return
        finally:
            assert len(mindvideo.app.open_streams) == 0

    began = mindvideo.now
    asyncio.run(main())
    assert mindvideo.now == began
""").assert_outcomes(passed=1)


def test_a_world_is_let_go_with_its_test(tmp_path: Path) -> None:
    suite = """
import gc, weakref

seen = []

@pytest.mark.parametrize("number", range(4))
def test(number, mindvideo):
    seen.append(weakref.ref(mindvideo.app))
    gc.collect()
    assert [world() is not None for world in seen] == [False] * number + [True]

@pytest.mark.xfail(strict=True)
def test_that_fails(mindvideo):
    seen.append(weakref.ref(mindvideo.app))
    assert False

def test_afterwards():
    gc.collect()
    assert not any(world() for world in seen[:4])
"""
    done = in_own_process(tmp_path, plugins=FEW[:1], app=suite)
    assert re.search("=+ 5 passed, 1 xfailed in ", done.stdout), done.stdout + done.stderr
