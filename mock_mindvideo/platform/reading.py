"""From `http.json` to the value; what its texts may be is checked with the other schema files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_origin, get_type_hints

from mock_mindvideo.platform.value import Platform

Part = TypeVar("Part")


class PlatformError(Exception):
    """A file that describes no platform: which, where in it, and what was expected."""


def read_platform(file: Path) -> Platform:
    """The platform in `file`; raises PlatformError."""
    try:
        raw = json.loads(file.read_bytes())
    except OSError as problem:
        raise PlatformError(f"{file}#: cannot be read: {problem.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise PlatformError(f"{file}#: is not JSON: {problem}") from None
    return _part(Platform, raw, f"{file}#")


def _part(kind: type[Part], raw: Any, at: str) -> Part:
    if not isinstance(raw, Mapping):
        raise PlatformError(f"{at}: must be an object")
    hints = get_type_hints(kind)
    names = list(hints)
    for name in raw:
        if name not in names:
            raise PlatformError(f"{at}/{name}: is not known; there are {', '.join(names)}")
    for name in names:
        if name not in raw:
            raise PlatformError(f"{at}/{name}: is missing")
    return kind(**{name: _value(hints[name], raw[name], f"{at}/{name}") for name in names})


def _value(kind: Any, raw: Any, at: str) -> Any:
    if get_origin(kind) is Mapping:
        if not isinstance(raw, dict):
            raise PlatformError(f"{at}: must be an object")
        return raw
    if kind is not str:
        return _part(kind, raw, at)
    if not isinstance(raw, str):
        raise PlatformError(f"{at}: must be a string")
    return raw
