"""The same on both doors: each option has the same effect in process and on a server, or is
refused by its name."""

import pytest

from mock_mindvideo.plugin.options import WorldOptions
from tests.plugin.conftest import Run
from tests.plugin.test_options import folder  # noqa: F401  a model of the user's own

#: A value of each option, and what holds in a world that has it. `ask` sends with the named key.
EFFECTS = {
    "progress": ("'manual'", "assert world.progress == 'manual'\n"
                 "    task = ask(world).json()['task_id']\n"
                 "    assert [look(world, task), look(world, task)] == ['queued'] * 2"),
    "script": ("'status=503'", "assert ask(world).status_code == 503"),
    "credit": ("'0.5'", "assert ask(world).status_code == 402"),
    "in_flight": ("1", "first, second = [ask(world).json()['task_id'] for _ in range(2)]\n"
                  "    world.freeze()\n    world.advance(2)\n"
                  "    states = [look(world, each) for each in (first, second)]\n"
                  "    assert states == ['processing', 'queued']"),
    "quota": ("'2/60'", "assert [ask(world).status_code for _ in range(3)] == [200, 200, 429]"),
    "strict": ("True", "ask(world, prompt='')"),
    "api_key": ("'sk-mine'", "assert ask(world, key='sk-mine').status_code == 200\n"
                "    assert len(world.tasks) == 1"),
    "patch_sleep": ("True", "began = world.now\n    time.sleep(3600)\n"
                    "    assert (world.now - began).total_seconds() == 3600"),
    "virtual_time": ("True", "began = time.monotonic()\n    time.sleep(3600)\n"
                     "    assert time.monotonic() - began >= 3600"),
    "seed": ("7", "assert world.seed == 7\n    ids = ask(world).json()['task_id']\n"
             "    assert ids == 'task_PLACEHOLDER'"),
    "speed": ("9", "assert world._speed == 9"),
    "profile": ("'strict'", "assert ask(world, duration=15).status_code == 422"),
    "hosts": ("['eu.mindvideo.ai']", "assert world.base_url == 'https://eu.mindvideo.ai'"),
    "schemas": ("['more']", "assert 'my-model' in world.app.service.catalog.models"),
    "contested": ("'links=72h'",
                  "assert world.app.service.catalog.dialect.lifetimes.links == 259200"),
    "models": ("'all'", "assert 'kling-v3' in world.app.service.catalog.models"),
}  # fmt: skip

#: What belongs to a whole server is refused for one world on it.
REFUSED = {"profile", "hosts", "schemas", "models", "contested"}

HEAD = """
def ask(world, key=None, **changes):
    with world.client() as client:
        if key:
            client.headers["Authorization"] = f"Bearer {key}"
        return client.post("/api/v1/tasks", json={"model": "wan2-7-r2v", "input": INPUT | changes})

def look(world, task):
    with world.client() as client:
        return client.get(f"/api/v1/tasks/{task}").json()["status"]

"""


def suite(option: str, door: str) -> str:
    value, body = EFFECTS[option]
    body = body.replace("task_PLACEHOLDER", first_id(7))
    return (
        HEAD
        + f"""
@pytest.mark.mindvideo({option}={value})
def test({door}):
    world = {door}
    {body}
"""
    )


def first_id(seed: int, test: str = "test_app.py::test") -> str:
    """The id of a test's first task under a seed."""
    from mock_mindvideo.plugin.options import Options  # noqa: PLC0415
    from mock_mindvideo.plugin.worlds import embedded_world  # noqa: PLC0415
    from tests.conftest import TASKS, example  # noqa: PLC0415

    with embedded_world(test, Options(seed=seed)) as world, world.client() as client:
        return str(client.post(TASKS, json=example()).json()["task_id"])


def test_the_table_has_every_option() -> None:
    assert set(EFFECTS) == set(WorldOptions.__annotations__)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("option", EFFECTS)
@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_an_option_has_its_effect_on_each_door_or_is_refused(
    run: Run, option: str, door: str
) -> None:
    result = run(suite(option, door))

    if door == "mindvideo_live" and option in REFUSED:
        result.assert_outcomes(errors=1)
        assert any(line.startswith(f"mindvideo: {option}") for line in result.outlines)
    elif option == "strict":
        result.assert_outcomes(failed=1)
        assert "1 request broke the rules of the API" in result.outlines
    else:
        result.assert_outcomes(passed=1)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("profile = strict", "assert ask(world, duration=15).status_code == 422"),
        ("schemas = more", "assert 'my-model' in world.app.service.catalog.models"),
        ("seed = 7", "assert world.seed == 7"),
        ("api_key = sk-mine", "assert ask(world, key='sk-mine').status_code == 200"),
    ],
)
def test_the_ini_file_speaks_for_the_sessions_server_too(run: Run, line: str, body: str) -> None:
    suite = f"{HEAD}\ndef test(mindvideo_live):\n    world = mindvideo_live\n    {body}\n"

    run(suite, ini=f"mindvideo_{line}").assert_outcomes(passed=1)


def test_a_server_of_the_suites_own_may_have_what_a_marker_asks_for(run: Run) -> None:
    suite = (
        HEAD
        + """
from mock_mindvideo import MockServer, Settings

@pytest.fixture(scope="session")
def mindvideo_server():
    with MockServer(Settings(port=0, progress="polls", profile="strict")) as server:
        yield server

@pytest.mark.mindvideo(profile="strict")
def test(mindvideo_live):
    assert ask(mindvideo_live, duration=15).status_code == 422
"""
    )
    run(suite).assert_outcomes(passed=1)


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_the_seed_of_the_command_line_repeats_ids_on_both_doors(run: Run, door: str) -> None:
    suite = (
        HEAD
        + f"""
def test({door}):
    assert {door}.seed == 41
    assert ask({door}).json()["task_id"] == "{first_id(41)}"
    assert 1 == 2
"""
    )
    result = run(suite, "--mindvideo-seed", "41")

    result.assert_outcomes(failed=1)
    assert "seed: 41 (again with --mindvideo-seed 41)" in result.outlines
    result.stdout.fnmatch_lines(["E*assert 1 == 2*"])


def test_without_a_seed_a_live_test_has_the_same_one_in_every_run(run: Run) -> None:
    suite = "def test(mindvideo_live):\n    print('seed', mindvideo_live.seed)\n"

    seeds = {line for _ in range(2) for line in run(suite, "-s").outlines if "py seed" in line}
    assert len(seeds) == 1


def test_a_key_that_another_world_has_is_refused_by_name(run: Run) -> None:
    suite = """
@pytest.mark.mindvideo(api_key="sk-mine")
def test(mindvideo_live, mindvideo_factory):
    with pytest.raises(Exception, match="is a key of the world 'test-.*' already"):
        mindvideo_factory(live=True, api_key="sk-mine")
"""
    run(suite).assert_outcomes(passed=1)


def test_a_key_is_free_again_after_its_test(run: Run) -> None:
    suite = (
        HEAD
        + """
@pytest.mark.mindvideo(api_key="sk-mine")
@pytest.mark.parametrize("turn", [1, 2])
def test(mindvideo_live, turn):
    assert ask(mindvideo_live, key="sk-mine").status_code == 200
    assert len(mindvideo_live.tasks) == 1
"""
    )
    run(suite).assert_outcomes(passed=2)


@pytest.mark.parametrize("key", ["'Bearer x'", "''", "'schl\\u00fcssel'", "'a\\tb'"])
@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_a_key_that_no_header_can_carry_is_refused(run: Run, key: str, door: str) -> None:
    result = run(f"@pytest.mark.mindvideo(api_key={key})\ndef test({door}):\n    pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["mindvideo: api_key=*of printable ASCII without spaces"])


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_reset_makes_the_world_as_it_was_when_the_test_began(run: Run, door: str) -> None:
    suite = (
        HEAD
        + f"""
@pytest.mark.mindvideo(credit=3, script="status=503; times=1", api_key="sk-mine", seed=5,
                       progress="manual", speed=2)
def test({door}):
    world = {door}
    def history():
        statuses = [ask(world).status_code, ask(world, key="sk-mine").status_code]
        return statuses, world.now, world.credit, [task.id for task in world.tasks]

    first = history()
    world.keys.create()
    world.progress = "polls"
    world.advance(100)
    world.script("malformed")
    world.reset()
    assert (world.tasks, world.requests, world.credit) == ((), (), 3)
    assert [script.text for script in world.scripts] == ["status=503; times=1"]
    assert (world.progress, world._speed, world.seed) == ("manual", 2, 5)
    assert len(list(world.keys)) == (1 if world.app and "api" in world.base_url else 2)
    assert history() == first
"""
    )
    run(suite).assert_outcomes(passed=1)


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_in_virtual_time_a_world_made_anew_keeps_the_time(run: Run, door: str) -> None:
    suite = (
        HEAD
        + f"""
@pytest.mark.mindvideo(virtual_time=True)
def test({door}):
    world = {door}
    time.sleep(3600)
    before = world.now
    world.reset()
    assert world.now == before
    task = ask(world).json()["task_id"]
    time.sleep(600)
    assert look(world, task) == "succeeded"
"""
    )
    run(suite).assert_outcomes(passed=1)


STRAY = """
def test(mindvideo_live):
    url = f"{mindvideo_live.base_url}/api/v1/tasks/x"
    for _ in range(3):
        httpx.get(url, headers=KEY)
"""


def test_live_requests_with_the_documentations_key_are_told(run: Run) -> None:
    result = run(STRAY + "    mindvideo_live.assert_requested('GET /api/v1/tasks/*')\n")

    result.assert_outcomes(failed=1)
    text = "\n".join(result.outlines)
    assert "3 requests with the key mv_live_xxx landed in `default`, not in this world" in text
    assert "GET /api/v1/tasks/x -> 404 task_not_found  ×3" in text


def test_a_live_world_that_was_asked_nothing_warns_of_them(run: Run) -> None:
    result = run(STRAY)

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*StrayRequestWarning: 3 requests with the key mv_live_xxx*"])


def test_live_requests_with_a_key_that_is_unknown_are_told(run: Run) -> None:
    suite = """
def test(mindvideo_live):
    url = f"{mindvideo_live.base_url}/api/v1/tasks/x"
    for key in ("Bearer mv_live_mistyped", "Bearer mv_live_mistyped", "Basic c2VjcmV0"):
        httpx.get(url, headers={"Authorization": key})
    httpx.get(url)
    mindvideo_live.assert_requested("GET /api/v1/tasks/*")
"""
    result = run(HEAD + suite)

    result.assert_outcomes(failed=1)
    text = "\n".join(result.outlines)
    assert "4 requests with mv_live_…ed, …, no key reached no world of this server" in text
    assert "give the application its api_key, mv_test_test-" in text
    assert "GET /api/v1/tasks/x -> 401 invalid_api_key  ×2" in text
    assert "landed in" not in text
    assert "mistyped" not in text.partition("reached no world")[2]


def test_requests_of_another_test_are_not_told(run: Run) -> None:
    suite = """
def test_first(mindvideo_server):
    httpx.get(f"{mindvideo_server.url}/api/v1/tasks/x", headers=KEY)

def test_second(mindvideo_live):
    assert mindvideo_live.stray_lines == []
"""
    run(suite).assert_outcomes(passed=2, warnings=0)
