"""What is sent to an operation, and what it answers."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.judging import of_schema
from mock_mindvideo.contract.drift.meaning.references import SchemaNode
from mock_mindvideo.contract.drift.openapi.api import ComparedOperation, child, children, real
from mock_mindvideo.contract.drift.schemas import Comparison
from mock_mindvideo.domain.pointer import escaped


class Pair(NamedTuple):
    """One operation, before and after."""

    before: ComparedOperation
    after: ComparedOperation
    comparison: Comparison

    def told(self, message: str, kind: str) -> Drift:
        return Drift(
            self.after.name, self.after.pointer, message, False, False, kind=kind, place=""
        )

    def sent(self, at: str, message: str, breaks: bool, kind: str, place: str = "") -> Drift:
        pointer = self.after.pointer + at
        return Drift(self.after.name, pointer, message, breaks, False, kind=kind, place=place)

    def received(self, at: str, message: str, breaks: bool, kind: str) -> Drift:
        pointer = self.after.pointer + at
        return Drift(
            self.after.name, pointer, message, False, breaks, "readers", kind=kind, place=""
        )

    def schemas(
        self,
        old: SchemaNode,
        new: SchemaNode,
        at: str,
        concerns: str,
        place: str = "body",
        words: str = "",
    ) -> Iterator[Drift]:
        """The changes between the schemas of two Media Type, Parameter or Header Objects."""
        sides = [each.at(each.schema.get("schema", {})) for each in (old, new)]
        for each in self.comparison.differences((sides[0],), (sides[1],)):
            pointer = f"{self.after.pointer}{at}/schema"
            yield of_schema(each, self.after.name, pointer, concerns, place, words)


def body(pair: Pair) -> Iterator[Drift]:
    """The changes of the request's body."""
    before, after = child(pair.before.node, "requestBody"), child(pair.after.node, "requestBody")
    at = "/requestBody"
    if not before.schema or not after.schema:
        if after.schema:
            required = after.schema.get("required") is True
            kind = f"request-body-added-{'required' if required else 'optional'}"
            yield pair.sent(
                at, f"a body is {'required' if required else 'taken'} now", required, kind
            )
        elif before.schema:
            yield pair.sent(at, "no body is taken any more", True, "request-body-removed")
        return
    was, now = (each.schema.get("required") is True for each in (before, after))
    if was != now:
        kind = f"request-body-became-{'required' if now else 'optional'}"
        yield pair.sent(at, f"a body is {'' if now else 'not '}required", now, kind)
    contents = media(before), media(after)
    for name in dict.fromkeys((*contents[0], *contents[1])):
        if name not in contents[0]:
            yield pair.sent(
                at, f"bodies of {name} are taken now", False, "request-body-media-type-added"
            )
        elif (other := covering(name, contents[1])) is None:
            words = f"bodies of {name} are not taken any more"
            yield pair.sent(at, words, True, "request-body-media-type-removed")
        else:
            inside = f"{at}/content/{escaped(other)}"
            yield from pair.schemas(contents[0][name], contents[1][other], inside, "requests")


def media(node: SchemaNode) -> dict[str, SchemaNode]:
    """The media types of a body by their names, as they are compared."""
    return {_type(name): each for name, each in children(node, "content").items()}


def _type(name: str) -> str:
    return ";".join(part.strip().lower() for part in name.split(";"))


def covering(name: str, known: Mapping[str, Any]) -> str | None:
    """The media type, or range, that takes in the one of that name."""
    bare = name.partition(";")[0]
    ranges = (name, bare, bare.partition("/")[0] + "/*", "*/*")
    return next((each for each in ranges if each in known), None)


def answers(pair: Pair) -> Iterator[Drift]:
    """The changes of what comes back."""
    before, after = (children(each.node, "responses") for each in (pair.before, pair.after))
    before, after = ({k.upper(): v for k, v in each.items()} for each in (before, after))
    for status in dict.fromkeys((*before, *after)):
        at = f"/responses/{status.replace('DEFAULT', 'default')}"
        success = "success" if status.startswith("2") else "non-success"
        if status not in before:
            kind = f"response-{success}-status-added"
            yield pair.received(at, f"it may answer {status} now", False, kind)
            continue
        other = _status(status, after)
        if other is None:
            kind = f"response-{success}-status-removed"
            words = f"it does not answer {status} any more"
            yield pair.received(at, words, success == "success", kind)
        else:
            yield from _answer(pair, before[status], after[other], at)


def _status(status: str, known: Mapping[str, Any]) -> str | None:
    """The response that stands for a status: itself, its range, or the default of a range."""
    wanted = (status, f"{status[:1]}XX")
    return next((each for each in wanted if each in known), None)


def _answer(pair: Pair, before: SchemaNode, after: SchemaNode, at: str) -> Iterator[Drift]:
    contents = media(before), media(after)
    for name in dict.fromkeys((*contents[0], *contents[1])):
        if name not in contents[0]:
            yield pair.received(at, f"it may answer {name} now", False, "response-media-type-added")
        elif (other := covering(name, contents[1])) is None:
            yield pair.received(
                at, f"it does not answer {name} any more", True, "response-media-type-removed"
            )
        else:
            if "*" in other and other != name:
                words = f"it answered {name}, and answers {other}"
                yield pair.received(at, words, True, "response-media-type-name-generalized")
            inside = f"{at}/content/{escaped(other)}"
            yield from pair.schemas(contents[0][name], contents[1][other], inside, "readers")
    yield from _headers(pair, before, after, at)


def _headers(pair: Pair, before: SchemaNode, after: SchemaNode, at: str) -> Iterator[Drift]:
    old, new = (
        {n.lower(): e for n, e in children(each, "headers").items()} for each in (before, after)
    )
    for name in dict.fromkeys((*old, *new)):
        place = f"{at}/headers"
        if name not in old:
            yield pair.received(place, f"the header {name} is new", False, "response-header-added")
            continue
        was = old[name].schema.get("required") is True
        if name not in new:
            kind = f"{'required' if was else 'optional'}-response-header-removed"
            change = pair.received(place, f"the header {name} is gone", was, kind)
            yield change if was else _risky(change)
            continue
        if was and new[name].schema.get("required") is not True:
            words = f"the header {name} may be missing"
            yield pair.received(place, words, True, "response-header-became-optional")
        inside = f"{place}/{escaped(name)}"
        yield from pair.schemas(
            old[name], new[name], inside, "readers", "header", f"the header {name}: "
        )


def _risky(change: Drift) -> Drift:
    from dataclasses import replace  # noqa: PLC0415

    return replace(change, risky=True)


__all__ = ["Pair", "answers", "body", "real"]
