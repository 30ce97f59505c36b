"""Renders a chart with real Helm and checks it against Kubernetes' own schemas.

`python chart.py CHART` in an environment that has both. It reads a JSON array of values from stdin
and writes what lint says, and what each of them makes: manifests and their problems, or a refusal.
"""

import json
import sys
from typing import Any

import helm_python as helm
import kubernetes_validate
import yaml

VERSION = "1.30"


def rendered(chart: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What one set of values makes."""
    try:
        files = chart.render(values=values, name="demo")
    except helm.HelmError as refused:
        return {"refused": str(refused)}
    texts = [text for name, text in sorted(files.items()) if name.endswith(".yaml")]
    manifests = [each for text in texts for each in yaml.safe_load_all(text) if each]
    return {"manifests": manifests, "problems": [_problem(each) for each in manifests]}


def _problem(manifest: dict[str, Any]) -> str | None:
    try:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    except kubernetes_validate.ValidationError as problem:
        return f"{manifest['kind']}: {problem}"
    return None


def main(path: str) -> None:
    """Do it all."""
    with helm.Chart.load(path) as chart:
        made = [rendered(chart, values) for values in json.load(sys.stdin)]
    json.dump({"lint": helm.lint(path)["messages"], "rendered": made}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
