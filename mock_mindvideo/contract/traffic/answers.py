"""The server's side: is each answer one that is documented, and that the document promises?"""

from collections.abc import Iterator, Mapping

from mock_mindvideo.contract.exchange import JSON, HttpRequest, HttpResponse, Roundtrip
from mock_mindvideo.contract.history import History
from mock_mindvideo.contract.openapi.conformance import Conformance
from mock_mindvideo.contract.openapi.document import OpenApi
from mock_mindvideo.contract.sse import EVENT_STREAM, looks_like_stream
from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.lifecycle import Lifecycle

#: The part of an entry that each check looks at.
_PARTS: Mapping[str, str] = {"status": "status", "header": "answer headers"}


class AnswerCheck:
    """Checks answers by what is documented, by the document, and by what a task said before."""

    def __init__(self, api: OpenApi, lifecycle: Lifecycle, dialect: Dialect) -> None:
        self._api = api
        self._conformance = Conformance(api)
        self._history = History(lifecycle, dialect)

    def faults(self, entry: Recorded) -> Iterator[TrafficFinding]:
        """What is wrong with one answer; nothing if none came, or it was disturbed on purpose."""
        operation = self._api.find(entry.method, entry.path)
        if operation is None or entry.status == 0 or entry.disturbed:
            return
        answer = response(entry)
        for each in self._conformance.deviations(operation, answer):
            if entry.answer_headers is None and each.check == "header":
                continue
            if entry.answer is None and each.check in ("schema", "media-type"):
                continue
            words = f"{each.pointer or '/'}: {each.message}"
            in_body = each.check == "schema"
            pointer = entry.pointer + entry.places[_PARTS.get(each.check, "answer")]
            words = words if in_body else each.message
            yield TrafficFinding(entry.number, pointer, "answer", words, each.proves)
        if entry.answer is not None:
            yield from self._past(entry, answer)

    def _past(self, entry: Recorded, answer: HttpResponse) -> Iterator[TrafficFinding]:
        """What does not fit to earlier answers, or among the events of this one."""
        headers = {name: value for name, value in entry.headers.items() if name != "x-mock-script"}
        asked = HttpRequest(entry.method, entry.url, headers)
        for each in self._history.deviations(Roundtrip(asked, answer), entry.at, entry.until):
            pointer = entry.pointer + entry.places["answer"]
            yield TrafficFinding(entry.number, pointer, "history", each.message, each.proves)


def response(entry: Recorded) -> HttpResponse:
    """The answer; a journal does not have its media type, which its text shows."""
    text = entry.answer or ""
    headers = entry.answer_headers
    if headers is None:
        stream = looks_like_stream(text)
        headers = {"content-type": EVENT_STREAM if stream else JSON} if text else {}
    return HttpResponse(entry.status, headers, text.encode("utf-8", "surrogatepass"))
