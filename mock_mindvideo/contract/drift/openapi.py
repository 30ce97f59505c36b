"""Comparing two OpenAPI documents: what is sent concerns requests, what comes back readers."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.contract.drift.change import Change
from mock_mindvideo.contract.drift.schemas import Difference, Side, differences
from mock_mindvideo.contract.openapi.document import OpenApi, Operation


def document_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Every change that a client of the API can notice."""
    before, after = OpenApi(old), OpenApi(new)
    for operation in before.operations.values():
        other = after.find(operation.method, operation.path)
        name = f"{operation.method} {operation.path}"
        if other is None:
            pointer = _pointer(operation)
            yield Change(name, pointer, "the operation is gone", requests=True, readers=False)
        else:
            yield from _Pair(before, after, operation, other, name).changes()
    for operation in after.operations.values():
        if before.find(operation.method, operation.path) is None:
            name = f"{operation.method} {operation.path}"
            yield Change(name, _pointer(operation), "the operation is new", False, False)


class _Pair:
    """One operation, before and after."""

    def __init__(
        self, old: OpenApi, new: OpenApi, before: Operation, after: Operation, name: str
    ) -> None:
        self._old = old
        self._new = new
        self._before = before
        self._after = after
        self._name = name
        self._at = _pointer(after)

    def changes(self) -> Iterator[Change]:
        yield from self._parameters()
        yield from self._body()
        yield from self._responses()

    def _parameters(self) -> Iterator[Change]:
        before, after = self._listed(self._old, self._before), self._listed(self._new, self._after)
        at = f"{self._at}/parameters"
        for key in dict.fromkeys((*before, *after)):
            words = f"the {key[0]} parameter '{key[1]}'"
            if key not in before:
                required = bool(after[key].get("required"))
                yield self._sent(at, f"{words} is new" + (" and required" * required), required)
            elif key not in after:
                yield self._sent(at, f"{words} is gone", breaks=False)
            else:
                was, now = (bool(each[key].get("required")) for each in (before, after))
                if was != now:
                    yield self._sent(at, f"{words} is {'' if now else 'not '}required", now)
                schemas = before[key].get("schema", {}), after[key].get("schema", {})
                yield from self._compared(*schemas, at, "requests", f"{words}: ")

    def _body(self) -> Iterator[Change]:
        before = self._old.resolve(self._before.node.get("requestBody", {}))
        after = self._new.resolve(self._after.node.get("requestBody", {}))
        at = f"{self._at}/requestBody"
        if not before.get("required") and after.get("required"):
            yield self._sent(at, "a body is required", breaks=True)
        contents = before.get("content", {}), after.get("content", {})
        for media in dict.fromkeys((*contents[0], *contents[1])):
            if media not in contents[1]:
                yield self._sent(at, f"bodies of {media} are not taken any more", breaks=True)
            elif media not in contents[0]:
                yield self._sent(at, f"bodies of {media} are taken now", breaks=False)
            else:
                one, other = (each[media].get("schema", {}) for each in contents)
                inside = f"{at}/content/{_escaped(media)}"
                yield from self._compared(one, other, inside, "requests")

    def _responses(self) -> Iterator[Change]:
        before, after = self._old.responses(self._before), self._new.responses(self._after)
        for status in dict.fromkeys((*before, *after)):
            at = f"{self._at}/responses/{status}"
            if status not in after:
                gone = status.startswith("2")
                yield self._received(at, f"it does not answer {status} any more", gone)
            elif status not in before:
                yield self._received(
                    at, f"it may answer {status} now", breaks=status.startswith("2")
                )
            else:
                yield from self._response(before[status], after[status], at)

    def _response(
        self, before: Mapping[str, Any], after: Mapping[str, Any], at: str
    ) -> Iterator[Change]:
        contents = before.get("content", {}), after.get("content", {})
        for media in dict.fromkeys((*contents[0], *contents[1])):
            if media not in contents[1]:
                yield self._received(at, f"it does not answer {media} any more", breaks=True)
            elif media not in contents[0]:
                yield self._received(at, f"it may answer {media} now", breaks=False)
            else:
                one, other = (each[media].get("schema", {}) for each in contents)
                inside = f"{at}/content/{_escaped(media)}"
                yield from self._compared(one, other, inside, "readers")
        for name in before.get("headers", {}):
            if name not in after.get("headers", {}):
                was = self._old.resolve(before["headers"][name]).get("required", False)
                yield self._received(at, f"the header {name} is gone", breaks=bool(was))

    def _listed(self, api: OpenApi, operation: Operation) -> dict[tuple[str, str], Any]:
        nodes = (api.resolve(each) for each in operation.node.get("parameters", ()))
        return {(node["in"], node["name"]): node for node in nodes}

    def _compared(
        self, old: Any, new: Any, at: str, concerns: str, words: str = ""
    ) -> Iterator[Change]:
        sides = Side(old, self._old.document), Side(new, self._new.document)
        for each in differences(*sides):
            yield self._change(each, f"{at}/schema", concerns, words)

    def _change(self, each: Difference, at: str, concerns: str, words: str) -> Change:
        return Change(
            self._name, at + each.pointer, words + each.message, each.less, each.more, concerns
        )

    def _sent(self, pointer: str, message: str, breaks: bool) -> Change:
        return Change(self._name, pointer, message, breaks, readers=False)

    def _received(self, pointer: str, message: str, breaks: bool) -> Change:
        return Change(self._name, pointer, message, False, breaks, "readers")


def _pointer(operation: Operation) -> str:
    return f"/paths/{_escaped(operation.path)}/{operation.method.lower()}"


def _escaped(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")
