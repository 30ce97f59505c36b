"""The application's side: is each request one that the API takes?"""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.catalog import BrokenRule, Catalog, Model
from mock_mindvideo.contract.openapi.document import FIDELITY, OpenApi
from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.domain.errors import InvalidIdempotencyKey, MockError
from mock_mindvideo.domain.payload import check_idempotency_key, read_json
from mock_mindvideo.domain.pointer import steps
from mock_mindvideo.platform import PLATFORM


class RequestCheck:
    """Checks requests by the models' schemas and the document's operations."""

    def __init__(self, catalog: Catalog, api: OpenApi) -> None:
        self._catalog = catalog
        self._api = api

    def faults(self, entry: Recorded) -> Iterator[TrafficFinding]:
        """What is wrong with one request."""
        if self._api.find(entry.method, entry.path) is None:
            words = f"{entry.method} {entry.path} is no operation of the API"
            yield _fault(entry, "request", words, ("X13", "X14"))
            return
        if entry.status == 401:
            yield _fault(entry, "headers", "the request was sent without a good key", ("D02",))
        if entry.submits:
            yield from self._submit(entry)

    def _submit(self, entry: Recorded) -> Iterator[TrafficFinding]:
        media = entry.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            words = f"Content-Type must be application/json; it is {media or 'missing'!r}"
            yield _fault(entry, "headers", words, ("X16",))
        yield from self._idempotency_key(entry)
        if entry.body is None:
            return
        try:
            body = read_json(entry.body.encode("utf-8", "surrogatepass"))
        except MockError as problem:
            yield _fault(entry, "body", str(problem), ("D01",))
            return
        yield from self._body(entry, body)

    def _idempotency_key(self, entry: Recorded) -> Iterator[TrafficFinding]:
        key = entry.headers.get(PLATFORM.headers.idempotency_key.lower())
        if key is None:
            name = PLATFORM.headers.idempotency_key
            words = f"no {name}: a retry of this request could be billed twice"
            yield _fault(entry, "headers", words, ("D09",), advice=True)
            return
        try:
            check_idempotency_key(key)
        except InvalidIdempotencyKey as problem:
            yield _fault(entry, "headers", str(problem), ("X10",))

    def _body(self, entry: Recorded, body: object) -> Iterator[TrafficFinding]:
        for each in self._catalog.envelope.violations(body):
            yield _fault(entry, "body", f"{each.pointer or '/'}: {each.message}", ("D01",))
            return
        assert isinstance(body, dict)  # noqa: S101 - the envelope's schema says so
        try:
            model = self._catalog.model(body[PLATFORM.members.model])
        except MockError as problem:
            yield _fault(entry, "body", f"/model: {problem}", ("X13",))
            return
        for each in model.violations(body[PLATFORM.members.input]):
            words = f"/input{each.pointer}: {each.message}"
            yield _fault(entry, "body", words, _facts(model, each))


def _facts(model: Model, broken: BrokenRule) -> tuple[str, ...]:
    """What a rule rests on: what the schema says of itself, else what is documented."""
    file, _, at = broken.schema_pointer.partition("#")
    node: Any = next((each.schema for each in model.rules if each.file.name == file), {})
    facts = {"rules.schema.json": ("D16", "D17")}.get(file, ("D15",))
    for step in ("", *steps(at)):
        if step:
            node = node[int(step)] if isinstance(node, list) else node.get(step, {})
        if isinstance(node, Mapping) and isinstance(node.get(FIDELITY), list):
            facts = tuple(node[FIDELITY])
    return facts


def _fault(
    entry: Recorded, part: str, message: str, proves: tuple[str, ...], *, advice: bool = False
) -> TrafficFinding:
    pointer = entry.pointer + entry.places[part]
    return TrafficFinding(entry.number, pointer, "request", message, proves, advice)
