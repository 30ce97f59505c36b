"""Worlds of any number and scope: the factory, wider worlds, examples of a property."""

import pytest

from tests.plugin.conftest import Run

SEND = """
def send(world, **changes):
    with world.client() as client:
        return client.post("/api/v1/tasks", json={"model": "wan2-7-r2v", "input": INPUT | changes})

"""


def test_a_test_makes_as_many_worlds_as_it_likes(run: Run) -> None:
    suite = (
        SEND
        + """
def test(mindvideo_factory):
    one = mindvideo_factory(seed=1, hosts="one.example")
    other = mindvideo_factory(credit="0.1", hosts="other.example")
    assert (send(one).status_code, send(other).status_code) == (200, 402)
    assert httpx.post("https://one.example/api/v1/tasks", headers=KEY).status_code == 415
    assert (len(one.requests), len(other.requests)) == (2, 1)
    assert one.name != other.name

def test_after(mindvideo_factory):
    assert mindvideo_factory().requests == ()
"""
    )
    run(suite).assert_outcomes(passed=2)


def test_live_worlds_of_one_test_are_told_apart_by_their_keys(run: Run) -> None:
    suite = (
        SEND
        + """
def test(mindvideo_factory):
    one, other = (mindvideo_factory(live=True) for _ in range(2))
    assert one.base_url == other.base_url
    send(one)
    assert (len(one.tasks), len(other.tasks)) == (1, 0)
"""
    )
    run(suite).assert_outcomes(passed=1)


def test_a_world_ends_with_the_test_the_fixture_or_the_block_that_asked_for_it(run: Run) -> None:
    suite = (
        SEND
        + """
made = {}

@pytest.fixture(scope="class")
def shared(mindvideo_factory):
    made["shared"] = mindvideo_factory(progress="manual")
    return made["shared"]

class TestOne:
    def test_first(self, shared, mindvideo_factory):
        made["own"] = mindvideo_factory()
        with mindvideo_factory() as made["block"]:
            send(made["block"])
        assert made["block"].closed
        assert len(made["block"].requests) == 1
        send(shared)

    def test_second(self, shared):
        assert made["own"].closed
        assert not shared.closed
        assert len(shared.tasks) == 1

def test_third():
    assert made["shared"].closed
"""
    )
    run(suite).assert_outcomes(passed=3)


@pytest.mark.parametrize("scope", ["module", "session"])
def test_a_wider_world_is_shared_and_can_be_made_anew(run: Run, scope: str) -> None:
    suite = (
        SEND
        + f"""
def test_first(mindvideo_{scope}):
    assert send(mindvideo_{scope}).status_code == 200

def test_second(mindvideo_{scope}):
    assert len(mindvideo_{scope}.tasks) == 1
    mindvideo_{scope}.reset()
    assert mindvideo_{scope}.tasks == ()
    assert submit().status_code == 200

def test_an_inner_world_comes_before_it(mindvideo_{scope}, mindvideo):
    submit()
    assert (len(mindvideo_{scope}.tasks), len(mindvideo.tasks)) == (1, 1)
"""
    )
    run(suite).assert_outcomes(passed=3)


def test_a_module_world_has_the_markers_of_its_module(run: Run) -> None:
    suite = """
pytestmark = pytest.mark.mindvideo(progress="manual", seed=3)

def test(mindvideo_module):
    assert (mindvideo_module.progress, mindvideo_module.seed) == ("manual", 3)
"""
    run(suite).assert_outcomes(passed=1)


def test_a_strict_module_world_judges_each_test_by_its_own_requests(run: Run) -> None:
    suite = """
def test_first(mindvideo_module):
    submit(prompt="")

def test_second(mindvideo_module):
    submit()

def test_third(mindvideo_module):
    submit(prompt="")

def test_without_it():
    pass
"""
    result = run(suite, ini="mindvideo_strict = true")
    result.assert_outcomes(passed=2, failed=2)
    assert result.outlines.count("1 request broke the rules of the API") == 2


def test_only_tests_that_use_a_session_world_tell_its_story(run: Run) -> None:
    suite = """
def test_uses(mindvideo_session):
    submit()
    assert 1 == 2

def test_uses_nothing():
    assert 1 == 2
"""
    result = run(suite)
    result.assert_outcomes(failed=2)
    told = [line for line in result.outlines if "mindvideo world session-" in line]
    assert len(told) == 1


def test_each_example_of_a_property_has_its_world(run: Run) -> None:
    suite = (
        SEND
        + """
from hypothesis import given, settings, strategies as st

@settings(max_examples=20, database=None, deadline=None)
@given(times=st.integers(1, 3))
def test_with_the_factory(mindvideo_factory, times):
    with mindvideo_factory(progress="manual") as mindvideo:
        ids = [send(mindvideo).json()["task_id"] for _ in range(times)]
        assert [task.id for task in mindvideo.tasks] == ids
        assert mindvideo.seed == seeds.setdefault("seed", mindvideo.seed)
        seeds.setdefault("ids", ids[0])
        assert ids[0] == seeds["ids"]

seeds = {}

@settings(max_examples=20, database=None, deadline=None)
@given(times=st.integers(1, 3))
def test_with_the_modules_world(mindvideo_module, times):
    mindvideo_module.reset()
    for _ in range(times):
        send(mindvideo_module)
    assert len(mindvideo_module.tasks) == times

@settings(max_examples=20, database=None, deadline=None)
@given(times=st.integers(1, 3))
def test_with_a_block(times):
    import mock_mindvideo
    with mock_mindvideo.mock() as mindvideo:
        for _ in range(times):
            send(mindvideo)
        assert len(mindvideo.tasks) == times
"""
    )
    run(suite, "-p_hypothesis_pytestplugin").assert_outcomes(passed=3)


def test_the_factory_tells_of_a_wrong_option(run: Run) -> None:
    suite = """
def test(mindvideo_factory):
    mindvideo_factory(progres="manual")
"""
    result = run(suite)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*unknown option 'progres' (did you mean 'progress'?)*"])


def test_a_failing_property_tells_the_story_of_its_last_example_only(run: Run) -> None:
    suite = (
        SEND
        + """
from hypothesis import given, settings, strategies as st

@settings(max_examples=30, database=None, deadline=None)
@given(prompt=st.sampled_from(["a cat", "", "a dog"]))
def test(mindvideo_factory, prompt):
    with mindvideo_factory() as mindvideo:
        assert send(mindvideo, prompt=prompt).status_code == 200
"""
    )
    result = run(suite, "-p_hypothesis_pytestplugin")
    result.assert_outcomes(failed=1)
    told = [line for line in result.outlines if "mindvideo world test-" in line]
    assert len(told) == 1
    assert "  +0.000s  POST /api/v1/tasks -> 422 invalid_input" in result.outlines


def test_a_strict_world_is_judged_at_the_end_of_its_block(run: Run) -> None:
    suite = (
        SEND
        + """
def test(mindvideo_factory):
    with mindvideo_factory(strict=True) as mindvideo:
        send(mindvideo, prompt="")
    assert False, "not reached"
"""
    )
    result = run(suite)
    result.assert_outcomes(failed=1)
    assert "1 request broke the rules of the API" in result.outlines
