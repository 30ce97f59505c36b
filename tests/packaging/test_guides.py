"""The guides' code for other tools is run by those tools: Vite, a JavaScript runtime, nginx."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.conftest import KEY, TASKS, example
from tests.npm import npm_folder
from tests.packaging.documents import DOCS, blocks, write_files

pytestmark = pytest.mark.slow

FRONTEND = (DOCS / "guides" / "frontend.md").read_text(encoding="utf-8")
DEPLOYMENT = (DOCS / "guides" / "deployment.md").read_text(encoding="utf-8")
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}

_SERVE = """
import { createServer } from "vite";
const [configFile, cacheDir] = process.argv.slice(1);
const server = { port: 0, host: "127.0.0.1", hmr: false };
const quiet = { root: cacheDir, logLevel: "error" };
const vite = await createServer({ configFile, cacheDir, server, ...quiet });
await vite.listen();
console.log(vite.httpServer.address().port);
process.stdin.on("end", () => process.exit()).resume();
"""

_FOLLOW = """
const [base, id, key] = process.argv.slice(1);
const real = globalThis.fetch;
globalThis.fetch = (path, options) => real(base + path, options);
"""


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(Settings(port=0, progress="polls", log_level="warning")) as running:
        yield running


@contextmanager
def vite(config: str, folder: Path, mock: MockServer) -> Iterator[str]:
    """Vite with one of the guide's files, its proxies led to `mock`; its address."""
    write_files(FRONTEND.replace("http://127.0.0.1:8080", mock.url), folder)
    command = ["node", "--input-type=module", "-e", _SERVE, str(folder / config), str(folder)]
    with subprocess.Popen(
        command,
        cwd=npm_folder("vite@7.3.8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:  # closes its input at the end, which ends it
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"


def client_of_page() -> httpx.Client:
    """A client with time enough for a clip to be rendered."""
    return httpx.Client(headers=AUTHORIZED, timeout=60)


@pytest.mark.parametrize(
    ("config", "prefix"), [("vite.config.js", ""), ("vite.prefix.js", "/mock")]
)
def test_the_result_of_a_task_plays_through_the_guides_proxy(
    mock: MockServer, tmp_path: Path, config: str, prefix: str
) -> None:
    with vite(config, tmp_path, mock) as page, client_of_page() as client:
        tasks = f"{page}{prefix}{TASKS}"
        made = client.post(tasks, json=example()).json()
        for _ in range(3):
            task = client.get(f"{tasks}/{made['task_id']}").json()
        link = task["output"]["videos"][0]["url"]
        assert link.startswith(f"{page}{prefix}/media/")
        assert client.get(link).headers["content-type"] == "video/mp4"


def test_the_guides_reader_of_events_tells_every_state(mock: MockServer) -> None:
    made = httpx.post(f"{mock.url}{TASKS}", json=example(), headers=AUTHORIZED).json()
    code = next(each.code for each in blocks(FRONTEND) if each.title == "follow.js")
    command = ["node", "--input-type=module", "-e", _FOLLOW + code, mock.url, made["task_id"], KEY]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["queued", "processing", "succeeded"]


def test_the_guides_nginx_configuration_is_one(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/bin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed; `.ci/run` installs it")
    location = next(each.code for each in blocks(DEPLOYMENT) if each.language == "nginx")
    file = tmp_path / "nginx.conf"
    server = f"server {{ listen unix:{tmp_path}/socket;\n{location}}}"
    file.write_text(f"pid nginx.pid;\nevents {{}}\nhttp {{ {server} }}\n")
    command = [nginx, "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
