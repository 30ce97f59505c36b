"""The wheel: built, installed into an empty environment, and used there."""

import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built wheel."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with nothing but the wheel and what it needs."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=True)
    commands = home / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(commands / "python"), "-m", "pip", "install", "--quiet"]
    constraints = str(ROOT / ".ci" / "constraints.txt")
    subprocess.run([*pip, "--constraint", constraints, str(wheel)], check=True, capture_output=True)
    return commands


def run(commands: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [str(commands / "mock-mindvideo"), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_schemas_contracts_types_and_clips_travel_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    expected = {f"mock_mindvideo/_data/{path.relative_to(ROOT)}" for path in data_files()}
    assert len(expected) > 10
    assert expected <= inside
    assert "mock_mindvideo/py.typed" in inside
    assert any(name.endswith(".mp4") for name in inside)
    assert not any(name.startswith(("tests", "schemas", "contracts")) for name in inside)


def test_the_wheel_weighs_at_most_a_megabyte_and_three_quarters(wheel: Path) -> None:
    assert wheel.stat().st_size <= 1_750_000


def test_the_page_and_the_licences_of_what_it_carries_travel_in_the_wheel(wheel: Path) -> None:
    static = "mock_mindvideo/web/page/static"
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    files = {f"mock_mindvideo/web/page/static/{path.relative_to(ROOT / static)}"
             for path in (ROOT / static).rglob("*") if path.is_file()}  # fmt: skip
    assert any(name.endswith("LICENSE") for name in files)
    assert files <= inside


def data_files() -> Iterator[Path]:
    for folder in ("schemas", "contracts"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file())


def test_the_installed_command_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", cwd=tmp_path).startswith("mock-mindvideo, version ")
    document = json.loads(run(installed, "openapi", cwd=tmp_path))
    assert "/api/v1/tasks" in document["paths"]
    request = {"prompt": "x", "video_urls": ["https://a/b.mp4"], "duration": 5}
    (tmp_path / "request.json").write_text(json.dumps(request))
    assert run(installed, "estimate", "request.json", cwd=tmp_path) == "0.6165 USD\n"


def test_the_installed_server_answers(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json, urllib.request\n"
        "from mock_mindvideo import MockServer\n"
        "with MockServer() as server:\n"
        "    answer = urllib.request.urlopen(server.url + '/_mock/health')\n"
        "    print(json.load(answer)['models'])\n"
    )
    done = subprocess.run(
        [str(installed / "python"), "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['wan2-7-r2v']\n"
    assert "Traceback" not in done.stderr
