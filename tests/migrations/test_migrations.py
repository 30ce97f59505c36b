"""Suites that were moved: with the other tool they pass, and with this mock, test by test."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.npm import npm_folder, npm_program
from tests.packaging.documents import DOCS

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PROGRAM = Path(sys.executable).with_name("mock-mindvideo")

#: Tests of each suite: before, and after.
SUITES = {
    "respx": (4, 5),
    "pytest_httpserver": (4, 4),
    "wiremock": (4, 4),
    "prism": (4, 5),
    "aimock": (4, 4),
}
WHEN = ["before", "after"]

AIMOCK = "@copilotkit/aimock@1.43.0"
WIREMOCK = "wiremock@3.13.2"  # the jar travels in the package
PRISM = "@stoplight/prism-cli@5.16.0"

#: Seconds until a suite has ended.
SOON = 900

Done = subprocess.CompletedProcess[str]


def project(tool: str, when: str, folder: Path) -> Path:
    """A copy of the suite, beside the application that it tests."""
    copied = folder / when
    shutil.copytree(HERE / tool / when, copied, ignore=shutil.ignore_patterns("__pycache__"))
    application = HERE / tool / "studio.mjs" if tool == "aimock" else HERE / "studio.py"
    shutil.copy(application, copied)
    return copied


def run(tool: str, folder: Path) -> Done:
    """Run the suite in the folder as its developers do."""
    if tool == "aimock":
        (folder / "node_modules").symlink_to(npm_folder(AIMOCK) / "node_modules")
        command = [shutil.which("node") or "node", "--test"]
    else:
        options = ["-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error::ResourceWarning"]
        command = [sys.executable, "-m", "pytest", "-v", *options]
    return subprocess.run(
        command, cwd=folder, env=environment(tool, folder), capture_output=True, text=True,
        timeout=SOON, check=False,
    )  # fmt: skip


def environment(tool: str, folder: Path) -> dict[str, str]:
    """What is set beside what a developer has; workers of this run are not the suite's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    kept.pop("NODE_TEST_CONTEXT", None)
    if folder.name == "before" and tool == "wiremock":
        if shutil.which("java") is None:
            pytest.skip("Java is not installed; `.ci/run` installs it")
        kept["WIREMOCK"] = str(npm_program("wiremock", WIREMOCK))
    if folder.name == "before" and tool == "prism":
        kept["PRISM"] = str(npm_program("prism", PRISM))
    return kept | {"MOCK_MINDVIDEO": str(PROGRAM)}


def passed(done: Done) -> int:
    found = re.search(r"(?:^|\s)(\d+) passed|^# pass (\d+)", done.stdout, re.MULTILINE)
    return int(found[1] or found[2]) if found else 0


def names(tool: str, when: str) -> list[str]:
    """The names of a suite's tests, in their order."""
    text = "\n".join(file.read_text() for file in sorted((HERE / tool / when).glob("*studio*")))
    return re.findall(r'^(?:def (test_\w+)|test\("([^"]+)")', text, re.MULTILINE)


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("tool", SUITES)
def test_a_suite_passes_with_its_old_tool_and_with_the_mock(
    tmp_path: Path, tool: str, when: str
) -> None:
    done = run(tool, project(tool, when, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(done) == SUITES[tool][WHEN.index(when)]


@pytest.mark.parametrize("tool", SUITES)
def test_each_test_of_the_old_suite_is_in_the_new_one(tool: str) -> None:
    before, after = (names(tool, when) for when in WHEN)
    assert before == after[: len(before)]
    assert (len(before), len(after)) == SUITES[tool]


#: A mistake in the application: the platform takes 2 to 10 seconds, as a number.
MISTAKE = ("duration", "5", '"5"')


@pytest.mark.parametrize("tool", SUITES)
def test_the_moved_suite_finds_a_mistake_that_the_old_one_cannot_see(
    tmp_path: Path, tool: str
) -> None:
    name, right, wrong = MISTAKE
    verdicts = []
    for when in WHEN:
        suite = project(tool, when, tmp_path)
        application = next(suite.glob("studio.mjs" if tool == "aimock" else "studio.py"))
        text = application.read_text()
        broken = re.sub(rf'("?{name}"?: ){right}\b', rf"\g<1>{wrong}", text)
        assert broken != text
        application.write_text(broken)
        verdicts.append(run(tool, suite).returncode)
    assert verdicts[0] == 0
    assert verdicts[1] != 0


@pytest.mark.parametrize("tool", SUITES)
def test_the_guide_shows_the_suites_as_they_are(tool: str) -> None:
    page = (DOCS / "guides" / "migrate" / f"{tool.replace('_', '-')}.md").read_text()
    file = "studio.test.mjs" if tool == "aimock" else "test_studio.py"
    for when in WHEN:
        assert f'--8<-- "tests/migrations/{tool}/{when}/{file}"' in page
