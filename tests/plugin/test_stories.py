"""What is told at the end of a test: by whom, how much of it, and without the plugin's inside."""

import json
from pathlib import Path

import pytest

from mock_mindvideo import mock, mock_live
from mock_mindvideo.plugin.control import ControlError
from mock_mindvideo.plugin.failure import MOST, folded, history
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.wanted import WantedError
from mock_mindvideo.settings import Bounds
from tests.conftest import TASKS, example
from tests.plugin.conftest import Run

DOORS = [mock, mock_live]


def submit(world: MindVideo, **changes: object) -> str:
    headers = changes.pop("headers", {})
    with world.client(headers=headers) as client:
        return str(client.post(TASKS, json=example(**changes)).json().get("task_id"))


def poll(world: MindVideo, task_id: str, times: int = 1) -> None:
    with world.client() as client:
        for _ in range(times):
            client.get(f"{TASKS}/{task_id}")


@pytest.mark.mindvideo(progress="manual")
def test_polls_of_two_tasks_at_one_instant_are_polite(mindvideo: MindVideo) -> None:
    one, other = submit(mindvideo), submit(mindvideo)
    for _ in range(3):
        poll(mindvideo, one)
        poll(mindvideo, other)
        mindvideo.advance(1)

    mindvideo.assert_polled_politely()


@pytest.mark.mindvideo(progress="manual")
def test_another_tasks_retry_after_binds_nobody(mindvideo: MindVideo) -> None:
    one, other = submit(mindvideo), submit(mindvideo)
    mindvideo.script("status=429; retry-after=5; times=1")
    poll(mindvideo, one)
    poll(mindvideo, other)
    mindvideo.advance(2)
    poll(mindvideo, other)
    mindvideo.advance(3)
    poll(mindvideo, one)

    mindvideo.assert_polled_politely()


@pytest.mark.mindvideo(progress="manual")
def test_a_retry_is_told_apart_from_another_submit(mindvideo: MindVideo) -> None:
    mindvideo.script("status=503; retry-after=5; times=1")
    submit(mindvideo, headers={"Idempotency-Key": "one"})
    submit(mindvideo, headers={"Idempotency-Key": "other"})
    mindvideo.assert_polled_politely()

    submit(mindvideo, headers={"Idempotency-Key": "one"})
    with pytest.raises(AssertionError, match="0 s after a 503 that said Retry-After: 5"):
        mindvideo.assert_polled_politely()


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_every_request_is_counted(door) -> None:
    with door() as world, world.client() as client:
        for _ in range(10_050):
            client.get("/api/v1/tasks/x")
        world.assert_requested("GET /api/v1/tasks/*", times=10_050)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_a_journal_that_was_cut_is_told_wherever_it_is_counted(store: str, tmp_path: Path) -> None:
    from mock_mindvideo import MockServer, Settings  # noqa: PLC0415

    bounds = Bounds(journal_entries=30)
    db = tmp_path / "mock.db" if store == "sqlite" else None
    settings = Settings(port=0, progress="polls", log_level="warning", bounds=bounds, db=db)
    with MockServer(settings) as server, mock_live(server=server) as world:
        with mock_live(server=server, name="other") as other:
            poll(other, "x", 20)
            poll(world, "x", 50)
            other.reset()
        kept, gone = len(world.requests), world.forgotten_requests
        assert kept + gone == 50
        assert 0 < kept <= 30
        world.assert_requested("GET /api/v1/tasks/*")
        for assertion, named in (
            (world.assert_requested, {"times": kept}),
            (world.assert_not_requested, {"status": 500}),
        ):
            with pytest.raises(AssertionError) as failed:
                assertion("GET /api/v1/tasks/*", **named)
            said = str(failed.value)
            assert f"among those that are kept; {gone} older ones are forgotten" in said
            assert f"  … {gone} older ones are forgotten: the journal was full" in said
        world.reset()
        assert world.forgotten_requests == 0


def test_a_refused_input_shows_its_pointers_in_every_story(mindvideo: MindVideo) -> None:
    submit(mindvideo, prompt="", duration=99)

    lines = history(mindvideo.requests, ())
    assert lines[1] == "  +0.000s  POST /api/v1/tasks -> 422 invalid_input"
    reasons = [line.strip() for line in lines[2:]]
    assert [reason.partition(":")[0] for reason in reasons] == ["/input/prompt", "/input/duration"]


def test_equal_lines_are_one_with_their_count(mindvideo: MindVideo) -> None:
    mindvideo.progress = "manual"
    task_id = submit(mindvideo)
    for _ in range(100):
        poll(mindvideo, task_id)
        mindvideo.advance(0.25)
    submit(mindvideo)

    lines = history(mindvideo.requests, ())
    assert lines == [
        "requests (virtual time):",
        "  +0.000s  POST /api/v1/tasks -> 200",
        f"  +0.000s  GET /api/v1/tasks/{task_id} -> 200  ×100, to +24.750s",
        "  +25.000s  POST /api/v1/tasks -> 200",
    ]
    assert folded(["a", "a", "b", "a"]) == ["a  ×2", "b", "a"]


def test_only_the_newest_of_many_different_lines_are_shown(mindvideo: MindVideo) -> None:
    for number in range(MOST + 5):
        poll(mindvideo, f"x{number}", 3)

    lines = history(mindvideo.requests, ())
    assert lines[1] == "  … 15 before"
    assert len(lines) == MOST + 2


@pytest.mark.parametrize(
    "line",
    [
        "POST /api/v1/tasks",
        "post /api/v1/tasks",
        "  Post   /api/v1/tasks ",
        "/api/v1/tasks",
        "{base}/api/v1/tasks",
        "POST {base}/api/v1/tasks",
        "POST {BASE}/api/v1/tasks",
        "POST {base}:443/api/v1/tasks",
    ],
)
def test_a_request_is_named_in_any_of_its_forms(mindvideo: MindVideo, line: str) -> None:
    submit(mindvideo)
    base = mindvideo.base_url
    line = line.format(base=base, BASE=base.upper().replace("HTTPS", "https"))

    mindvideo.assert_requested(line, times=1)
    with pytest.raises(AssertionError, match=r"expected no .*, found 1"):
        mindvideo.assert_not_requested(line)


@pytest.mark.parametrize("door", DOORS)
def test_the_full_url_of_a_world_is_its_own(door) -> None:
    with door() as world:
        poll(world, "x")
        world.assert_requested(f"GET {world.base_url}{TASKS}/{{task_id}}")
        world.assert_not_requested(f"GET https://other.example{TASKS}/*")


@pytest.mark.parametrize("line", ["", "POST", "tasks", "POST tasks", "a b /c", "POST /a b"])
def test_what_names_no_request_is_refused_with_an_example(mindvideo: MindVideo, line: str) -> None:
    for assertion in (mindvideo.assert_requested, mindvideo.assert_not_requested):
        with pytest.raises(WantedError, match="expected one like 'POST /api/v1/tasks'"):
            assertion(line)


def test_exactly_is_the_whole_body_and_json_a_part_of_it(mindvideo: MindVideo) -> None:
    submit(mindvideo)
    body = example()
    part = {"model": body["model"]}

    mindvideo.assert_requested(f"POST {TASKS}", json=part, times=1)
    mindvideo.assert_requested(f"POST {TASKS}", exactly=body, times=1)
    mindvideo.assert_not_requested(f"POST {TASKS}", exactly=part)
    with pytest.raises(AssertionError) as failed:
        mindvideo.assert_requested(f"POST {TASKS}", exactly=part)
    assert "  /input: expected nothing, it is {" in str(failed.value)
    for wrong in (True, 2):
        with pytest.raises(WantedError, match="times= says how often"):
            mindvideo.assert_requested(f"POST {TASKS}", exactly=wrong)


def test_what_was_not_requested_is_shown_where_it_was(mindvideo: MindVideo) -> None:
    poll(mindvideo, "x", 3)
    mindvideo.assert_not_requested("DELETE /api/v1/tasks/*")

    with pytest.raises(AssertionError) as failed:
        mindvideo.assert_not_requested("GET /api/v1/tasks/*", status=404)
    assert str(failed.value).splitlines()[:2] == [
        "expected no GET /api/v1/tasks/* with status 404, found 3",
        "  GET /api/v1/tasks/x -> 404 task_not_found  ×3",
    ]


@pytest.mark.parametrize("door", DOORS)
def test_a_world_that_has_ended_still_tells_what_happened(door) -> None:
    with door() as world:
        task_id = submit(world)
        poll(world, task_id, 3)

    assert world.task(task_id).status == "succeeded"
    world.assert_requested(f"GET {TASKS}/*", times=3)
    world.assert_charged_once()
    assert world.newest_request is not None
    assert world.newest_request.method == "GET"


def test_a_live_world_that_has_ended_is_moved_no_more() -> None:
    with mock_live() as world:
        submit(world)
    with pytest.raises(ControlError, match="the world has ended"):
        world.succeed()


SETUP_AND_TEARDOWN = """
@pytest.fixture
def app({door}):
    with {door}.client() as client:
        client.get("/api/v1/tasks/in-setup")
        {setup}
        yield
        client.get("/api/v1/tasks/in-teardown")
        client.post("/api/v1/tasks", json={{}})
        {teardown}

def test(app, {door}):
    pass
"""


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
@pytest.mark.parametrize(
    ("setup", "teardown", "shown"),
    [("assert 1 == 2", "", "in-setup"), ("", "assert 1 == 2", "in-teardown")],
)
def test_failures_in_setup_and_teardown_have_the_worlds_story(
    run: Run, door: str, setup: str, teardown: str, shown: str
) -> None:
    result = run(SETUP_AND_TEARDOWN.format(door=door, setup=setup, teardown=teardown))

    assert result.parseoutcomes()["errors"] == 1
    told = "\n".join(result.outlines).partition("mindvideo world test-")[2]
    assert f"GET /api/v1/tasks/{shown} -> 404" in told


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_strict_looks_at_what_teardown_requests(run: Run, door: str) -> None:
    suite = SETUP_AND_TEARDOWN.format(door=door, setup="", teardown="")
    result = run(suite, ini="mindvideo_strict = true")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["while the test was torn down: 1 request broke the rules*"])


@pytest.mark.parametrize(
    "line",
    [
        "mindvideo.assert_requested('POST /x')",
        "mindvideo.assert_not_requested('GET /api/v1/tasks/*')",
        "mindvideo.assert_charged(1)",
        "mindvideo.assert_charged_once()",
        "mindvideo.assert_stream_complete('task_x')",
        "mindvideo.assert_polled_politely()",
        "mindvideo.script('statsu=3')",
        "mindvideo.task('task_x')",
        "mindvideo.fail()",
        "mindvideo.assert_requested('tasks')",
        "mindvideo.advance(-1)",
        "mindvideo_factory(progres='x')",
        "import mock_mindvideo; mock_mindvideo.mock(progres='x')",
        "mindvideo.script('drop@before-commit'); mindvideo.client().get('/api/v1/tasks/x')",
    ],
)
def test_a_traceback_holds_no_frame_of_the_plugin(run: Run, line: str) -> None:
    suite = f"""
def test(mindvideo, mindvideo_factory):
    mindvideo.client().get("/api/v1/tasks/x")
    {line}
"""
    result = run(suite)

    result.assert_outcomes(failed=1)
    inside = [each for each in result.outlines if "mock_mindvideo/" in each and ".py:" in each]
    assert inside == []


def test_unittest_shows_no_frame_of_the_plugin(pytester: pytest.Pytester) -> None:
    import sys  # noqa: PLC0415

    pytester.makepyfile(
        test_app="""
        import unittest, mock_mindvideo

        class Tests(mock_mindvideo.MindVideoMixin, unittest.TestCase):
            def test(self):
                self.mindvideo.assert_requested("POST /x")
        """
    )
    result = pytester.run(sys.executable, "-m", "unittest", "test_app")

    shown = "\n".join(result.errlines)
    assert "AssertionError: expected POST /x, found 0" in shown
    assert "mock_mindvideo/" not in shown


PACT = """
def test_{name}(mindvideo):
    submit()
"""


@pytest.mark.parametrize(
    "workers",
    [[], pytest.param(["-pxdist.plugin", "-n", "2"], marks=pytest.mark.slow)],
    ids=["alone", "workers"],
)
def test_pacts_of_former_runs_are_taken_away_and_those_of_others_stay(
    run: Run, pytester: pytest.Pytester, workers: list[str]
) -> None:
    folder = pytester.mkdir("pacts")
    name = pytester.path.name
    ours = {"consumer": {"name": f"{name}-gw7"}, "metadata": {"mock-mindvideo": {"version": "0"}}}
    other = {"consumer": {"name": f"{name}-else"}, "metadata": {"mock-mindvideo": {"version": "0"}}}
    foreign = {"consumer": {"name": name}, "metadata": {"pact-js": {}}}
    for file, pact in (("ours", ours), ("other", other), ("foreign", foreign)):
        (folder / f"{file}.json").write_text(json.dumps(pact))
    (folder / "notes.json").write_text("no pact")

    run(PACT.format(name="first"), "--mindvideo-pact", str(folder), *workers)
    run(PACT.format(name="second"), "--mindvideo-pact", str(folder), *workers)
    kept = {file.stem for file in folder.iterdir()}
    assert {"other", "foreign", "notes"} <= kept
    assert "ours" not in kept
    (written,) = (folder / f"{each}.json" for each in kept if each.startswith(name))
    (interaction,) = json.loads(written.read_text())["interactions"]
    assert "second" in interaction["description"]
