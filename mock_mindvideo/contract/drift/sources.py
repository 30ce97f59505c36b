"""What can be compared: a schema file, a model folder, an OpenAPI document, a saved page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

from mock_mindvideo.catalog import CatalogError
from mock_mindvideo.catalog.model import Model, load_model
from mock_mindvideo.catalog.patterns import BadPattern, compiled
from mock_mindvideo.catalog.quick import is_schema
from mock_mindvideo.contract.drift.decoding import decoded, read_bytes
from mock_mindvideo.contract.drift.json_text import JsonText, NotJson, TooDeep
from mock_mindvideo.contract.drift.meaning.reading import KNOWN
from mock_mindvideo.contract.drift.meaning.references import SchemaDocument
from mock_mindvideo.contract.drift.page.facts import Said, said_by, said_of
from mock_mindvideo.contract.drift.page.reading import (
    Hostile,
    Page,
    read_page,
)
from mock_mindvideo.contract.drift.words import ANNOTATIONS
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.yaml_lines import YamlLines, read_yaml
from mock_mindvideo.domain.pointer import pointer, steps
from mock_mindvideo.platform import PLATFORM

#: Names of schema files whose values are received, not sent.
_ANSWERS = ("task.schema.json", "event.schema.json", "error.schema.json", "output.schema.json")
#: One of these is in every schema.
_KEYWORDS = KNOWN - ANNOTATIONS | {"$schema", "$id", "$defs", "definitions"}
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Source:
    """One version. Parts that it does not have are None.

    `example` is an input, `price` what it costs in US dollars, `concerns` whom `schema` is for,
    `said` what the vendor's page says, `page` that page itself.
    """

    file: Path
    schema: Any = None
    rules: Any = None
    document: Any = None
    example: Any = None
    price: Decimal | None = None
    concerns: str = "requests"
    lines: YamlLines = field(default_factory=YamlLines)
    model: Model | None = None
    said: Said | None = None
    page: Page | None = None

    def line(self, pointer: str) -> int:
        """The line in `file` that a pointer into the schema or document leads to."""
        return self.lines.of(tuple(map(_step, steps(pointer))))

    def estimate(self, given: Any) -> Decimal | None:
        """What another input costs, where that is known."""
        if self.model is None or self.model.violations(given):
            return None
        return self.model.estimate(given)

    def whole(self, root: Any) -> SchemaDocument:
        """The schema or document with what its references to files beside it lead to."""
        if str(self.file) == "-":
            return SchemaDocument(root)
        return SchemaDocument(root, self.file.resolve().as_uri(), _beside(self.file.resolve()))


def read_source(path: Path) -> Source:
    """The version at `path`, or on standard input for `-`; raises ContractError."""
    if path.is_dir():
        return _folder(path)
    text = decoded(path, read_bytes(path))
    if path.suffix in _YAML:
        return _document(path, *_yaml(path))
    reader = JsonText(text)
    try:
        value = reader.whole()
    except TooDeep as problem:
        raise ContractError(path, f"is {problem}") from None
    except NotJson as problem:
        if path.suffix == ".json":
            line = text.count("\n", 0, problem.at) + 1
            reason = f"is not JSON: {problem.expected} was expected"
            raise ContractError(path, reason, line=line) from None
        return _page(path, text)
    if reader.twice:
        name, at = reader.twice
        reason = f"the name '{name[:60]}' stands twice"
        raise ContractError(path, reason, line=text.count("\n", 0, at) + 1)
    return _document(path, value, reader.lines(_counter(text)))


def _yaml(path: Path) -> tuple[Any, YamlLines]:
    decoded(path, read_bytes(path))  # which says what is wrong with the bytes
    return read_yaml(path)


def _counter(text: str) -> Callable[[int], int]:
    """The line of a place, for places that come in order."""
    at, line = 0, 1

    def line_of(place: int) -> int:
        nonlocal at, line
        if place < at:
            at, line = 0, 1
        line += text.count("\n", at, place)
        at = place
        return line

    return line_of


def _document(path: Path, value: Any, lines: YamlLines) -> Source:
    if isinstance(value, dict) and "openapi" in value:
        return Source(path, document=value, lines=lines)
    keywords = isinstance(value, dict) and (not value or value.keys() & _KEYWORDS)
    if isinstance(value, bool) or keywords:
        check_schema(path, value, lines)
        concerns = "readers" if path.name in _ANSWERS else "requests"
        return Source(path, schema=value, concerns=concerns, lines=lines)
    raise ContractError(path, "is neither a JSON Schema nor an OpenAPI document")


def _folder(path: Path) -> Source:
    try:
        model = load_model(path)
        said = said_of(path, model.slug)
    except CatalogError as problem:
        raise ContractError(problem.file, problem.reason, pointer=problem.pointer) from None
    file = path / "input.schema.json"
    text = decoded(file, read_bytes(file))
    reader = JsonText(text)
    reader.whole()
    return Source(
        file,
        schema=model.input_schema,
        rules=model.rules_schema,
        example=model.example,
        price=model.estimate(model.example),
        lines=reader.lines(_counter(text)),
        model=model,
        said=said,
    )


def _page(path: Path, text: str) -> Source:
    """The schema, the example and its price, and all else that a saved page says."""
    try:
        page = read_page(text)
    except (Hostile, TooDeep) as problem:
        raise ContractError(path, f"cannot be read as a page: {problem}") from None
    if page.schema is None:
        raise ContractError(path, "the page has no JSON Schema with properties")
    check_schema(path, page.schema.value, page.schema.lines)
    return Source(
        path,
        schema=page.schema.value,
        example=page.request.value["input"] if page.request else None,
        price=_price(page),
        lines=page.schema.lines,
        said=said_by(page),
        page=page,
    )


def _price(page: Page) -> Decimal | None:
    names = PLATFORM.members
    for answer in page.answers:
        for cost in (answer.value.get(names.cost), answer.value.get(names.estimate)):
            if isinstance(cost, int | float) and not isinstance(cost, bool):
                return Decimal(str(cost))
    return None


def _is_pattern(text: Any) -> bool:
    """Whether any engine reads it: an own dialect is compared as a text, and not refused."""
    if isinstance(text, str):
        try:
            compiled(text)
        except BadPattern:
            re.compile(text)
    return True


_FORMATS = FormatChecker(())
_FORMATS.checks("regex", raises=re.error)(_is_pattern)


def _patterns(value: Any) -> Iterator[Any]:
    """What may be a pattern, wherever it stands in a schema, in data too."""
    left = [value]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node.get("pattern")
            named = node.get("patternProperties")
            yield from named if isinstance(named, dict) else ()
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)


def _is_plainly_schema(value: Any) -> bool:
    """Whether the quick validator takes it for a schema, and every pattern is one."""
    try:
        return is_schema(value) and all(map(_is_pattern, _patterns(value)))
    except re.error:
        return False


def check_schema(path: Path, schema: Any, lines: YamlLines) -> None:
    """Raise ContractError for what is no JSON Schema of its dialect, or of 2020-12."""
    if _is_plainly_schema(schema):
        return
    kind: Any = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema, format_checker=_FORMATS)
    except SchemaError as problem:
        where = tuple(problem.absolute_path)
        reason = f"is no JSON Schema: {problem.message[:300]}"
        raise ContractError(path, reason, line=lines.of(where), pointer=pointer(where)) from None
    except RecursionError:
        raise ContractError(path, "is nested too deeply") from None


def _beside(file: Path) -> Callable[[str], Any]:
    """Reads the files that references lead to, in the folder of `file` and below; no others."""
    folder = file.parent

    def retrieve(uri: str) -> Any:
        parts = urlsplit(uri)
        other = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not other.is_relative_to(folder) or not other.is_file():
            raise LookupError(uri)
        if other.suffix in _YAML:
            return _yaml(other)[0]
        try:
            return JsonText(decoded(other, read_bytes(other))).whole()
        except ValueError as problem:
            raise ContractError(other, f"is not JSON: {problem}") from None

    return retrieve


def _step(name: str) -> str | int:
    return int(name) if name.isdecimal() else name
