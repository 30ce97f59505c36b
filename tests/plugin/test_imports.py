"""A suite that does not use the plugin pays nothing for it."""

import subprocess
import sys

import pytest

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
    (folder / "alone.py").write_text(ALONE)
    done = subprocess.run(
        [sys.executable, "alone.py"],
        cwd=folder,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if "LOADED" in line)
    return set(line.partition("[")[2].rstrip("]").replace("'", "").split(", "))


def test_a_suite_that_does_not_use_the_fixtures_imports_nothing_heavy(tmp_path) -> None:
    modules = loaded("def test():\n    pass\n", tmp_path)

    assert "mock_mindvideo.pytest_plugin" in modules
    assert not {name for name in modules if name.partition(".")[0] in HEAVY}
    own = {".".join(name.split(".")[:2]) for name in modules if name.startswith("mock_mindvideo")}
    guard = {f"mock_mindvideo.{name}" for name in ("platform", "plugin", "system", "transports")}
    assert own == {"mock_mindvideo", "mock_mindvideo.pytest_plugin", *guard}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What comes in with the in-process fixture."""
    return loaded("def test(mindvideo):\n    pass\n", tmp_path_factory.mktemp("used"))


def test_the_check_sees_what_a_fixture_imports(used: set[str]) -> None:
    assert {"starlette", "jsonschema"} <= used


def test_a_client_library_that_the_suite_does_not_import_is_not_imported_for_it(
    used: set[str],
) -> None:
    assert not used & {
        "httpx",
        "httpx2",
        "httpcore",
        "httpcore2",
        "requests",
        "urllib3",
        "aiohttp",
    }


def test_the_in_process_fixture_needs_neither_hypothesis_nor_a_server(used: set[str]) -> None:
    assert not used & {"hypothesis", "uvicorn", "respx"}


def test_the_in_process_fixture_loads_no_http_client_of_its_own(tmp_path) -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport mock_mindvideo\n"
        "with mock_mindvideo.mock(): pass\nprint('urllib.request' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import site; site.main()\n{code}"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False"]
