"""Whether an answer is one that the document promises.

What the vendor documents of it is judged by `documented`, so what is found here goes against a
choice of the mock: a warning under that choice's own row, and never under a documented fact.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema.exceptions import ValidationError

from mock_mindvideo.catalog.validation import is_plain_schema
from mock_mindvideo.contract.deviation import Deviation
from mock_mindvideo.contract.documented import documented_deviations
from mock_mindvideo.contract.exchange import HttpResponse
from mock_mindvideo.contract.openapi.document import FIDELITY, OpenApi, Operation
from mock_mindvideo.contract.schema_errors import SchemaErrors
from mock_mindvideo.contract.sse import EVENT_STREAM, Frame, frames
from mock_mindvideo.domain.pointer import pointer

#: What the mock chose, where the document does not say it: by operation for what goes well, and
#: for every refusal.
_CHOICES = {"createTask": ("X01",), "getTask": ("X50",), "getTaskEvents": ("X21", "X22")}
_REFUSALS = ("X02",)


class Conformance:
    """Judges answers by one document."""

    def __init__(self, api: OpenApi) -> None:
        self._api = api
        self._components = api.document.get("components", {})
        self._plain = is_plain_schema(self._components)
        self._compiled = cache(self._compile)

    def deviations(self, operation: Operation, response: HttpResponse) -> tuple[Deviation, ...]:
        """Everything in which `response` goes against what is documented, and the document."""
        documented = tuple(documented_deviations(operation.id, response))
        told = {(each.check, each.pointer) for each in documented}
        chosen = self._chosen(operation, response)
        return (*documented, *(each for each in chosen if (each.check, each.pointer) not in told))

    def _chosen(self, operation: Operation, response: HttpResponse) -> tuple[Deviation, ...]:
        listed = self._api.responses(operation)
        status = str(response.status)
        node = listed.get(status) or listed.get(f"{status[0]}XX") or listed.get("default")
        if node is None:
            words = f"the status {response.status} is not one of {', '.join(listed)}"
            return (Deviation("status", "", words, _choice(operation, response)),)
        facts = _invented(node.get(FIDELITY, ())) if response.status < 400 else ()
        facts = facts or _choice(operation, response)
        return (*self._headers(node, response), *self._body(node, response, facts))

    def _headers(self, node: Mapping[str, Any], response: HttpResponse) -> Iterator[Deviation]:
        for name, reference in node.get("headers", {}).items():
            header = self._api.resolve(reference)
            facts = _invented(header.get(FIDELITY, ()))
            value = response.headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    yield Deviation("header", "", f"the header {name} is missing", facts)
                continue
            schema = header.get("schema", {})
            for problem in self._errors(schema, _typed(schema, value)):
                words = f"the header {name}: {_words(problem)}"
                yield Deviation("header", "", words, facts)

    def _body(
        self, node: Mapping[str, Any], response: HttpResponse, facts: tuple[str, ...]
    ) -> Iterator[Deviation]:
        promised = node.get("content", {})
        if not promised:
            if response.body:
                yield Deviation("media-type", "", "there is a body where none is promised", facts)
            return
        media = promised.get(response.media_type)
        if media is None:
            words = f"the media type {response.media_type!r} is not one of {', '.join(promised)}"
            yield Deviation("media-type", "", words, facts)
            return
        schema = media.get("schema", {})
        if response.media_type == EVENT_STREAM:
            yield from self._stream(schema, response, facts)
            return
        named = self._facts(schema) or facts
        for problem in self._errors(schema, response.value):
            yield Deviation("schema", pointer(problem.absolute_path), _words(problem), named)

    def _stream(
        self, schema: Mapping[str, Any], response: HttpResponse, facts: tuple[str, ...]
    ) -> Iterator[Deviation]:
        """Each event's data, by the schema of its content."""
        data = self._api.resolve(schema).get("properties", {}).get("data", {})
        content = data.get("contentSchema", {})
        named = self._facts(content) or facts
        for number, frame in enumerate(frames(response.text), 1):
            yield from self._frame(content, frame, f"event {number}", named)

    def _frame(
        self, schema: Mapping[str, Any], frame: Frame, name: str, facts: tuple[str, ...]
    ) -> Iterator[Deviation]:
        try:
            value = frame.value
        except ValueError:
            yield Deviation("schema", "", f"{name}: its data is not JSON", facts)
            return
        for problem in self._errors(schema, value):
            yield Deviation(
                "schema", pointer(problem.absolute_path), f"{name}: {_words(problem)}", facts
            )

    def _facts(self, schema: Mapping[str, Any]) -> tuple[str, ...]:
        return _invented(self._api.resolve(schema).get(FIDELITY, ()))

    def _errors(self, schema: Mapping[str, Any], value: Any) -> list[ValidationError]:
        errors = self._compiled(_Schema(schema)).of(value)
        return sorted(errors, key=lambda each: each.json_path)

    def _compile(self, schema: "_Schema") -> SchemaErrors:
        plain = self._plain and is_plain_schema(schema.node)
        return SchemaErrors({**schema.node, "components": self._components}, plain=plain)


def _choice(operation: Operation, response: HttpResponse) -> tuple[str, ...]:
    return _CHOICES.get(operation.id, ()) if response.status < 400 else _REFUSALS


def _invented(facts: Iterable[str]) -> tuple[str, ...]:
    """Of the facts that a part rests on, those that the mock chose."""
    return tuple(fact for fact in facts if not fact.startswith("D"))


class _Schema:
    """A schema as a key: the very same node is the same schema."""

    def __init__(self, node: Mapping[str, Any]) -> None:
        self.node = node

    def __hash__(self) -> int:
        return id(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Schema) and other.node is self.node


def _typed(schema: Mapping[str, Any], value: str) -> Any:
    is_whole = schema.get("type") == "integer" and re.fullmatch("[0-9]+", value)
    return int(value) if is_whole else value


def _words(problem: ValidationError) -> str:
    return problem.message if len(problem.message) <= 300 else problem.message[:299] + "…"
