"""What can be compared: a schema file, a model folder, an OpenAPI document, a saved page."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

from mock_mindvideo.catalog import CatalogError
from mock_mindvideo.catalog.model import load_model
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.yaml_lines import Lines, read_yaml

#: Names of schema files whose values are received, not sent.
_ANSWERS = ("task.schema.json", "event.schema.json", "error.schema.json", "output.schema.json")


@dataclass(frozen=True, slots=True)
class Source:
    """One version. Parts that it does not have are None.

    `example` is an input, `price` what it costs in US dollars, `concerns` whom `schema` is for.
    """

    file: Path
    schema: Any = None
    rules: Any = None
    document: Any = None
    example: Any = None
    price: Decimal | None = None
    concerns: str = "requests"
    lines: Lines = field(default_factory=Lines)
    first_line: int = 1

    def line(self, pointer: str) -> int:
        """The line in `file` that a pointer into the schema or document leads to."""
        steps = tuple(_step(each) for each in pointer.split("/")[1:])
        return self.first_line - 1 + self.lines.of(steps)


def read_source(path: Path) -> Source:
    """The version at `path`; raises ContractError."""
    if path.is_dir():
        return _folder(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContractError(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ContractError(path, "is not UTF-8") from None
    if path.suffix in (".yaml", ".yml"):
        value, lines = read_yaml(path)
        return _document(path, value, lines)
    try:
        value = json.loads(text)
    except ValueError as problem:
        if path.suffix == ".json":
            raise ContractError(path, f"is not JSON: {problem}") from None
        return _page(path, text)
    return _document(path, value, _lines(path))


def _document(path: Path, value: Any, lines: Lines) -> Source:
    if isinstance(value, dict) and "openapi" in value:
        return Source(path, document=value, lines=lines)
    if isinstance(value, bool) or (isinstance(value, dict) and _looks_like_schema(value)):
        check_schema(path, value, lines)
        concerns = "readers" if path.name in _ANSWERS else "requests"
        return Source(path, schema=value, concerns=concerns, lines=lines)
    raise ContractError(path, "is neither a JSON Schema nor an OpenAPI document")


def _folder(path: Path) -> Source:
    try:
        model = load_model(path)
    except CatalogError as problem:
        raise ContractError(problem.file, problem.reason, pointer=problem.pointer) from None
    return Source(
        path / "input.schema.json",
        schema=model.input_schema,
        rules=model.rules_schema,
        example=model.example,
        price=model.estimate(model.example),
        lines=_lines(path / "input.schema.json"),
    )


def _page(path: Path, text: str) -> Source:
    """The schema, the example and its price, as they stand in a saved page's text."""
    schema = example = price = None
    first_line = 1
    for value, at in _objects(_plain(text)):
        if schema is None and _looks_like_schema(value):
            schema, first_line = value, _plain(text)[:at].count("\n") + 1
        elif example is None and {"model", "input"} <= value.keys():
            example = value["input"]
        elif price is None and isinstance(value.get("cost_estimate"), int | float):
            price = Decimal(str(value.get("cost_actual", value["cost_estimate"])))
    if schema is None:
        raise ContractError(path, "no JSON Schema with properties stands in this page")
    check_schema(path, schema, Lines())
    return Source(path, schema=schema, example=example, price=price, first_line=first_line)


def check_schema(path: Path, schema: Any, lines: Lines) -> None:
    """Raise ContractError for what is no JSON Schema of its dialect, or of 2020-12."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as problem:
        where = tuple(problem.absolute_path)
        pointer = "".join(f"/{step}" for step in where)
        reason = f"is no JSON Schema: {problem.message[:300]}"
        raise ContractError(path, reason, line=lines.of(where), pointer=pointer) from None


def _plain(text: str) -> str:
    """A page's text: of HTML the tags are taken out, line by line."""
    if not re.search(r"(?i)<(html|body|pre|code)\b", text):
        return text
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?is)<(script|style)\b.*?</\1>", "", text)))


def _objects(text: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Every outermost JSON object in a text, with where it begins."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield value, at
        at = text.find("{", end)


def _looks_like_schema(value: dict[str, Any]) -> bool:
    known = {"properties", "$schema", "allOf", "anyOf", "oneOf", "$ref", "items", "enum"}
    return bool(value.keys() & known) or isinstance(value.get("type"), str)


def _lines(path: Path) -> Lines:
    try:
        return read_yaml(path)[1]
    except ContractError:  # JSON that YAML cannot read has no lines to point at
        return Lines()


def _step(text: str) -> str | int:
    name = text.replace("~1", "/").replace("~0", "~")
    return int(name) if name.isdecimal() else name
