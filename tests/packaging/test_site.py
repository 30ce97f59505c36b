"""The site: it builds without a warning, and a browser that opens it asks no other host."""

import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.documents import DOCS, ROOT

pytestmark = pytest.mark.slow

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)

#: What a page loads by itself, in the forms that HTML and CSS have for it.
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc=["']?(?:https?:)?//"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|icon|preload|preconnect))[^>]*?\bhref=["']?(?:https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages."""
    out = tmp_path_factory.mktemp("site")
    # not --quiet, under which no warning is counted
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(out)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """A server of them, on a free port."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_every_page_of_the_docs_is_built(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        assert (site / page.relative_to(DOCS)).with_suffix(".html").is_file(), page


@pytest.mark.parametrize("page", ["changelog", "security", "contributing"])
def test_a_page_that_is_a_file_of_the_root_leads_where_that_does(site: Path, page: str) -> None:
    folder = site / "project"
    text = (folder / f"{page}.html").read_text(encoding="utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    inside = re.findall(r'href="([^"#:]+\.html)', article)
    for link in inside:
        assert (folder / link).is_file(), link
    source = (ROOT / f"{page.upper()}.md").read_text(encoding="utf-8")
    assert len(inside) >= len(re.findall(r"\]\(docs/", source))


def test_no_page_names_anything_to_load_from_another_host(site: Path) -> None:
    files = [*site.rglob("*.html"), *site.rglob("*.css"), *site.rglob("*.svg")]
    assert len(files) > 30
    for file in files:
        found = _LOADED.search(file.read_text(encoding="utf-8"))
        assert found is None, f"{file.relative_to(site)}: {found and found[0]}"


@pytest.mark.parametrize("page", ["index.html", "start/server.html", "reference/cli.html"])
def test_a_browser_that_opens_a_page_asks_no_other_host(
    address: str, tmp_path: Path, page: str
) -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it")
    log = tmp_path / "net.json"
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=10000",
        f"--log-net-log={log}", "--dump-dom", f"{address}/{page}",
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    assert "md-content" in done.stdout, done.stderr
    assert asked_by_pages(log, address) == {address}


def asked_by_pages(log: Path, address: str) -> set[str]:
    """The hosts that pages asked; what Chromium asks for itself has another mark in the log."""
    text = log.read_text(encoding="utf-8")
    found = re.findall(r'"traffic_annotation":(\d+),"url":"(\w+://[^/"]+)([^"]*)', text)
    marks = {mark for mark, host, path in found if host == address and path.endswith(".css")}
    return {host for mark, host, _ in found if mark in marks}
