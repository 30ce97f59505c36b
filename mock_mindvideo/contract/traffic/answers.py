"""The server's side: is each answer one that the document promises?"""

import json
from collections.abc import Iterator
from typing import Any

from mock_mindvideo.contract.exchange import JSON, Response
from mock_mindvideo.contract.openapi.conformance import Conformance
from mock_mindvideo.contract.openapi.document import OpenApi
from mock_mindvideo.contract.sse import frames
from mock_mindvideo.contract.traffic.recorded import Fault, Recorded

_EVENT_STREAM = "text/event-stream"


class AnswerCheck:
    """Checks answers by the document. Headers and status codes are warnings: they are invented."""

    def __init__(self, api: OpenApi) -> None:
        self._api = api
        self._conformance = Conformance(api)

    def faults(self, entry: Recorded) -> Iterator[Fault]:
        """What is wrong with one answer; nothing if none came, or it was disturbed on purpose."""
        operation = self._api.find(entry.method, entry.path)
        if operation is None or entry.status == 0 or entry.disturbed:
            return
        for each in self._conformance.deviations(operation, response(entry)):
            if entry.answer_headers is None and each.check == "header":
                continue
            if entry.answer is None and each.check in ("schema", "media-type"):
                continue
            in_body = each.check == "schema"
            part = {"status": "status", "header": "answer headers"}.get(each.check, "answer")
            documented = any(fact.startswith("D") for fact in each.proves)
            yield Fault(
                entry.number,
                entry.pointer + entry.places[part],
                "answer",
                "error" if documented or in_body else "warning",
                f"{each.pointer or '/'}: {each.message}" if in_body else each.message,
                each.proves,
            )
        yield from _sequence(entry)


def response(entry: Recorded) -> Response:
    """The answer; a journal does not have its media type, which its text shows."""
    text = entry.answer or ""
    headers = entry.answer_headers
    if headers is None:
        stream = text.startswith(("retry:", "id:", ":", "event:", "data:"))
        headers = {"content-type": _EVENT_STREAM if stream else JSON} if text else {}
    return Response(entry.status, headers, text.encode("utf-8", "surrogatepass"))


def events(entry: Recorded) -> list[Any]:
    """The events in an answer, of a stream or a list; those that cannot be read are left out."""
    answer = response(entry)
    if answer.media_type == _EVENT_STREAM:
        return [value for each in frames(answer.text) if (value := _read(each.data)) is not None]
    value = answer.value
    listed = value.get("events") if isinstance(value, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _sequence(entry: Recorded) -> Iterator[Fault]:
    """Events are numbered without gaps."""
    numbers = [each.get("sequence") for each in events(entry)]
    first = numbers[0] if numbers and isinstance(numbers[0], int) else 1
    if numbers != list(range(first, first + len(numbers))):
        words = f"the events' sequence is {', '.join(map(str, numbers))}, with a gap or twice"
        yield Fault(
            entry.number, entry.pointer + entry.places["answer"], "answer", "error", words, ("X21",)
        )


def _read(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
