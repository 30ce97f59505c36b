"""The Dockerfile and what stands beside it: linted, and carried out step by step without Docker."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packaging.image import Image, build, ignored, running
from tests.ports import free_port
from tests.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[2]
HADOLINT = Path(sys.executable).with_name("hadolint")
#: What pip needs to build, and what redis needs with the Python of the image but not with ours.
MORE = ("hatchling", "async-timeout")

MIRROR = "http://deb.debian.org/debian"

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("debootstrap") is None,
    reason="a root of its own is made by debootstrap, which needs Linux, root and apt-get install",
)


def test_the_dockerfile_has_nothing_that_hadolint_would_mend() -> None:
    # Versions of Debian's packages: the distribution has one, and drops the former ones.
    subprocess.run([HADOLINT, "--ignore", "DL3008", ROOT / "Dockerfile"], check=True)


def test_compose_and_devcontainer_files_keep_to_their_schemas() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    subprocess.run([*check, "vendor.compose-spec", ROOT / "compose.yaml"], check=True)
    text = (ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8")
    json.loads("".join(line for line in text.splitlines() if not line.startswith("//")))


def test_an_image_is_built_from_what_the_wheel_is_built_from() -> None:
    for name in ignored(ROOT):
        assert (ROOT / name).exists()
    assert {"mock_mindvideo", "schemas", "contracts", "README.md", "LICENSE"} <= set(ignored(ROOT))


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image, whose packages of Python come from this machine's index."""
    work = tmp_path_factory.mktemp("image")
    fresh, wheels = work / "fresh", work / "fresh" / "wheels"
    made = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm"]
    subprocess.run([*made, fresh, MIRROR], check=True, capture_output=True)
    shutil.copy("/etc/resolv.conf", fresh / "etc/resolv.conf")
    python = "/usr/bin/python3" if sys.version_info[:2] != (3, 11) else sys.executable
    wheel = [python, "-m", "pip", "wheel", "--quiet", "--wheel-dir", wheels]
    pins = ["--constraint", ROOT / ".ci/constraints.txt"]
    subprocess.run(
        [*wheel, *pins, f"{ROOT}[media,redis,otel]", *MORE], check=True, capture_output=True
    )
    (fresh / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    return build(ROOT, fresh, work)


@contextmanager
def served(image: Image, **options: str) -> Iterator[str]:
    """The image as it would be run; its URL."""
    own = {"MOCK_MINDVIDEO_PORT": str(free_port()), "PYTHONUNBUFFERED": "1"}
    line = running(image, [*image.entrypoint, *image.command], **own, **options)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            assert "listening" in said, said
            yield said.split()[-1]
        finally:
            process.terminate()


@pytest.mark.slow
@needs_root
def test_the_image_serves_as_a_user_without_rights_from_a_root_that_is_read_only(
    image: Image,
) -> None:
    assert (image.user, image.ports, image.volumes) == ("10001:10001", [8080], ["/data"])
    with served(image) as url:
        body = json.dumps({"model": "wan2-7-r2v", "input": example()}).encode()
        headers = {"Authorization": "Bearer mv_live_xxx", "Content-Type": "application/json"}
        ask = urllib.request.Request(f"{url}/api/v1/tasks", body, headers)
        with urllib.request.urlopen(ask) as answer:
            assert json.load(answer)["status"] == "queued"


@pytest.mark.slow
@needs_root
def test_the_image_keeps_its_worlds_in_the_redis_that_is_named(
    image: Image, tmp_path: Path
) -> None:
    with (
        RedisServer(tmp_path) as redis,
        served(image, MOCK_MINDVIDEO_STORE=redis.url) as url,
        urllib.request.urlopen(f"{url}/_mock/health") as answer,
    ):
        assert json.load(answer)["store"] == "redis"


@pytest.mark.slow
@needs_root
def test_the_health_command_says_whether_the_server_is_ready(image: Image) -> None:
    with served(image) as url:
        port = {"MOCK_MINDVIDEO_PORT": url.rpartition(":")[2]}
        assert subprocess.run(running(image, image.health, **port), check=False).returncode == 0
    after = subprocess.run(running(image, image.health, **port), check=False, capture_output=True)
    assert after.returncode != 0


@pytest.mark.slow
@needs_root
def test_nothing_of_the_build_is_left_in_the_image(image: Image) -> None:
    assert not (image.root / "src").exists()
    assert not list((image.root / "var/lib/apt/lists").glob("*_Packages*"))


def example() -> dict[str, object]:
    model = ROOT / "schemas/models/wan2-7-r2v/model.json"
    found: dict[str, object] = json.loads(model.read_text(encoding="utf-8"))["example"]
    return found
