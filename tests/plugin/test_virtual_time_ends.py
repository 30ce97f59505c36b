"""Nothing of virtual time is left after its test, and what serves the tests never lives in it."""

import pytest

from tests.plugin.conftest import Run

VIRTUAL = "@pytest.mark.mindvideo(virtual_time=True)\n"

#: A test of its own after another: sleeps, waits and dates are real.
REAL_AGAIN = """
import threading, queue
from datetime import datetime

def test_real_again():
    began, real = time.perf_counter(), time.clock_gettime(time.CLOCK_MONOTONIC)
    time.sleep(0.02)
    threading.Event().wait(0.02)
    asyncio.run(asyncio.sleep(0.02))
    with pytest.raises(queue.Empty):
        queue.SimpleQueue().get(timeout=0.02)
    assert 0.08 <= time.perf_counter() - began < 20
    assert 0.08 <= time.clock_gettime(time.CLOCK_MONOTONIC) - real < 20
    assert datetime.now().year >= 2026 and abs(time.time() - datetime.now().timestamp()) < 5
    assert repr(time.sleep.__self__) == "<module 'time' (built-in)>"
    assert threading._allocate_lock.__module__ == "_thread"
"""


FIRST = {
    "passed": VIRTUAL + "def test_first(mindvideo):\n    time.sleep(600)\n",
    "failed": VIRTUAL + "def test_first(mindvideo):\n    time.sleep(600)\n    assert False\n",
    "broken fixture": """
@pytest.fixture
def broken(mindvideo):
    mindvideo.virtual_time()
    1 / 0

def test_first(broken):
    pass
""",
    "broken teardown": """
@pytest.fixture
def late(mindvideo):
    mindvideo.virtual_time()
    yield
    1 / 0

def test_first(late):
    time.sleep(600)
""",
    "thread": VIRTUAL
    + """def test_first(mindvideo):
    threading.Thread(target=time.sleep, args=(900,), daemon=True).start()
    time.sleep(600)
""",
    "with": """
def test_first(mindvideo):
    with mindvideo.virtual_time():
        time.sleep(9)
    test_real_again()
""",
}


def is_real_again(result: pytest.RunResult) -> bool:
    """Whether the second test passed, whatever the first did."""
    return any(line.startswith("test_app.py::test_real_again PASSED") for line in result.outlines)


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_after_virtual_time_everything_is_itself(run: Run, first: str) -> None:
    assert is_real_again(run("import threading\n" + first + REAL_AGAIN, "-v"))


@pytest.mark.slow
def test_after_virtual_time_everything_is_itself_in_a_worker_of_xdist(run: Run) -> None:
    result = run("import threading\n" + FIRST["failed"] + REAL_AGAIN, "-pxdist.plugin", "-n1")

    result.assert_outcomes(passed=1, failed=1)


def test_durations_are_real(run: Run) -> None:
    suite = VIRTUAL + "def test(mindvideo):\n    time.sleep(7200)\n"
    result = run(suite, "--durations=3", "-vv", "--junit-xml=report.xml")

    result.assert_outcomes(passed=1)
    took = [line.split()[0] for line in result.outlines if line.endswith("test_app.py::test")]
    assert took
    assert all(float(each[:-1]) < 60 for each in took if each.endswith("s"))


def test_a_timeout_of_the_test_is_real(run: Run) -> None:
    suite = VIRTUAL + "@pytest.mark.timeout(60)\ndef test(mindvideo):\n    time.sleep(7200)\n"

    for method in ("signal", "thread"):
        for only in ("false", "true"):
            ini = f"timeout_method = {method}\ntimeout_func_only = {only}"
            run(suite, "-ppytest_timeout", ini=ini).assert_outcomes(passed=1, warnings=0)


def test_a_deadline_of_hypothesis_is_real(run: Run) -> None:
    suite = """
from hypothesis import HealthCheck, given, settings, strategies as st

@pytest.mark.mindvideo(virtual_time=True)
@settings(deadline=5000, max_examples=5, suppress_health_check=list(HealthCheck))
@given(seconds=st.integers(100, 200))
def test(mindvideo, seconds):
    began = time.monotonic()
    time.sleep(seconds)
    assert time.monotonic() - began == pytest.approx(seconds)
"""
    run(suite, "-p_hypothesis_pytestplugin").assert_outcomes(passed=1)


def test_a_thread_that_outlives_its_test_waits_on_in_real_time(run: Run) -> None:
    suite = """
import threading
woken = []

def nap():
    time.sleep(600.5)
    woken.append(time.monotonic())

@pytest.mark.mindvideo(virtual_time=True)
def test_first(mindvideo):
    thread = threading.Thread(target=nap, daemon=True)
    thread.start()
    time.sleep(600)
    assert not woken
    woken.append(thread)

def test_second():
    thread, began = woken.pop(), time.monotonic()
    thread.join(30)
    assert woken and woken[0] - began < 30
"""
    run(suite).assert_outcomes(passed=2)


def test_a_loop_that_outlives_its_test_keeps_its_timers(run: Run) -> None:
    suite = """
loop = asyncio.new_event_loop()
rung = []

@pytest.mark.mindvideo(virtual_time=True)
def test_first(mindvideo):
    async def main():
        loop.call_later(600.2, rung.append, "rung")
        await asyncio.sleep(600)
    loop.run_until_complete(main())
    assert not rung

def test_second():
    began = time.monotonic()
    async def main():
        while not rung:
            await asyncio.sleep(0.01)
    loop.run_until_complete(asyncio.wait_for(main(), 30))
    loop.close()
    assert time.monotonic() - began < 30
"""
    run(suite).assert_outcomes(passed=2)


def test_a_test_that_waits_for_ever_fails_with_the_list_of_who_waits(run: Run) -> None:
    suite = """
import threading

@pytest.mark.mindvideo(virtual_time=True, script="outcome=stuck")
def test(mindvideo):
    submit()
    done = threading.Event()
    time.sleep(30)
    done.wait()
"""
    result = run(suite)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*StandingStill: nothing will ever happen again*(virtual time +30.000s)",
            "*MainThread waits since +30.000s in a condition at *test_app.py:*in test: done.wait()",
        ]
    )


def test_an_event_loop_of_pytest_asyncio_is_in_virtual_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio, pytest

        @pytest.mark.asyncio
        @pytest.mark.mindvideo(virtual_time=True)
        async def test(mindvideo):
            began = asyncio.get_running_loop().time()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(600):
                    await asyncio.Event().wait()
            assert asyncio.get_running_loop().time() - began == pytest.approx(600)
        """
    )
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    absent = ["-pno:randomly", "-pno:schemathesis", "-pno:pact", "-W", "default"]
    pytester.runpytest_inprocess(*absent).assert_outcomes(passed=1)


def test_a_library_that_is_first_imported_in_the_test_lives_in_its_time(run: Run) -> None:
    suite = """
import sys
sys.modules.pop("uvloop", None)

@pytest.mark.mindvideo(virtual_time=True)
def test(mindvideo):
    assert "uvloop" not in sys.modules
    import uvloop
    began = mindvideo.now
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.sleep(600))
    assert (mindvideo.now - began).total_seconds() == 600
"""
    run(suite).assert_outcomes(passed=1)
