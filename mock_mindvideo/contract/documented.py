"""What the vendor documents of an answer, as `contracts/documented.schema.json` has it."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema.exceptions import ValidationError

from mock_mindvideo.catalog.validation import is_plain_schema
from mock_mindvideo.contract.deviation import Deviation
from mock_mindvideo.contract.exchange import HttpResponse
from mock_mindvideo.contract.schema_errors import SchemaErrors
from mock_mindvideo.domain.pointer import pointer
from mock_mindvideo.platform.data import data_folder

_FILE = "documented.schema.json"

#: Definitions of the file that are parts of those of operations.
_PARTS = frozenset(("states", "succeeded", "links"))


def documented_deviations(operation: str, response: HttpResponse) -> Iterator[Deviation]:
    """What a good answer to an operation does against the documented facts, each under its own."""
    if not 200 <= response.status < 300 or operation not in _operations():
        return
    for problem in _errors(operation).of(response.value):
        at, words = pointer(problem.absolute_path), problem.message
        message = words if len(words) <= 300 else f"{words[:299]}…"
        yield Deviation("schema", at, message, _facts(operation, problem))


@cache
def _operations() -> dict[str, Any]:
    """The schema of each operation, its references put in, so that a path leads through it."""
    read = json.loads((data_folder("contracts") / _FILE).read_text("utf-8"))
    named = read["$defs"]
    return {name: _whole(named[name], named) for name in named.keys() - _PARTS}


def _whole(node: Any, named: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_whole(each, named) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _whole(named[node["$ref"].removeprefix("#/$defs/")], named)
    return {name: _whole(each, named) for name, each in node.items()}


@cache
def _errors(operation: str) -> SchemaErrors:
    schema = _operations()[operation]
    return SchemaErrors(schema, plain=is_plain_schema(schema))


def _facts(operation: str, problem: ValidationError) -> tuple[str, ...]:
    """The facts of the innermost part of the schema that names some, on the way to what broke."""
    node: Any = _operations()[operation]
    facts: tuple[str, ...] = ()
    for step in problem.absolute_schema_path:
        node = node[step]
        if isinstance(node, dict):
            facts = tuple(node.get("x-fidelity", facts))
    return facts
