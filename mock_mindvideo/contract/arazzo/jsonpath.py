"""JSONPath of RFC 9535, strictly: no other dialect, so that every runner sees the same nodes."""

from functools import lru_cache
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

__all__ = ["JSONPath", "JsonPathError", "compile_path", "matches"]

_ENVIRONMENT = JSONPathEnvironment(strict=True)


class JsonPathError(ValueError):
    """No JSONPath of RFC 9535."""


@lru_cache(maxsize=1024)
def compile_path(text: str) -> Any:
    """The query in `text`; raises JsonPathError."""
    try:
        return _ENVIRONMENT.compile(text)
    except JSONPathError as problem:
        reason = str(problem).partition("\n")[0]
        raise JsonPathError(f"'{text}' is no JSONPath of RFC 9535: {reason}") from None


def matches(text: str, value: Any) -> list[Any]:
    """The values that the query finds in `value`; none in a text, which the library would parse."""
    if isinstance(value, str):
        return []
    return list(compile_path(text).findall(value))
