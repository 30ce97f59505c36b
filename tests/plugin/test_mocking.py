"""Without pytest's fixtures: a context manager, a decorator, and a mixin for unittest."""

import asyncio
import io
import subprocess
import sys
import textwrap
import unittest
from collections.abc import Callable, Iterator

import httpx
import pytest

import mock_mindvideo
from mock_mindvideo import LiveMindVideoMixin, MindVideo, MindVideoMixin
from mock_mindvideo.plugin.ending import UnusedScriptWarning
from mock_mindvideo.plugin.options import OptionError
from tests.conftest import TASKS, example

URL = f"https://api.mindvideo.ai{TASKS}"
KEY = {"Authorization": "Bearer mv_live_xxx"}

DOORS = [mock_mindvideo.mock, mock_mindvideo.mock_live]


def submit(**changes: object) -> int:
    return httpx.post(URL, json=example(**changes), headers=KEY).status_code


def send(world: MindVideo, **changes: object) -> int:
    with world.client() as client:
        return client.post(TASKS, json=example(**changes)).status_code


@pytest.mark.parametrize("door", DOORS)
def test_a_with_block_has_a_world(door: Callable[..., mock_mindvideo.plugin.mocking.Mock]) -> None:
    with door(credit=1) as mindvideo:
        assert isinstance(mindvideo, MindVideo)
        assert send(mindvideo) == 200
        assert send(mindvideo) == 402
        mindvideo.assert_requested(f"POST {TASKS}", times=2)
    assert mindvideo.closed


@pytest.mark.parametrize("door", DOORS)
def test_each_use_has_a_world_of_its_own_with_the_same_ids(door) -> None:
    one = door()
    found = []
    for _ in range(2):
        with one as mindvideo:
            send(mindvideo)
            found.append([task.id for task in mindvideo.tasks])
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_an_async_with_block_has_one_too() -> None:
    async def inside() -> int:
        async with mock_mindvideo.mock() as mindvideo, httpx.AsyncClient() as client:
            answer = await client.post(URL, json=example(), headers=KEY)
            assert len(mindvideo.tasks) == 1
        return answer.status_code

    assert asyncio.run(inside()) == 200


def test_a_function_is_decorated_and_given_the_handle_if_it_wants_it() -> None:
    @mock_mindvideo.mock(script="status=503")
    def without() -> int:
        return submit()

    @mock_mindvideo.mock()
    def wanting(first: int, mindvideo: MindVideo, *, last: int = 3) -> tuple[int, int, int]:
        submit()
        return first, last, len(mindvideo.tasks)

    assert without() == 503
    assert wanting(1, last=2) == wanting(1, last=2) == (1, 2, 1)
    assert wanting.__name__ == "wanting"


def test_an_async_function_is_decorated() -> None:
    @mock_mindvideo.mock()
    async def wanting(mindvideo: MindVideo) -> int:
        async with httpx.AsyncClient() as client:
            await client.post(URL, json=example(), headers=KEY)
            await asyncio.sleep(0)
        return len(mindvideo.tasks)

    assert asyncio.iscoroutinefunction(wanting)
    assert asyncio.run(wanting()) == 1


def test_a_generator_is_decorated_for_as_long_as_it_runs() -> None:
    @mock_mindvideo.mock()
    def world(mindvideo: MindVideo) -> Iterator[MindVideo]:
        yield mindvideo

    (mindvideo,) = (send(each) and each for each in world())
    assert mindvideo.closed
    assert len(mindvideo.tasks) == 1


def test_an_async_generator_is_refused_with_what_to_do() -> None:
    async def generator():
        yield 1

    with pytest.raises(TypeError, match="use `async with` inside it"):
        mock_mindvideo.mock()(generator)


def test_a_class_has_each_test_method_decorated() -> None:
    @mock_mindvideo.mock()
    class Tests:
        def test_one(self, mindvideo: MindVideo) -> int:
            submit()
            return len(mindvideo.tasks)

        def helper(self) -> str:
            return "as it was"

    assert [Tests().test_one(), Tests().test_one()] == [1, 1]
    assert Tests().helper() == "as it was"


def test_a_class_without_tests_is_refused() -> None:
    with pytest.raises(TypeError, match="Empty has no methods that begin with 'test'"):

        @mock_mindvideo.mock()
        class Empty:
            pass


@mock_mindvideo.mock(progress="manual")
def test_pytest_asks_for_no_fixture_of_that_name(tmp_path, mindvideo: MindVideo) -> None:
    assert mindvideo.name.startswith("test_pytest_asks_for_no_fi")
    assert mindvideo.progress == "manual"
    assert tmp_path.exists()


def test_inside_another_world_the_innermost_answers() -> None:
    with mock_mindvideo.mock() as outer:
        submit()
        with mock_mindvideo.mock(script="status=503") as inner:
            assert submit() == 503
        assert submit() == 200
    assert (len(outer.requests), len(inner.requests)) == (2, 1)


@pytest.mark.parametrize("door", DOORS)
def test_the_same_mock_cannot_be_open_twice(door) -> None:
    one = door()
    with one, pytest.raises(RuntimeError, match=r"each mock\(\) opens one world at a time"):
        one.__enter__()


def test_two_live_worlds_at_once_do_not_see_each_other() -> None:
    with mock_mindvideo.mock_live() as one, mock_mindvideo.mock_live() as other:
        assert one.base_url == other.base_url
        assert one.api_key != other.api_key
        send(one)
        assert (len(one.tasks), len(other.tasks)) == (1, 0)


def test_a_live_world_may_be_on_a_server_of_ones_own() -> None:
    settings = mock_mindvideo.Settings(port=0, profile="strict", progress="polls")
    with mock_mindvideo.MockServer(settings) as server:
        for at in (server, server.url):
            with mock_mindvideo.mock_live(server=at) as mindvideo:
                assert mindvideo.base_url == server.url
                assert send(mindvideo, duration=15, video_urls=["https://e.com/a.mp4"]) == 422


@pytest.mark.parametrize("door", DOORS)
def test_a_wrong_option_is_told_at_once(door) -> None:
    with pytest.raises(OptionError, match=r"unknown option 'progres' \(did you mean 'progress'"):
        door(progres="manual")


@pytest.mark.parametrize("door", DOORS)
def test_a_strict_world_fails_the_block_that_swallowed_a_refusal(door) -> None:
    broke = pytest.raises(AssertionError, match="1 request broke the rules of the API")
    with broke, door(strict=True) as mindvideo:
        send(mindvideo, prompt="")


@pytest.mark.parametrize("door", DOORS)
def test_a_script_that_no_request_met_is_a_warning(door) -> None:
    with pytest.warns(UnusedScriptWarning, match="'malformed'"), door(script="malformed"):
        pass


@pytest.mark.parametrize("door", DOORS)
def test_an_exception_comes_with_what_happened(door) -> None:
    broken = pytest.raises(ZeroDivisionError)
    with broken as failed, door(seed=7) as mindvideo:
        raise ZeroDivisionError(send(mindvideo, prompt=""))

    (note,) = failed.value.__notes__
    assert note.startswith(f"mindvideo world {mindvideo.name}:\nrequests (virtual time):\n")
    assert "POST /api/v1/tasks -> 422 invalid_input" in note
    assert note.endswith("seed: 7 (again with --mindvideo-seed 7)")


class Suite(MindVideoMixin, unittest.TestCase):
    """Tests as unittest runs them; those that fail are asked for by name."""

    def setUp(self) -> None:
        self.at_the_start = submit()

    def tearDown(self) -> None:
        submit()

    def check_world(self) -> None:
        assert self.at_the_start == 200
        assert len(self.mindvideo.tasks) == 1

    def check_failing(self) -> None:
        assert submit(prompt="") == 200


class Strict(MindVideoMixin, unittest.TestCase):
    """Judged after the last clean-up."""

    mindvideo_options = {"strict": True}  # noqa: RUF012

    def check_in_the_test(self) -> None:
        submit(prompt="")

    def check_in_a_clean_up(self) -> None:
        self.addCleanup(submit, prompt="")

    def check_nothing(self) -> None:
        submit()


class Async(MindVideoMixin, unittest.IsolatedAsyncioTestCase):
    """The same with coroutines."""

    async def asyncSetUp(self) -> None:
        assert self.mindvideo.requests == ()

    async def check_world(self) -> None:
        async with httpx.AsyncClient() as client:
            await client.post(URL, json=example(), headers=KEY)
        assert len(self.mindvideo.tasks) == 1

    async def check_failing(self) -> None:
        raise ZeroDivisionError


class Live(LiveMindVideoMixin, unittest.TestCase):
    """A world on the process's server."""

    def check_world(self) -> None:
        assert send(self.mindvideo) == 200
        assert self.mindvideo.base_url.startswith("http://127.0.0.1:")


def outcome(case: unittest.TestCase) -> unittest.TestResult:
    return unittest.TextTestRunner(stream=io.StringIO()).run(case)


@pytest.mark.parametrize("case", [Suite, Async, Live])
def test_each_test_of_a_case_has_its_world(case: type[unittest.TestCase]) -> None:
    for _ in range(2):
        result = outcome(case("check_world"))
        assert (result.testsRun, result.failures, result.errors) == (1, [], [])


def test_a_case_can_be_debugged() -> None:
    Suite("check_world").debug()


@pytest.mark.parametrize(("case", "told"), [(Suite, "422 invalid_input"), (Async, "none reached")])
def test_a_failing_test_of_a_case_tells_its_story(case, told: str) -> None:
    result = outcome(case("check_failing"))

    ((_, text),) = [*result.failures, *result.errors]
    assert "mindvideo world check_failing" in text or "mindvideo world tests_plugin" in text
    assert told in text


@pytest.mark.parametrize("name", ["check_in_the_test", "check_in_a_clean_up"])
def test_a_strict_case_is_judged_to_its_end(name: str) -> None:
    ((_, text),) = outcome(Strict(name)).failures
    assert "1 request broke the rules of the API" in text
    assert outcome(Strict("check_nothing")).wasSuccessful()


def test_the_mixin_in_the_wrong_place_is_told() -> None:
    with pytest.raises(TypeError, match=r"Wrong: the mixin stands before unittest\.TestCase"):

        class Wrong(unittest.TestCase, MindVideoMixin):  # type: ignore[misc]
            pass


def test_mock_without_pytest_needs_no_pytest(tmp_path) -> None:
    code = """
        import sys
        class Absent:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in {"pytest", "_pytest", "hypothesis", "respx"}:
                    raise ImportError(f"{name} is not installed")
        sys.meta_path.insert(0, Absent())
        import mock_mindvideo
        with mock_mindvideo.mock() as mindvideo, mindvideo.client() as client:
            mindvideo.setenv()
            assert client.get("/api/v1/tasks/x").status_code == 404
            mindvideo.assert_requested("GET /api/v1/tasks/*")
        class Tests(mock_mindvideo.MindVideoMixin): pass
        with mock_mindvideo.mock_live() as mindvideo:
            assert mindvideo.requests == ()
        print([name for name in ("pytest", "hypothesis", "respx") if name in sys.modules])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
