"""Findings as SARIF 2.1.0, which code scanning shows at the line of the file."""

from collections.abc import Iterable, Mapping
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

from mock_mindvideo.contract.report.places import (
    Placed,
    from_package,
    packages,
    places,
    relative,
)
from mock_mindvideo.platform.data import data_folder

__all__ = ["Placed", "places", "relative", "sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

#: What the paths of files begin with that come with the package, not with the reader's project.
PACKAGES = "PACKAGES"


def sarif(found: Iterable[Placed], rules: Mapping[str, str], command: str) -> dict[str, Any]:
    """The log of one run; `rules` are the descriptions of the rules by id."""
    listed = list(found)
    named = sorted({place.rule for place in listed})
    driver = {
        "name": f"mock-mindvideo {command}",
        "version": version("mock-mindvideo"),
        "rules": [_rule(rule, rules.get(rule, "")) for rule in named],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(place, named.index(place.rule)) for place in listed],
    }
    if any(from_package(place.file) for place in listed):
        run["originalUriBaseIds"] = {PACKAGES: {"uri": packages().as_uri() + "/"}}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def help_uri(rule: str) -> str:
    """Where a rule is explained: the project's documents, or the behaviours on this machine."""
    for each in metadata("mock-mindvideo").get_all("Project-URL") or ():
        label, _, url = each.partition(",")
        if label.strip().lower() == "documentation":
            return f"{url.strip()}#{rule}"
    return f"{(data_folder('schemas') / 'platform' / 'fidelity.json').resolve().as_uri()}#{rule}"


def _rule(rule: str, words: str) -> dict[str, Any]:
    described = {"id": rule, "shortDescription": {"text": words or rule}}
    return described | ({"helpUri": help_uri(rule)} if words else {})


def _result(place: Placed, rule_index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    if place.line:
        location["region"] = {"startLine": place.line}
    return {
        "ruleId": place.rule,
        "ruleIndex": rule_index,
        "level": place.level,
        "message": {"text": place.message},
        "locations": [{"physicalLocation": location}],
    }


def _artifact(file: str) -> dict[str, str]:
    if from_package(file):
        inside = Path(file).relative_to(packages())
        return {"uri": inside.as_posix(), "uriBaseId": PACKAGES}
    return {"uri": Path(file).as_uri() if Path(file).is_absolute() else file}
