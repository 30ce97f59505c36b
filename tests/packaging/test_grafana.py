"""The dashboard and the alerts ask for metrics that the server has, in PromQL that parses."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from mock_mindvideo import Settings
from mock_mindvideo.web.app import App
from tests.conftest import AUTH, TASKS, caller, example
from tests.npm import npm_folder
from tests.packaging.documents import ROOT

FOLDER = ROOT / "deploy" / "grafana"
PREFIX = "mock_mindvideo_"

#: What Prometheus adds to every metric, and Grafana puts in the place of its variables.
TARGET_LABELS = {"job", "instance"}
VARIABLES = {"$__rate_interval": "1m", "$job": ".*", "$instance": ".*"}

#: Packages of which the first knows the form of a dashboard.
PACKAGES = ("@grafana/schema@13.2.3", "typescript@5.9.3")


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return found


def queries() -> Iterator[Any]:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield pytest.param(target["expr"], id=panel["title"])
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        yield pytest.param(rule["expr"], id=rule["alert"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of each sample that a server tells once it has done a little of everything."""
    db = tmp_path_factory.mktemp("metrics") / "mock.db"
    app = App(Settings(db=db, progress="manual", log_level="warning"), watch=True)
    client = caller(app, "http://127.0.0.1", headers=AUTH, client=("127.0.0.1", 5000))
    client.post(TASKS, json=example())
    client.post(TASKS, json={}, headers={"X-Mock-Script": "status=503"})
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/_mock/metrics").text):
        for each in family.samples:
            found.setdefault(each.name, set()).update(each.labels)
    app.store.close()
    return found


def parsed(query: str) -> Any:
    for variable, value in VARIABLES.items():
        query = query.replace(variable, value)
    return promql.parse(query)


def selectors(expression: Any) -> Iterator[Any]:
    """Every vector selector in an expression, whatever it is in."""
    if isinstance(expression, promql.VectorSelector):
        yield expression
    for name in ("vector_selector", "expr", "lhs", "rhs", "param"):
        inner = getattr(expression, name, None)
        if inner is not None:
            yield from selectors(inner)
    for argument in getattr(expression, "args", None) or ():
        yield from selectors(argument)


def grouped(expression: Any) -> Iterator[tuple[set[str], Any]]:
    """The labels by which each aggregation groups, and the aggregation."""
    if isinstance(expression, promql.AggregateExpr) and expression.modifier is not None:
        yield set(expression.modifier.labels), expression
    for name in ("expr", "lhs", "rhs"):
        inner = getattr(expression, name, None)
        if inner is not None:
            yield from grouped(inner)
    for argument in getattr(expression, "args", None) or ():
        yield from grouped(argument)


@pytest.mark.parametrize("query", list(queries()))
def test_a_query_asks_for_metrics_and_labels_that_the_server_tells(
    query: str, told: dict[str, set[str]]
) -> None:
    expression = parsed(query)
    found = list(selectors(expression))
    assert found
    for each in found:
        if each.name != "up":  # Prometheus' own
            assert each.name in told
            asked = {matcher.name for matcher in each.matchers.matchers}
            assert asked <= told[each.name] | TARGET_LABELS
    for labels, aggregation in grouped(expression):
        known = [told.get(each.name, set()) for each in selectors(aggregation)]
        assert labels <= set.union(TARGET_LABELS, *known)


def test_every_metric_of_the_server_is_on_the_dashboard(told: dict[str, set[str]]) -> None:
    text = (FOLDER / "dashboard.json").read_text(encoding="utf-8")
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told}
    missing = {name for name in families if name.startswith(PREFIX) and name not in text}
    assert not missing


def test_legends_name_labels_that_are_left(told: dict[str, set[str]]) -> None:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            expression = parsed(target["expr"])
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            labels = [labels for labels, _ in grouped(expression)]
            whole = [told[each.name] | TARGET_LABELS for each in selectors(expression)]
            assert named <= set.union(*(labels or whole)), panel["title"]


def test_variables_choose_among_what_the_server_tells(told: dict[str, set[str]]) -> None:
    asked = [each for each in dashboard()["templating"]["list"] if each["type"] == "query"]
    assert [each["name"] for each in asked] == ["job", "instance"]
    for each in asked:
        found = re.fullmatch(r"label_values\((\w+)(\{.*\})?, (\w+)\)", each["query"]["query"])
        assert found is not None
        assert found[1] in told
        assert found[3] in TARGET_LABELS


def test_panels_have_a_place_and_a_number_of_their_own() -> None:
    panels = dashboard()["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for each in panels:
        place = each["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, each["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.slow
def test_the_dashboard_has_the_types_that_grafana_publishes(tmp_path: Path) -> None:
    folder = npm_folder(*PACKAGES)
    file = folder / f"{tmp_path.name}.ts"
    text = (FOLDER / "dashboard.json").read_text(encoding="utf-8")
    file.write_text(
        "import type { Dashboard, Panel, RowPanel } from '@grafana/schema';\n"
        f"export const dashboard: Dashboard = {text};\n"
    )
    flags = "--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2022,dom"
    try:
        done = subprocess.run(
            [folder / "node_modules/.bin/tsc", *flags.split(), file],
            check=False,
            capture_output=True,
            text=True,
        )
    finally:
        file.unlink()
    assert done.returncode == 0, done.stdout
