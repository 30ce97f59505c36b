"""Bytes as text: whatever way the file was saved, or a reason why it cannot be read."""

import codecs
import re
from pathlib import Path

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.system.files import beginning, read_stdin

#: The largest file that is read; a saved page has some hundred kilobytes.
MOST_BYTES = 8 * 1024 * 1024

#: What a file may begin with, the longer marks first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_bytes(path: Path) -> bytes:
    """The file, or standard input for `-`; raises ContractError."""
    try:
        found = read_stdin() if str(path) == "-" else beginning(path, MOST_BYTES + 1)
    except OSError as error:
        raise ContractError(path, f"cannot be read: {error.strerror}") from None
    if len(found) > MOST_BYTES:
        raise ContractError(path, f"has over {MOST_BYTES} bytes, which no page or schema has")
    return found


def decoded(path: Path, given: bytes) -> str:
    """The text of a file, with single line ends; raises ContractError for what is no text."""
    encoding = _encoding(given)
    try:
        text = given.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        if encoding != "utf-8":
            raise ContractError(path, f"says that it is {encoding}, and is not") from None
        text = given.decode("cp1252", "replace")  # what browsers take text of no encoding for
    if _CONTROLS.search(text):
        raise ContractError(path, "is binary, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(given: bytes) -> str:
    for mark, name in _MARKS:
        if given.startswith(mark):
            return name
    start = given[:200]
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) >= 4 and not any(start[at::2][:20]) and all(start[1 - at :: 2][:20]):
            return name
    declared = _CHARSET.search(given[:4096])
    return declared[1].decode() if declared else "utf-8"
