"""What is in deploy/ fits together, keeps to the schemas of its readers, and does what it says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_mindvideo.settings import PREFIX, Settings
from tests.packaging.deployed import README, ROOT, SCRIPT, image_environment, rewritten, settings_of

CLUSTER = ROOT / "deploy" / "compose.cluster.yaml"
TEMPLATE = ROOT / "deploy" / "nginx" / "mock.conf.template"


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CLUSTER.read_text(encoding="utf-8"))["services"]
    return found


def test_the_cluster_keeps_to_the_schema_of_compose() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    subprocess.run([*check, CLUSTER], check=True)


def test_the_cluster_has_three_nodes_that_differ_in_nothing_but_their_name(
    services: dict[str, Any],
) -> None:
    nodes = [services[f"mock-{number}"] for number in (1, 2, 3)]
    assert nodes[0] == nodes[1] == nodes[2]


@pytest.mark.parametrize("file", [CLUSTER, ROOT / "compose.yaml"], ids=lambda file: file.name)
def test_compose_files_set_what_the_server_reads_and_mount_what_is_there(file: Path) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.__dataclass_fields__}
    for service in yaml.safe_load(file.read_text(encoding="utf-8"))["services"].values():
        given = service.get("environment", {})
        own = {name: re.sub(r"\$\{.*\}", "", given[name]) for name in given if name in known}
        assert {name for name in given if name.startswith(PREFIX)} == own.keys()
        if own:
            settings_of(image_environment() | own)  # which the server takes
        for volume in service.get("volumes", []):
            origin = volume.partition(":")[0]
            assert not origin.startswith(".") or (file.parent / origin).exists(), origin


def test_a_node_has_the_time_to_drain_before_it_is_killed(services: dict[str, Any]) -> None:
    node = services["mock-1"]
    drain = int(node["environment"]["MOCK_MINDVIDEO_DRAIN_TIMEOUT"])
    assert int(node["stop_grace_period"].removesuffix("s")) >= drain + 5


def test_compose_and_the_script_fill_in_every_placeholder_of_nginxs_configuration(
    services: dict[str, Any],
) -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text(encoding="utf-8")))
    assert wanted == set(services["nginx"]["environment"])
    assert wanted == set(re.findall(r"s/\\\$\{(\w+)\}", SCRIPT.read_text(encoding="utf-8")))


def test_the_script_says_how_it_is_used() -> None:
    done = subprocess.run([SCRIPT], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "deploy/three-nodes start | status | restart N | stop" in done.stderr


@pytest.mark.slow
def test_three_nodes_do_what_the_readme_shows() -> None:
    text = README.read_text(encoding="utf-8")
    assert rewritten(text) == text
