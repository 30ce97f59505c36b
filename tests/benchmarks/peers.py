"""The peers from npm: WireMock (on Java) and Prism (on Node), started without their launchers.

They are installed into `.build/npm` at the versions `package.json` pins, when they are first
needed. WireMock gets two stubs: a POST that matches the vendor's input schema, and a static GET.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.benchmarks.servers import LAST_WORDS, ROOT, Server, UnavailableError, free_port, running
from tests.benchmarks.wire import MODEL, SUCCEEDED, TASKS, polls

NPM = ROOT / ".build" / "npm"
PINS = json.loads(Path(__file__).with_name("package.json").read_bytes())["dependencies"]
SCHEMA = ROOT / "schemas" / "models" / MODEL / "input.schema.json"
DEMO = polls([str(SUCCEEDED["task_id"])])
FORGETFUL = "WireMock, no journal"
JIT = 250_000  # at 20,000 the JVM still doubles its speed every few seconds
JSON = {"Content-Type": "application/json"}


def _need(peer: str, command: str, package: str) -> str:
    found = shutil.which(command)
    if found is None:
        message = f"no {peer}: {command} is not installed (apt-get install {package})"
        raise UnavailableError(message)
    return found


def _installed(package: str, path: str) -> Path:
    """A file of an npm package at its pinned version, which is installed first if need be."""
    version = PINS[package]
    prefix = NPM / f"{package}@{version}"
    folder = prefix / "node_modules" / package
    if not any(folder.glob(path)):
        _install(prefix, f"{package}@{version}")
    for file in folder.glob(path):
        return file
    message = f"no {package}: npm could not install version {version}"
    raise UnavailableError(message)


def _install(prefix: Path, package: str) -> None:
    options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    prefix.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [_need(package, "npm", "npm"), "install", "--prefix", str(prefix), *options, package],
        check=False,
        stdout=sys.stderr,
    )


def _stub(method: str, path: str, answer: dict[str, Any], **matchers: Any) -> dict[str, Any]:
    response = {"status": 200, "headers": JSON, "jsonBody": answer}
    return {"request": {"method": method, "url": path, **matchers}, "response": response}


def _submit_stub() -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["model", "input"],
        "properties": {
            "model": {"enum": [MODEL]},
            "input": json.loads(SCHEMA.read_bytes()),
        },
        "additionalProperties": False,
    }
    patterns = [{"matchesJsonSchema": body, "schemaVersion": "V202012"}]
    answer = {name: SUCCEEDED[name] for name in ("request_id", "task_id", "cost_estimate")}
    return _stub("POST", TASKS, answer | {"status": "queued"}, bodyPatterns=patterns)


def wiremock() -> AbstractContextManager[Server]:
    """WireMock as it comes, its journal of all requests included, but with no log."""
    return _wiremock("WireMock")


def wiremock_without_journal() -> AbstractContextManager[Server]:
    """The same without its journal: a stub that remembers nothing."""
    return _wiremock(FORGETFUL, "--no-request-journal")


@contextmanager
def _wiremock(name: str, *more: str) -> Iterator[Server]:
    java = _need("WireMock", "java", "default-jre-headless")
    jar = _installed("wiremock", "build/wiremock-standalone-*.jar")
    with tempfile.TemporaryDirectory() as folder:
        mappings = Path(folder) / "mappings"
        mappings.mkdir()
        stubs = {"submit": _submit_stub(), "poll": _stub("GET", DEMO[0].path, SUCCEEDED)}
        for each, stub in stubs.items():
            (mappings / f"{each}.json").write_text(json.dumps(stub, ensure_ascii=False))
        port = free_port()
        quiet = ["--disable-request-logging", "--disable-banner", *more]
        where = ["--port", str(port), "--root-dir", folder]
        command = [java, "-jar", str(jar), *where, *quiet]
        with running(name, port, command, ready=DEMO[0]) as server:
            yield replace(server, warm=JIT)


@contextmanager
def prism() -> Iterator[Server]:
    """Prism, mocking the OpenAPI document that `mock-mindvideo openapi` prints."""
    node = _need("Prism", "node", "nodejs")
    program = _installed("@stoplight/prism-cli", "dist/index.js")
    with tempfile.NamedTemporaryFile(suffix=".json") as document:
        document.write(_openapi())
        document.flush()
        port = free_port()
        options = ["--port", str(port), "--verboseLevel", "silent", "--multiprocess", "false"]
        command = [node, str(program), "mock", document.name, *options]
        with running("Prism", port, command) as server:
            yield server


def _openapi() -> bytes:
    command = [sys.executable, "-m", "mock_mindvideo", "openapi"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        message = f"no Prism: mock-mindvideo openapi failed: {done.stderr.decode()[-LAST_WORDS:]}"
        raise UnavailableError(message)
    return done.stdout
