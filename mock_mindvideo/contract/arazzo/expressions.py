"""Runtime expressions, `$response.body#/status`: read once, evaluated against what has happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from mock_mindvideo.contract.exchange import Roundtrip
from mock_mindvideo.domain.pointer import followed

_FORM = re.compile(
    r"\$(?:(?P<bare>url|method|statusCode)"
    r"|(?P<message>request|response)\."
    r"(?:(?P<body>body)|(?P<place>header|query|path)\.(?P<name>[A-Za-z0-9_.-]+))"
    r"|inputs\.(?P<input>[A-Za-z0-9_-]+)"
    r"|steps\.(?P<step>[A-Za-z0-9_-]+)\.outputs\.(?P<output>[A-Za-z0-9_-]+)"
    r"|workflows\.(?P<workflow>[A-Za-z0-9_-]+)\.(?P<kind>inputs|outputs)\.(?P<member>[A-Za-z0-9_-]+)"
    r")(?:#(?P<pointer>(?:/[^\s()!=<>&|{}]*)*))?"
)
_EMBEDDED = re.compile(r"\{(\$[^{}]+)\}")


class ExpressionError(ValueError):
    """No runtime expression, or none that this runner supports."""


class NoValueError(LookupError):
    """The expression is sound, but there is nothing where it leads."""


@dataclass(slots=True)
class Context:
    """What expressions can speak of. `steps` and `workflows` map ids to outputs and inputs."""

    inputs: Mapping[str, Any]
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    workflows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    exchange: Roundtrip | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression; `value` raises NoValueError."""

    text: str
    parts: Mapping[str, str | None]

    def value(self, context: Context) -> Any:
        found = self._root(context)
        pointer = self.parts["pointer"]
        return found if pointer is None else follow(found, pointer, self.text)

    def _root(self, context: Context) -> Any:
        parts = self.parts
        try:
            if parts["input"]:
                return context.inputs[parts["input"]]
            if parts["step"] and parts["output"]:
                return context.steps[parts["step"]][parts["output"]]
            if parts["workflow"] and parts["kind"] and parts["member"]:
                return context.workflows[parts["workflow"]][parts["kind"]][parts["member"]]
            if context.exchange is None:
                raise NoValueError(self.text)
            return self._exchanged(context.exchange)
        except KeyError:
            raise NoValueError(self.text) from None

    def _exchanged(self, exchange: Roundtrip) -> Any:
        bare, message = self.parts["bare"], self.parts["message"]
        if bare:
            request = exchange.request
            known = {"url": request.url, "method": request.method}
            return exchange.response.status if bare == "statusCode" else known[bare]
        side = exchange.request if message == "request" else exchange.response
        if self.parts["body"]:
            return side.value
        place, name = self.parts["place"], self.parts["name"] or ""
        if place == "header":
            return side.headers[name.lower()]
        return exchange.request.parameters[f"{place}.{name}"]


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """The expression in `text`; raises ExpressionError."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ExpressionError(f"'{text}' is no runtime expression that this runner supports")
    return Expression(text, found.groupdict())


def resolve(value: Any, context: Context) -> Any:
    """`value` with every expression in it replaced, at any depth.

    A text that is one expression becomes its value, `{$…}` inside a text becomes text.
    Raises NoValueError and ExpressionError.
    """
    if isinstance(value, dict):
        return {name: resolve(child, context) for name, child in value.items()}
    if isinstance(value, list):
        return [resolve(child, context) for child in value]
    if not isinstance(value, str):
        return value
    if value.startswith("$"):
        return parse_expression(value).value(context)
    return _EMBEDDED.sub(lambda found: str(parse_expression(found[1]).value(context)), value)


def follow(value: Any, pointer: str, text: str = "") -> Any:
    """What the JSON Pointer leads to (RFC 6901); raises NoValueError."""
    try:
        return followed(value, pointer)
    except LookupError:
        raise NoValueError(text or pointer) from None
