"""The consumer file: specification 3.0.0, or 4.0, as the standard verifiers read them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from mock_mindvideo.contract.pact.interactions import Interaction, interactions
from mock_mindvideo.contract.traffic.recorded import Recorded
from mock_mindvideo.system.files import write_file

PactVersion = Literal["3.0.0", "4.0"]

PROVIDER = "MindVideo"


def consumer_pact(
    tests: Mapping[str, Sequence[Recorded]], consumer: str, specification: PactVersion = "4.0"
) -> dict[str, Any]:
    """The pact of `consumer`: the exchanges of each test by the test's name.

    An exchange that was disturbed on purpose, or is a stream, is no promise and is left out.
    """
    found = [each for name, entries in tests.items() for each in interactions(name, entries)]
    write = _v3 if specification == "3.0.0" else _v4
    return {
        "consumer": {"name": consumer},
        "provider": {"name": PROVIDER},
        "interactions": [write(each) for each in found],
        "metadata": {
            "pactSpecification": {"version": specification},
            "mock-mindvideo": {"version": version("mock-mindvideo")},
        },
    }


def write_pact(pact: Mapping[str, Any], folder: Path) -> Path:
    """Write a pact under the name that verifiers look for; raises OSError."""
    names = (pact["consumer"]["name"], pact["provider"]["name"])
    file = folder / ("-".join(re.sub(r"[^\w.-]+", "_", name) for name in names) + ".json")
    folder.mkdir(parents=True, exist_ok=True)
    write_file(file, (json.dumps(pact, indent=2, ensure_ascii=False) + "\n").encode())
    return file


def _v3(each: Interaction) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": each.method,
        "path": each.path,
        "query": dict(each.query) or None,
        "headers": dict(each.headers),
        "body": each.body,
    }
    if each.expression:
        request["generators"] = {"path": _generator(each.expression)}
    response: dict[str, Any] = {
        "status": each.status,
        "headers": {"Content-Type": "application/json"},
        "body": each.answer,
        "matchingRules": {"body": _rules(each.rules)},
    }
    return {
        "description": each.description,
        "providerStates": [dict(state) for state in each.states],
        "request": {name: value for name, value in request.items() if value is not None},
        "response": response,
    }


def _v4(each: Interaction) -> dict[str, Any]:
    """The same, with headers as lists and bodies that say what they are."""
    old = _v3(each)
    for part in (old["request"], old["response"]):
        part["headers"] = {name: [value] for name, value in part["headers"].items()}
        if "body" in part:
            part["body"] = {
                "content": part["body"],
                "contentType": "application/json",
                "encoded": False,
            }
    return {"type": "Synchronous/HTTP", "pending": False, **old}


def _generator(expression: str) -> dict[str, str]:
    return {"type": "ProviderState", "expression": expression, "dataType": "STRING"}


def _rules(rules: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A matcher for each path: a pattern, or `type` where there is none."""
    return {
        path: {
            "combine": "AND",
            "matchers": [{"match": "regex", "regex": pattern} if pattern else {"match": "type"}],
        }
        for path, pattern in rules
    }
