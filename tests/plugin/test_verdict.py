"""The end of a test: strict worlds, unused scripts, the story of a failure, the saved world."""

import json

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.stores.snapshot import SnapshotError
from mock_mindvideo.web.app import create_app
from tests.conftest import client_of
from tests.plugin.conftest import Run, error_lines

SWALLOWED = """
def test(mindvideo):
    assert submit(prompt="").status_code == 422
"""


def test_strict_fails_a_test_whose_application_swallowed_the_refusal(run: Run) -> None:
    result = run(SWALLOWED, ini="mindvideo_strict = true")

    result.assert_outcomes(failed=1)
    first = result.outlines.index("1 request broke the rules of the API")
    assert result.outlines[first + 1] == "  POST /api/v1/tasks -> 422 invalid_input"
    assert "mindvideo world" not in str(result.stdout)


def test_without_strict_the_test_passes(run: Run) -> None:
    run(SWALLOWED).assert_outcomes(passed=1)


def test_strict_does_not_hide_the_tests_own_failure(run: Run) -> None:
    result = run(
        "def test(mindvideo):\n    submit(prompt='')\n    assert 1 == 2\n",
        ini="mindvideo_strict = true",
    )

    result.assert_outcomes(failed=1)
    assert error_lines(result) == ["assert 1 == 2"]


def test_a_script_that_no_request_met_is_listed(run: Run) -> None:
    result = run("def test(mindvideo):\n    mindvideo.script('drop@after-commit')\n")

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        ["*UnusedScriptWarning: scripts never used in the world 'test-*': 'drop@after-commit'"]
    )


def test_strict_fails_for_it(run: Run) -> None:
    result = run(
        "@pytest.mark.mindvideo(strict=True, script='malformed')\ndef test(mindvideo):\n    pass\n"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["scripts never used in the world 'test-*': 'malformed'"])


def test_a_limit_that_was_kept_counts_as_used(run: Run) -> None:
    result = run("def test(mindvideo):\n    mindvideo.script('limit=9/9')\n    submit()\n")

    result.assert_outcomes(passed=1, warnings=0)


def test_any_failure_comes_with_what_happened(run: Run) -> None:
    result = run("""
@pytest.mark.mindvideo(seed=7)
def test(mindvideo):
    mindvideo.next_task(outcome="failed")
    mindvideo.script("malformed", times=1)
    submit()
    mindvideo.script("cut=1")
    assert 1 == 2
""")

    result.assert_outcomes(failed=1)
    story = result.outlines.index(
        next(line for line in result.outlines if "mindvideo world test-" in line)
    )
    task = next(line for line in result.outlines if line.startswith("  task_")).split()[0]
    assert result.outlines[story + 1 : story + 7] == [
        "requests (virtual time):",
        "  +0.000s  POST /api/v1/tasks -> 200  [outcome=failed; times=1]  [malformed; times=1]",
        "tasks (virtual time):",
        f"  {task}  queued +0.000s  [outcome=failed; times=1]",
        "seed: 7 (again with --mindvideo-seed 7)",
        "script never used: cut=1",
    ]


def test_an_assertion_of_the_handle_is_not_told_twice(run: Run) -> None:
    result = run("def test(mindvideo):\n    submit()\n    mindvideo.assert_charged(1)\n")

    told = [line for line in result.outlines if line.startswith("E") and "virtual time" in line]
    assert [line.split()[1] for line in told] == ["requests", "tasks"]


def test_a_failing_live_world_tells_its_story_too(run: Run) -> None:
    result = run("def test(mindvideo_live):\n    assert 1 == 2\n")

    result.stdout.fnmatch_lines(["*mindvideo world test-*", "requests: none reached the mock"])


FAILING = """
def test_it(mindvideo{live}):
    with mindvideo{live}.client() as client:
        body = {{"model": "wan2-7-r2v", "input": INPUT}}
        client.post("/api/v1/tasks", json=body, headers={{"Idempotency-Key": "k"}})
    mindvideo{live}.keys.create()
    mindvideo{live}.advance(3)
    assert 1 == 2
"""


@pytest.mark.parametrize("live", ["", "_live"])
def test_the_world_of_a_failing_test_can_be_saved_and_opened_again(
    run: Run, pytester: pytest.Pytester, live: str
) -> None:
    result = run(FAILING.format(live=live), "--mindvideo-save", "saved")

    (file,) = (pytester.path / "saved").iterdir()
    result.stdout.fnmatch_lines([f"saved: mock-mindvideo serve --load saved/{file.name}"])
    client = client_of(create_app(Settings(load=file)))
    name = json.loads(file.read_text())["world"]["name"]
    client.headers["Authorization"] = f"Bearer mv_test_{name}"
    (task,) = client.get("/_mock/tasks").json()["tasks"]
    assert (task["status"], task["idempotency_key"]) == ("processing", "k")
    (request,) = client.get("/_mock/requests").json()["requests"]
    assert json.loads(request["body"])["input"]["prompt"] == "a cat"
    assert len(client.get("/_mock/keys").json()["keys"]) == 2
    assert client.get("/_mock/clock").json()["now"] == "2026-01-01T00:00:03.000Z"


def test_a_passing_test_saves_nothing(run: Run, pytester: pytest.Pytester) -> None:
    run("def test(mindvideo):\n    submit()\n", "--mindvideo-save", "saved")

    assert not (pytester.path / "saved").exists()


def test_the_saved_world_has_the_tasks_that_a_new_one_follows(
    run: Run, pytester: pytest.Pytester
) -> None:
    run(FAILING.format(live=""), "--mindvideo-save", "saved")
    (file,) = (pytester.path / "saved").iterdir()
    client = client_of(create_app(Settings(load=file)))
    raw = json.loads(file.read_text())
    client.headers["Authorization"] = f"Bearer mv_test_{raw['world']['name']}"

    body = {"model": "wan2-7-r2v", "input": {"prompt": "a cat", "video_urls": ["https://e.com/1"]}}
    made = client.post("/api/v1/tasks", json=body).json()["task_id"]
    assert made != raw["tasks"][0]["id"]
    assert [task["task_id"] for task in client.get("/_mock/tasks").json()["tasks"]] == [
        raw["tasks"][0]["id"],
        made,
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON"),
        ("[]", "is not a saved world; --mindvideo-save writes them"),
        ('{"format": "mock-mindvideo world", "version": 9}',
         "was written by another version of mock-mindvideo"),
        ('{"format": "mock-mindvideo world", "version": 2}', "is damaged: KeyError('world')"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_world_is_refused_with_its_reason(tmp_path, text, problem) -> None:
    file = tmp_path / "world.json"
    file.write_text(text)

    with pytest.raises(SnapshotError) as refused:
        create_app(Settings(load=file))
    assert str(refused.value) == f"{file}: {problem}"
