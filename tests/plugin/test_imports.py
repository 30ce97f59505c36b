"""A suite that does not use the plugin pays nothing for it."""

import json
import subprocess
import sys

import pytest

from mock_mindvideo import pytest_plugin

HEAVY = ("starlette", "hypothesis", "jsonschema", "httpx", "httpx2", "uvicorn", "orjson", "respx")

#: Only this plugin is loaded, so that whatever comes in comes through it.
ALONE = """
import sys, pytest
class Spy:
    def pytest_sessionfinish(self):
        print("LOADED", sorted(name for name in sys.modules))
sys.exit(pytest.main(["-q", "-p", "mock_mindvideo.pytest_plugin", "test_app.py"], [Spy()]))
"""


def loaded(suite: str, folder) -> set[str]:
    """The modules that a run has imported."""
    (folder / "test_app.py").write_text(suite)
    said = run_alone(ALONE, folder)
    line = next(line for line in said.splitlines() if "LOADED" in line)
    return set(line.partition("[")[2].rstrip("]").replace("'", "").split(", "))


def run_alone(script: str, folder) -> str:
    """What a script says in a process of its own."""
    (folder / "alone.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "alone.py"],
        cwd=folder,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return done.stdout


#: How many modules of the package a suite without its fixtures loads.
UNUSED = 17

#: How many names the plugin has, those that every module has among them.
NAMES = 42


def test_a_suite_that_does_not_use_the_fixtures_imports_nothing_heavy(tmp_path) -> None:
    modules = loaded("def test():\n    pass\n", tmp_path)

    assert "mock_mindvideo.pytest_plugin" in modules
    assert not {name for name in modules if name.partition(".")[0] in HEAVY}
    own = {".".join(name.split(".")[:2]) for name in modules if name.startswith("mock_mindvideo")}
    guard = {f"mock_mindvideo.{name}" for name in ("platform", "plugin", "system", "transports")}
    assert own == {"mock_mindvideo", "mock_mindvideo.pytest_plugin", *guard}
    assert len([name for name in modules if name.startswith("mock_mindvideo")]) <= UNUSED


def test_pytest_has_few_names_to_look_through_for_hooks_and_fixtures() -> None:
    """It looks at every name of a plugin twice, in each run."""
    assert len(dir(pytest_plugin)) <= NAMES


#: A submit and a poll, by a client that imports next to nothing.
CALLS = """
import http.client, json

def call(method, path, body=None):
    connection = http.client.HTTPSConnection("api.mindvideo.ai")
    headers = {"Authorization": "Bearer mv_live_xxx", "Content-Type": "application/json"}
    connection.request(method, path, body and json.dumps(body), headers)
    return json.load(connection.getresponse())

def submit(**input):
    given = {"prompt": "a cat", "video_urls": ["https://example.com/a.mp4"], **input}
    return call("POST", "/api/v1/tasks", {"model": "wan2-7-r2v", "input": given})

def test(mindvideo):
    task = submit()
    assert call("GET", "/api/v1/tasks/" + task["task_id"])["status"] == "queued"
"""

#: What only some tests need.
LATE = {
    "asyncio",
    "attr",
    "concurrent.futures",
    "jsonschema",
    "referencing",
    "starlette",
    "python_multipart",
    "tomllib",
    "urllib.request",
    "mock_mindvideo.catalog.authority",
    "mock_mindvideo.contract",
    "mock_mindvideo.plugin.failure",
    "mock_mindvideo.render.clip",
    "mock_mindvideo.virtual.timeline",
    "mock_mindvideo.web.beside",
    "mock_mindvideo.web.changes",
    "mock_mindvideo.web.control",
    "mock_mindvideo.web.media",
    "mock_mindvideo.web.openapi",
    "mock_mindvideo.web.page",
}


def test_a_submit_and_a_poll_import_nothing_that_only_other_tests_need(tmp_path) -> None:
    modules = loaded(CALLS, tmp_path)

    assert "mock_mindvideo.web.emulation" in modules
    assert not modules & LATE


def test_what_describes_a_violation_is_imported_with_the_first_one(tmp_path) -> None:
    suite = f"""{CALLS}
    refused = submit(duration=99)["error"]
    assert refused["details"][0]["pointer"] == "/input/duration"
"""
    modules = loaded(suite, tmp_path)

    assert {"jsonschema", "mock_mindvideo.catalog.authority"} <= modules
    assert not {"starlette", "asyncio", "mock_mindvideo.web.beside"} & modules


def test_the_control_plane_is_imported_with_the_first_look_at_it(tmp_path) -> None:
    suite = f"""{CALLS}
    assert [each.status for each in mindvideo.requests] == [200, 200]
"""
    modules = loaded(suite, tmp_path)

    assert {"starlette", "mock_mindvideo.web.control"} <= modules
    assert not {"jsonschema", "mock_mindvideo.virtual.timeline"} & modules


#: Tells what a first use opens of `schemas/`, and what it imports while the collector is at work.
WATCHED = """
import gc, json, pathlib, sys
files, collected = [], []

def hook(event, given):
    if event == "open" and "schemas" in str(given[0]) and str(given[0]).endswith(".json"):
        files.append(pathlib.Path(str(given[0])).name)

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("mock_mindvideo.") and gc.isenabled():
            collected.append(name)

sys.addaudithook(hook)
sys.meta_path.insert(0, Finder)
"""

OPENED = {
    "first use by mock()": "with __import__('mock_mindvideo').mock() as mindvideo: test(mindvideo)",
    "first use in a test": "sys.argv[1:] = []; import pytest\npytest.main(['-qs', 'test_app.py', "
    "'-p', 'mock_mindvideo.pytest_plugin'])",
}


@pytest.mark.parametrize("way", OPENED)
def test_a_first_use_reads_what_it_needs_and_imports_while_the_collector_pauses(
    tmp_path, way: str
) -> None:
    (tmp_path / "test_app.py").write_text(CALLS)
    told = "print('TOLD', json.dumps([files, collected, gc.isenabled()]))"
    said = run_alone(f"{WATCHED}\n{CALLS}\n{OPENED[way]}\n{told}\n", tmp_path)
    files, collected, goes_on = json.loads(said.rpartition("TOLD ")[2])
    assert "model.json" in files
    assert not {"fidelity.json", "fidelity.schema.json", "task.schema.json"} & set(files)
    late = {name.removeprefix("mock_mindvideo.") for name in collected}
    assert not {name for name in late if name.startswith(("catalog", "domain", "stores", "web"))}
    assert len(late) < 24
    assert goes_on


def test_the_in_process_fixture_imports_no_client_library_no_server_and_no_hypothesis(
    tmp_path,
) -> None:
    modules = loaded("def test(mindvideo):\n    pass\n", tmp_path)

    clients = {"httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp"}
    assert not modules & (clients | {"hypothesis", "uvicorn", "respx"})


def test_the_in_process_fixture_loads_no_http_client_of_its_own(tmp_path) -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport mock_mindvideo\n"
        "with mock_mindvideo.mock(): pass\nprint('urllib.request' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import site; site.main()\n{code}"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False"]
