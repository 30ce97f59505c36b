"""The Helm chart, rendered by Helm itself: Kubernetes takes it, it is safe, it runs the server."""

import json
import subprocess
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_mindvideo.serving.ending import LAST
from mock_mindvideo.settings import PREFIX
from tests.packaging.deployed import ROOT, image_environment, settings_of
from tests.pip import pip_environment

pytestmark = pytest.mark.slow

CHART = ROOT / "deploy" / "helm" / "mock-mindvideo"
PACKAGES = ("helm-python-sdk==0.2.2", "kubernetes-validate==1.37.0", "PyYAML==6.0.3")

ALONE: tuple[dict[str, Any], ...] = (
    {},
    {"persistence": {"enabled": False}},
    {"persistence": {"existingClaim": "mine"}},
    {"persistence": {"size": "10Gi", "storageClass": "fast"}},
)
SHARED: tuple[dict[str, Any], ...] = (
    {"store": {"url": "redis://:p%40ss@redis:6379/0"}, "replicas": 3},
    {"store": {"existingSecret": "redis", "key": "address"}, "autoscaling": {"enabled": True}},
)
MORE: tuple[dict[str, Any], ...] = (
    {},
    {"adminToken": {"value": "s3cret"}, "publicUrl": "https://mock.example"},
    {"adminToken": {"existingSecret": "admin"}, "imagePullSecrets": [{"name": "registry"}]},
    {"ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls"}},
    {"settings": {"SPEED": 10, "MAGIC": False, "LOG_LEVEL": "warning"}, "drainTimeout": 60},
    {"env": [{"name": "OTEL_TRACES_EXPORTER", "value": "otlp"}], "podLabels": {"team": "video"}},
    {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "x", "operator": "Exists"}]},
)
GOOD = [one | more for one, more in product((*ALONE, *SHARED), MORE)]

BAD = {
    "several nodes need a store": {"replicas": 3},
    "several nodes need a store that": {"autoscaling": {"enabled": True}},
    "'replcas' not allowed": {"replcas": 3},
    "/replicas": {"replicas": "three"},
    "/store/url": {"store": {"url": "postgres://db/0"}},
    "/publicUrl": {"publicUrl": "mock.example"},
    "propertyName": {"settings": {"log-level": "info"}},
    "/drainTimeout": {"drainTimeout": -1},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Helm makes of GOOD, and then of BAD."""
    python = pip_environment(*PACKAGES) / "python"
    done = subprocess.run(
        [python, Path(__file__).with_name("chart.py"), CHART],
        input=json.dumps([*GOOD, *BAD.values()]),
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path_factory.mktemp("helm"),
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def manifests(
    made: dict[str, Any], kind: str
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """For each of GOOD: its values, and the manifest of that kind."""
    found = []
    for values, each in zip(GOOD, made["rendered"], strict=False):
        of_kind = [one for one in each["manifests"] if one["kind"] == kind]
        assert len(of_kind) <= 1
        found.append((values, of_kind[0] if of_kind else None))
    return found


def pods(made: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    for values, deployment in manifests(made, "Deployment"):
        assert deployment is not None
        found.append((values, deployment["spec"]["template"]["spec"]))
    return found


def test_the_chart_is_of_the_version_of_the_server() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["appVersion"] == version("mock-mindvideo")
    # Helm takes Semantic Versions alone, in which a release candidate is written otherwise.
    assert chart["version"].replace("-rc.", "rc") == chart["appVersion"]


def test_helm_finds_nothing_to_mend(made: dict[str, Any]) -> None:
    assert [each["error"] for each in made["lint"]] == ["icon is recommended"]


def test_whatever_is_asked_for_what_is_made_keeps_to_the_schemas_of_kubernetes(
    made: dict[str, Any],
) -> None:
    for values, each in zip(GOOD, made["rendered"], strict=False):
        assert "refused" not in each, (values, each)
        assert set(each["problems"]) == {None}, (values, each["problems"])


def test_values_that_cannot_work_are_refused_with_what_is_wrong(made: dict[str, Any]) -> None:
    for reason, each in zip(BAD, made["rendered"][len(GOOD) :], strict=True):
        assert reason in each["refused"]


def test_a_pod_has_no_rights_and_writes_to_its_volumes_alone(made: dict[str, Any]) -> None:
    for _, pod in pods(made):
        (container,) = pod["containers"]
        own, whole = container["securityContext"], pod["securityContext"]
        assert whole["runAsNonRoot"]
        assert (whole["runAsUser"], whole["fsGroup"]) == (10001, 10001)
        assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
        assert own["readOnlyRootFilesystem"]
        assert not own["allowPrivilegeEscalation"]
        assert own["capabilities"] == {"drop": ["ALL"]}
        assert not pod["automountServiceAccountToken"]
        mounted = {each["mountPath"] for each in container["volumeMounts"]}
        assert mounted == {"/data", "/tmp"}  # noqa: S108 - the pod's own


def test_a_pod_has_the_time_to_drain_before_it_is_killed(made: dict[str, Any]) -> None:
    for values, pod in pods(made):
        leaving = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
        most = leaving + values.get("drainTimeout", 20) + LAST
        assert pod["terminationGracePeriodSeconds"] > most


def test_probes_ask_for_what_the_server_answers_without_a_token(made: dict[str, Any]) -> None:
    for _, pod in pods(made):
        (container,) = pod["containers"]
        kinds = ("startupProbe", "livenessProbe", "readinessProbe")
        paths = [container[kind]["httpGet"]["path"] for kind in kinds]
        assert paths == ["/_mock/live", "/_mock/live", "/_mock/ready"]
        assert container["ports"] == [{"name": "http", "containerPort": 8080}]


def test_the_server_takes_the_variables_that_a_pod_gives_it(made: dict[str, Any]) -> None:
    secrets = {"url": "redis://redis/0", "address": "redis://redis/0", "token": "s3cret"}
    for values, pod in pods(made):
        given = pod["containers"][0]["env"]
        environ = {each["name"]: each.get("value") or secret(each, secrets) for each in given}
        own = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        settings = settings_of(image_environment() | own)
        assert settings.drain_timeout == values.get("drainTimeout", 20)
        assert (settings.admin_token is None) == ("adminToken" not in values)
        assert settings.place.kind == ("redis" if "store" in values else "sqlite")


def secret(variable: dict[str, Any], secrets: dict[str, str]) -> str:
    return secrets[variable["valueFrom"]["secretKeyRef"]["key"]]


def test_a_secret_holds_what_was_given_and_the_workload_nothing_of_it(
    made: dict[str, Any],
) -> None:
    for values, found in manifests(made, "Secret"):
        url = values.get("store", {}).get("url")
        token = values.get("adminToken", {}).get("value")
        given = {name: value for name, value in (("url", url), ("token", token)) if value}
        assert (found or {"stringData": {}})["stringData"] == given
    for values, deployment in manifests(made, "Deployment"):
        assert "p%40ss" not in json.dumps(deployment), values
        assert "s3cret" not in json.dumps(deployment), values


def test_one_node_on_a_volume_is_replaced_and_several_on_a_store_roll(
    made: dict[str, Any],
) -> None:
    for values, deployment in manifests(made, "Deployment"):
        assert deployment is not None
        spec = deployment["spec"]
        assert spec["strategy"]["type"] == ("RollingUpdate" if "store" in values else "Recreate")
        scaled = values.get("autoscaling", {}).get("enabled", False)
        assert ("replicas" in spec) != scaled
    for values, claim in manifests(made, "PersistentVolumeClaim"):
        persistent = values.get("persistence", {})
        wanted = persistent.get("enabled", True) and not persistent.get("existingClaim")
        assert (claim is not None) == (wanted and "store" not in values)
