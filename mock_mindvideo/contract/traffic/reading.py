"""Reading recordings: HAR 1.2 of browsers and proxies, and saved journals."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.traffic.recorded import Recorded, is_api
from mock_mindvideo.domain.journal import MAX_BODY

JOURNAL = "mock-mindvideo-journal/1"

_HAR_PLACES = {
    "request": "/request",
    "url": "/request/url",
    "body": "/request/postData/text",
    "headers": "/request/headers",
    "status": "/response/status",
    "answer": "/response/content/text",
    "answer headers": "/response/headers",
}
_JOURNAL_PLACES = {
    "request": "",
    "url": "/path",
    "body": "/body",
    "headers": "/headers",
    "status": "/status",
    "answer": "/answer",
    "answer headers": "",
}


def read_recording(file: Path) -> tuple[Recorded, ...]:
    """The exchanges with the API in `file`, in the order of time; raises ContractError."""
    try:
        value = json.loads(file.read_bytes())
    except OSError as error:
        raise ContractError(file, f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise ContractError(file, f"is not JSON: {problem}") from None
    found = list(_exchanges(file, value))
    return tuple(sorted(found, key=lambda each: each.at))


def journal_exchanges(requests: Iterable[Mapping[str, Any]]) -> tuple[Recorded, ...]:
    """The exchanges with the API in a journal's entries, as `GET /_mock/requests` shows them."""
    entries = enumerate(requests)
    found = (_journal_entry(number, f"/requests/{number}", entry) for number, entry in entries)
    return tuple(entry for entry in found if entry is not None)


def _exchanges(file: Path, value: Any) -> Iterator[Recorded]:
    if isinstance(value, dict) and value.get("format") == JOURNAL:
        entries, pointer, read = value.get("requests"), "/requests", _journal_entry
    elif isinstance(value, dict) and isinstance(value.get("log"), dict):
        entries, pointer, read = value["log"].get("entries"), "/log/entries", _har_entry
    else:
        raise ContractError(file, f"is neither a HAR file nor a journal of format {JOURNAL}")
    if not isinstance(entries, list):
        raise ContractError(file, "must be a list", pointer=pointer)
    for number, entry in enumerate(entries):
        at = f"{pointer}/{number}"
        try:
            found = read(number, at, entry)
        except (AttributeError, KeyError, TypeError, ValueError, binascii.Error) as problem:
            words = f"cannot be read as an exchange: {type(problem).__name__} {problem}"
            raise ContractError(file, words, pointer=at) from None
        if found is not None:
            yield found


def _har_entry(number: int, pointer: str, entry: Mapping[str, Any]) -> Recorded | None:
    request, response = entry["request"], entry["response"]
    method, url = str(request["method"]).upper(), str(request["url"])
    if not is_api(method, url):
        return None
    headers, sent = _headers(request["headers"]), request.get("postData") or {}
    back = _headers(response["headers"])
    return Recorded(
        number=number,
        pointer=pointer,
        method=method,
        url=url,
        headers=headers,
        body=sent.get("text"),
        status=max(int(response["status"]), 0),
        answer_headers=back,
        answer=_content(response.get("content") or {}),
        at=str(entry.get("startedDateTime", "")),
        places=_HAR_PLACES,
        raw=entry,
        disturbed="x-mock-script" in back and method != "POST",
    )


def _headers(listed: Any) -> dict[str, str]:
    return {str(each["name"]).lower(): str(each["value"]) for each in listed}


def _content(content: Mapping[str, Any]) -> str | None:
    """The body, if the recorder kept it: browsers drop those of streams."""
    text = content.get("text")
    if text is None or (not text and content.get("size", 0) > 0):
        return None
    if content.get("encoding") == "base64":
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    return str(text)


def _journal_entry(number: int, pointer: str, entry: Mapping[str, Any]) -> Recorded | None:
    method, path = str(entry["method"]), str(entry["path"])
    if not is_api(method, path):
        return None
    body, answer = str(entry["body"]), str(entry["answer"])
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
        at=str(entry["at"]),
        places=_JOURNAL_PLACES,
        raw=entry,
        disturbed=bool(entry.get("script")) and method != "POST",
    )
