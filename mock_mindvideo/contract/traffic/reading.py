"""Reading recordings: HAR 1.2 of browsers and proxies, and saved journals."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.traffic.har import har_entry
from mock_mindvideo.contract.traffic.moments import seconds
from mock_mindvideo.contract.traffic.recorded import Recorded, is_api
from mock_mindvideo.domain.journal import FORMAT, MAX_BODY
from mock_mindvideo.system.files import read_file, read_stdin

#: The name of standard input.
STDIN = Path("-")

_JOURNAL_PLACES = {
    "request": "",
    "url": "/path",
    "body": "/body",
    "headers": "/headers",
    "status": "/status",
    "answer": "/answer",
    "answer headers": "",
}

_Read = Callable[[int, str, Mapping[str, Any]], Recorded | None]


def read_recording(file: Path) -> tuple[Recorded, ...]:
    """The exchanges with the API in `file`, `-` being standard input, in the order of time.

    Raises ContractError.
    """
    try:
        read = read_stdin() if file == STDIN else read_file(file)
    except OSError as error:
        raise ContractError(file, f"cannot be read: {error.strerror}") from None
    if read.startswith(b"PK"):
        raise ContractError(file, "is a zip archive; give the .har file that is in it")
    try:
        value = json.loads(_text(read))
    except (ValueError, RecursionError) as problem:
        raise ContractError(file, f"is not JSON: {problem}") from None
    return in_order(list(_exchanges(file, value)))


def in_order(found: Sequence[Recorded]) -> tuple[Recorded, ...]:
    """By the moment that each began; one without a moment follows the one before it in the file."""
    placed: list[Recorded] = []
    last = 0.0
    for each in found:
        known = replace(each, at=last, until=last) if isnan(each.at) else each
        last = known.at
        placed.append(known)
    return tuple(sorted(placed, key=lambda each: each.at))


def journal_exchanges(requests: Iterable[Mapping[str, Any]]) -> tuple[Recorded, ...]:
    """The exchanges with the API in a journal's entries, as `GET /_mock/requests` shows them."""
    entries = enumerate(requests)
    found = (_journal_entry(number, f"/requests/{number}", entry) for number, entry in entries)
    return tuple(entry for entry in found if entry is not None)


def _text(read: bytes) -> str:
    """As UTF-8 or UTF-16, with or without a byte order mark."""
    return read.decode(json.detect_encoding(read)).removeprefix("\ufeff")


def _exchanges(file: Path, value: Any) -> Iterator[Recorded]:
    read: _Read
    if isinstance(value, dict) and value.get("format") == FORMAT:
        entries, pointer, read = value.get("requests"), "/requests", _journal_entry
    elif isinstance(value, dict) and isinstance(value.get("log"), dict):
        entries, pointer, read = value["log"].get("entries"), "/log/entries", har_entry
    else:
        raise ContractError(file, f"is neither a HAR file nor a journal of format {FORMAT}")
    if not isinstance(entries, list):
        raise ContractError(file, "must be a list", pointer=pointer)
    for number, entry in enumerate(entries):
        at = f"{pointer}/{number}"
        try:
            found = read(number, at, entry)
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            lacks = f"{problem} is missing" if isinstance(problem, KeyError) else problem
            words = f"cannot be read as an exchange: {lacks}"
            raise ContractError(file, words, pointer=at) from None
        if found is not None:
            yield found


def _journal_entry(number: int, pointer: str, entry: Mapping[str, Any]) -> Recorded | None:
    method, path = str(entry["method"]), str(entry["path"])
    if not is_api(method, path):
        return None
    body, answer = str(entry["body"]), str(entry["answer"])
    at = seconds(entry["at"])
    return Recorded(
        number=number,
        pointer=pointer,
        method=method,
        url=path,
        headers={str(name).lower(): str(value) for name, value in entry["headers"]},
        body=body if len(body.encode()) < MAX_BODY else None,
        status=int(entry["status"]),
        answer_headers=None,
        answer=answer if 0 < len(answer.encode()) < MAX_BODY else None,
        at=at,
        until=at,
        places=_JOURNAL_PLACES,
        raw=entry,
        disturbed=bool(entry.get("fault")),
    )
