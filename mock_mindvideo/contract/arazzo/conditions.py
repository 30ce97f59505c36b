"""Simple conditions, `$statusCode >= 200 && $statusCode < 300`, as Arazzo 1.0.1 has them.

Texts are compared without regard to case, as the specification asks; values of different kinds
are never equal; a comparison with what has no value is false, `!=` too, so that no criterion
holds because something is missing.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from mock_mindvideo.contract.arazzo.expressions import (
    Context,
    Expression,
    ExpressionError,
    NoValueError,
    parse_expression,
)
from mock_mindvideo.domain.equality import same

_TOKEN = re.compile(
    r"\s*(?:(?P<operator>\|\||&&|==|!=|<=|>=|<|>|!|\(|\))"
    r"|(?P<expression>\$[^\s()!=<>&|]+)"
    r"|'(?P<single>(?:[^']|'')*)'|\"(?P<double>[^\"]*)\""
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.])"
    r"|(?P<word>true|false|null)\b)"
)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}

#: What an expression without a value evaluates to.
NOTHING = object()

Evaluate = Callable[[Context], Any]


class ConditionError(ValueError):
    """A condition that cannot be read; the message says where."""


class Condition:
    """A condition that has been read; see `parse_condition`. Raises ConditionError."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.expressions: list[Expression] = []
        self._tokens = list(self._read(text))
        self._holds = self._either()
        if self._tokens:
            raise ConditionError(f"'{text}': nothing fits behind '{self._tokens[0][1]}'")

    def holds(self, context: Context) -> bool:
        """Whether the condition is true in a context."""
        return truth(self._holds(context))

    def _read(self, text: str) -> Iterator[tuple[str, str]]:
        rest = text.rstrip()
        at = 0
        while at < len(rest):
            found = _TOKEN.match(rest, at)
            if found is None or found.lastgroup is None:
                raise ConditionError(f"'{text}': cannot be read from '{rest[at:].strip()[:30]}' on")
            at = found.end()
            yield found.lastgroup, found[found.lastgroup]

    def _take(self, *operators: str) -> str | None:
        if self._tokens and self._tokens[0][0] == "operator" and self._tokens[0][1] in operators:
            return self._tokens.pop(0)[1]
        return None

    def _either(self) -> Evaluate:
        left = self._both()
        while self._take("||"):
            left = _either(left, self._both())
        return left

    def _both(self) -> Evaluate:
        left = self._negation()
        while self._take("&&"):
            left = _both(left, self._negation())
        return left

    def _negation(self) -> Evaluate:
        if self._take("!"):
            inner = self._negation()
            return lambda context: not truth(inner(context))
        return self._comparison()

    def _comparison(self) -> Evaluate:
        left = self._operand()
        sign = self._take("==", "!=", *_ORDERS)
        return _compared(left, sign, self._operand()) if sign else left

    def _operand(self) -> Evaluate:
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise ConditionError(f"'{self.text}': a parenthesis is not closed")
            return inner
        if not self._tokens or self._tokens[0][0] == "operator":
            raise ConditionError(f"'{self.text}': a value is missing")
        kind, text = self._tokens.pop(0)
        if kind == "expression":
            return self._expression(text)
        value = _literal(kind, text)
        return lambda _: value

    def _expression(self, text: str) -> Evaluate:
        try:
            expression = parse_expression(text)
        except ExpressionError as problem:
            raise ConditionError(str(problem)) from None
        self.expressions.append(expression)

        def value(context: Context) -> Any:
            try:
                return expression.value(context)
            except NoValueError:
                return NOTHING

        return value


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """The condition in `text`; raises ConditionError."""
    return Condition(text)


def truth(value: Any) -> bool:
    """Whether a value alone makes a condition true."""
    return value is not NOTHING and bool(value)


def equal(left: Any, right: Any) -> bool:
    """Equality of JSON values, but texts without case, as Arazzo has it."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return same(left, right)


def _either(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda context: truth(left(context)) or truth(right(context))


def _both(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda context: truth(left(context)) and truth(right(context))


def _compared(left: Evaluate, sign: str, right: Evaluate) -> Evaluate:
    return lambda context: _compare(left(context), sign, right(context))


def _compare(left: Any, sign: str, right: Any) -> bool:
    if left is NOTHING or right is NOTHING:
        return False
    if sign in ("==", "!="):
        return equal(left, right) is (sign == "==")
    numbers = all(isinstance(each, int | float) for each in (left, right))
    texts = all(isinstance(each, str) for each in (left, right))
    return (numbers or texts) and _ORDERS[sign](left, right)


def _literal(kind: str, text: str) -> Any:
    if kind == "word":
        return _WORDS[text]
    if kind == "number":
        return float(text) if re.search(r"[.eE]", text) else int(text)
    return text.replace("''", "'") if kind == "single" else text
