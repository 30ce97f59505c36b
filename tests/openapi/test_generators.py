"""Generators of clients that others wrote make working clients of the document."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.catalog import builtin_catalog, every_model, load
from mock_mindvideo.web.openapi import openapi
from tests.npm import npm_folder
from tests.pip import pip_environment
from tests.platform.dialects import folder_for

pytestmark = pytest.mark.slow

HERE = Path(__file__).with_name("generated")
TYPESCRIPT = "typescript@5.9.3"
OPENAPI_TYPESCRIPT = "openapi-typescript@7.13.0"
SPECTRAL = "@stoplight/spectral-cli@6.16.3"
ORVAL = "orval@7.13.2"
OAZAPFTS = ("oazapfts@7.5.0", "@oazapfts/runtime@1.2.0", "@types/node@22.20.5")
PYTHON = ("openapi-python-client==0.29.1", "python-dateutil==2.9.0.post0")

#: The strictest that a project is likely to ask of the code that it is given.
STRICT = ["--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "esnext",
          "--moduleResolution", "bundler", "--lib", "es2023,dom"]  # fmt: skip


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A mock on a socket, whose clock is moved by polls."""
    with MockServer(Settings(port=0, progress="polls", log_level="critical")) as running:
        yield running


@pytest.fixture(params=["whole", "vendor only", "all models", "extensions"])
def document(request: pytest.FixtureRequest, tmp_path: Path, server: MockServer) -> Path:
    """The document for that server, as a file."""
    vendor = request.param == "vendor only"
    catalog = every_model() if request.param == "all models" else builtin_catalog()
    if request.param == "extensions":
        catalog = load((folder_for("extensions", tmp_path / "dialect"),))
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(openapi(catalog, server.url, vendor=vendor)))
    return file


def run(*command: object, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A program by others, which finds its own; what it says is shown where it fails."""
    path = os.pathsep.join((str(Path(str(command[0])).parent), os.environ["PATH"]))
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env=os.environ | {"NO_COLOR": "1", "PYTHONPATH": str(cwd), "PATH": path},
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def whole(document: Path) -> bool:
    return "X-Mock-Script" in document.read_text()


def project(folder: Path, packages: Path) -> Path:
    """A folder of modules, with those packages."""
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(packages / "node_modules")
    return packages / "node_modules" / ".bin"


def test_openapi_python_client_makes_every_endpoint_and_its_client_works(
    document: Path, tmp_path: Path, server: MockServer
) -> None:
    programs = pip_environment(*PYTHON)
    made = run(
        *(programs / "openapi-python-client", "generate", "--path", document),
        *("--meta", "none", "--output-path", tmp_path / "generated", "--overwrite"),
        cwd=tmp_path,
    )
    assert "WARNING" not in made.stdout, made.stdout
    endpoints = {file.stem for file in tmp_path.glob("generated/api/tasks/*.py")}
    assert endpoints >= {"create_task", "get_task", "get_task_events"}
    if whole(document):
        assert run(programs / "python", HERE / "flow.py", server.url, cwd=tmp_path).stdout


def test_openapi_typescript_makes_types_that_fit(document: Path, tmp_path: Path) -> None:
    programs = project(tmp_path, npm_folder(OPENAPI_TYPESCRIPT, TYPESCRIPT))
    run(programs / "openapi-typescript", document, "-o", tmp_path / "schema.d.ts", cwd=tmp_path)

    assert "$defs:" not in (tmp_path / "schema.d.ts").read_text()
    if whole(document):
        copy(HERE / "types.ts", tmp_path)
        run(programs / "tsc", "--noEmit", *STRICT, "types.ts", "schema.d.ts", cwd=tmp_path)


def lint(document: Path, folder: Path) -> list[dict[str, Any]]:
    """What Spectral's rules for OpenAPI find, as errors."""
    (folder / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    program = npm_folder(SPECTRAL) / "node_modules" / ".bin" / "spectral"
    found = run(program, "lint", document, "--format", "json", "--quiet", cwd=folder, check=False)
    problems: list[dict[str, Any]] = json.loads(found.stdout[: found.stdout.rindex("]") + 1])
    return [each for each in problems if each["severity"] == 0]


def test_spectral_finds_no_error(document: Path, tmp_path: Path) -> None:
    assert lint(document, tmp_path) == []


def test_spectral_would_find_one(document: Path, tmp_path: Path) -> None:
    broken = json.loads(document.read_text())
    del broken["info"]["version"]
    document.write_text(json.dumps(broken))
    assert lint(document, tmp_path)


def test_orval_makes_a_client_that_works_under_node(
    document: Path, tmp_path: Path, server: MockServer
) -> None:
    programs = project(tmp_path, npm_folder(ORVAL, TYPESCRIPT, "@types/node@22.20.5"))
    output = {"target": "./api.ts", "client": "fetch", "baseUrl": server.url}
    options = {"api": {"input": {"target": str(document)}, "output": output}}
    (tmp_path / "orval.config.cjs").write_text(f"module.exports = {json.dumps(options)};")
    run(programs / "orval", "--config", "orval.config.cjs", cwd=tmp_path)
    if not whole(document):
        run(programs / "tsc", "--noEmit", *STRICT, "api.ts", cwd=tmp_path)
        return
    copy(HERE / "orval.ts", tmp_path)
    (tmp_path / "build").mkdir()
    run(programs / "tsc", *STRICT, "--outDir", "build", "orval.ts", "api.ts", cwd=tmp_path)
    said = json.loads(node(tmp_path / "build" / "orval.js"))
    assert said["states"] == ["queued", "processing", "succeeded"]
    assert [each["sequence"] for each in said["events"]["events"]] == [1, 2, 3]
    assert [each["pointer"] for each in said["refused"]] == ["/input/duration"]


def test_oazapfts_makes_a_client_that_works_under_node(
    document: Path, tmp_path: Path, server: MockServer
) -> None:
    programs = project(tmp_path, npm_folder(*OAZAPFTS, TYPESCRIPT))
    run(programs / "oazapfts", document, tmp_path / "oazapfts.ts", cwd=tmp_path)
    if not whole(document):
        run(programs / "tsc", "--noEmit", *STRICT, "oazapfts.ts", cwd=tmp_path)
        return
    copy(HERE / "fetching.ts", tmp_path)
    (tmp_path / "build").mkdir()
    run(programs / "tsc", *STRICT, "--outDir", "build", "fetching.ts", "oazapfts.ts", cwd=tmp_path)
    assert json.loads(node(tmp_path / "build" / "fetching.js", server.url))["status"] == "queued"


def node(script: Path, *arguments: str) -> str:
    """What a script of modules prints; Node wants to be told the files' endings."""
    for file in script.parent.glob("*.js"):
        text = file.read_text()
        for name in ("api", "oazapfts"):
            text = text.replace(f'from "./{name}"', f'from "./{name}.js"')
        file.write_text(text)
    return run("node", script, *arguments, cwd=script.parent).stdout
