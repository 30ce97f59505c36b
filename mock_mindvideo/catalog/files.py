"""Reading the schema files: a bad one is told by file, pointer and reason."""

import re
import stat
from codecs import BOM_UTF8
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from mock_mindvideo.domain.errors import InvalidJson
from mock_mindvideo.domain.payload import read_json
from mock_mindvideo.system.files import read_file

#: Bytes of the largest schema file; a model's have some ten thousand.
MOST_BYTES = 16 * 1024 * 1024


class CatalogError(Exception):
    """A schema file that cannot be used: which file, where in it, and why."""

    def __init__(self, file: Path, pointer: str, reason: str) -> None:
        super().__init__(f"{file}#{pointer}: {reason}")
        self.file = file
        self.pointer = pointer
        self.reason = reason


def state_of(file: Path) -> str:
    """Why a file is not whole yet, in a few words, or nothing; raises CatalogError."""
    if not file.is_file():
        return ""
    raw = _bytes(file)
    if not raw.strip(_BLANK):
        return "is empty"
    return "ends too early" if _is_cut(raw) else ""


#: What a file without content may still hold: white space, a byte order mark, and the zeros that
#: a crash leaves.
_BLANK = b" \t\r\n\0" + BOM_UTF8

#: Strings, whole or cut, and the brackets beside them.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def _is_cut(raw: bytes) -> bool:
    """Whether an object is begun and not closed."""
    with suppress(orjson.JSONDecodeError):
        orjson.loads(raw)
        return False
    depth = 0
    for each in _TOKENS.finditer(raw):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(each[0], 0)
    return depth > 0 and raw.lstrip(_BLANK).startswith(b"{")


def _bytes(file: Path) -> bytes:
    """The bytes in a file, without a byte order mark; raises CatalogError."""
    try:
        return read_file(file, MOST_BYTES).removeprefix(BOM_UTF8)
    except OSError as error:
        raise CatalogError(file, "", f"cannot be read: {error.strerror}") from None


def read_object(file: Path) -> dict[str, Any]:
    """The JSON object in `file`; raises CatalogError for anything else."""
    if _is_endless(file):
        raise CatalogError(file, "", "is no file, and might never end")
    raw = _bytes(file)
    try:
        orjson.loads(raw)
        value = read_json(raw, most=len(raw))
    except orjson.JSONDecodeError as error:
        raise CatalogError(file, "", f"is not JSON: {error}") from None
    except InvalidJson as error:
        raise CatalogError(file, "", str(error).replace("the body", "the file")) from None
    if not isinstance(value, dict):
        raise CatalogError(file, "", "must be a JSON object")
    return value


def _is_endless(file: Path) -> bool:
    """Whether it is a pipe, a socket or a device; what is not there is none."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)


def platform_file(folders: Sequence[Path], name: str) -> Path:
    """The last of the folders' `platform/name` that exists."""
    found = [folder / "platform" / name for folder in folders]
    return next((file for file in reversed(found) if file.is_file()), found[0])
