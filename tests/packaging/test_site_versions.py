"""Each release has its own documents: a new one stands beside the older, and is the latest."""

import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.documents import ROOT
from tests.packaging.test_site import CHROMIUM, _Quiet

pytestmark = pytest.mark.slow

#: What the site is made of.
PARTS = (
    "docs",
    "mkdocs.yml",
    "pyproject.toml",
    ".ci/site",
    ".ci/site_links.py",
    "tests/migrations",
)

NEW_PAGE = "docs/guides/new-in-0.2.md"


class Published:
    """A project whose releases are published on its branch gh-pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in (*PARTS, *(file.name for file in ROOT.glob("*.md"))):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / part, folder / part)
        self.run("git", "init", "--quiet", "--initial-branch", "main")
        self.run("git", "config", "user.name", "a maintainer")
        self.run("git", "config", "user.email", "maintainer@example.com")

    def run(self, *command: str) -> str:
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def release(self, version: str) -> None:
        project = self.folder / "pyproject.toml"
        text = re.sub('^version = ".*"', f'version = "{version}"', project.read_text(), flags=re.M)
        project.write_text(text)
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", f"Version {version}")
        self.run(".ci/site")

    def add_page(self) -> None:
        (self.folder / NEW_PAGE).write_text("# New\n\nOnly the newer version has it.\n")
        nav = self.folder / "mkdocs.yml"
        line = "      - Deploy: guides/deployment.md\n"
        nav.write_text(nav.read_text().replace(line, f"{line}      - guides/new-in-0.2.md\n"))

    def branch(self, into: Path) -> Path:
        self.run("git", "worktree", "add", "--quiet", str(into), "gh-pages")
        return into


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is published after two releases, a corrected one, and a change of main."""
    folder = tmp_path_factory.mktemp("versions")
    project = Published(folder / "project")
    project.release("0.1.0")
    project.add_page()
    project.release("0.2.0")
    project.release("0.2.1")
    project.run(".ci/site", "dev")
    return project.branch(folder / "pages")


def test_each_version_has_all_of_its_own_pages_and_none_of_a_newer_one(pages: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        built = page.relative_to(ROOT / "docs").with_suffix(".html")
        for version in ("0.1", "0.2", "dev"):
            assert (pages / version / built).is_file(), (version, built)
    new = Path(NEW_PAGE).relative_to("docs").with_suffix(".html")
    assert not (pages / "0.1" / new).exists()
    assert (pages / "0.2" / new).is_file()


def test_the_newest_release_is_the_latest_and_where_a_visitor_is_led(pages: Path) -> None:
    listed = {each["version"]: each for each in json.loads((pages / "versions.json").read_text())}
    assert {name: each["aliases"] for name, each in listed.items()} == {
        "dev": [], "0.2": ["latest"], "0.1": [],
    }  # fmt: skip
    assert 'href="latest/"' in (pages / "index.html").read_text().replace("'", '"')
    assert (pages / "latest" / "index.html").is_file()


@pytest.fixture(scope="module")
def address(pages: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(pages))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_reader_can_choose_among_the_versions(address: str, tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=10000", "--dump-dom", f"{address}/0.1/guides/models.html",
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    offered = re.findall(r'href="([^"]+)" class="md-version__link"', done.stdout)
    assert [re.search(r"/(dev|0\.\d)/", each + "/")[1] for each in offered] == ["dev", "0.2", "0.1"]
