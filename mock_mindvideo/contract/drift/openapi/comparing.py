"""Two documents, operation by operation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.meaning.references import SchemaDocument
from mock_mindvideo.contract.drift.openapi.api import Api, ComparedOperation
from mock_mindvideo.contract.drift.openapi.lifetime import lifetime, removal
from mock_mindvideo.contract.drift.openapi.parameters import parameters
from mock_mindvideo.contract.drift.openapi.payloads import Pair, answers, body
from mock_mindvideo.contract.drift.openapi.security import security
from mock_mindvideo.contract.drift.schemas import Comparison


def document_changes(old: SchemaDocument, new: SchemaDocument, today: date) -> Iterator[Drift]:
    """Every change that a client of the API can notice; raises Malformed."""
    before, after = Api(old), Api(new)
    comparison = Comparison()
    pairs = list(_pairs(before, after))
    yield from _servers(before, after, pairs)
    for one, other in pairs:
        pair = Pair(one, other, comparison)
        for part in (parameters, body, answers, lifetime):
            yield from part(pair)
        yield from security(pair, before, after)
    yield from _alone(before, after, pairs, today)
    yield from _webhooks(before, after, comparison)


def _pairs(before: Api, after: Api) -> Iterator[tuple[ComparedOperation, ComparedOperation]]:
    """The same operation in both: by its path, or by its whole address."""
    by_address = {
        (each.method, address): each
        for each in after.operations.values()
        for address in after.addresses(each)
    }
    for name, one in before.operations.items():
        other = after.operations.get(name) or next(
            (
                by_address[one.method, address]
                for address in sorted(before.addresses(one))
                if (one.method, address) in by_address
            ),
            None,
        )
        if other is not None:
            yield one, other


def _alone(
    before: Api, after: Api, pairs: list[tuple[ComparedOperation, ComparedOperation]], today: date
) -> Iterator[Drift]:
    known = {one.name for one, _ in pairs}, {other.name for _, other in pairs}
    for each in before.operations.values():
        if each.name not in known[0]:
            whole = all(other.path != each.path for other in after.operations.values())
            yield removal(each, whole, today)
    for each in after.operations.values():
        if each.name not in known[1]:
            yield Drift(each.name, each.pointer, "the operation is new", False, False,
                         kind="endpoint-added", place="")  # fmt: skip


def _servers(
    before: Api, after: Api, pairs: list[tuple[ComparedOperation, ComparedOperation]]
) -> Iterator[Drift]:
    """Each server that is gone, or new, once."""
    told = set[tuple[str, bool]]()
    for one, other in pairs:
        was, now = before.addresses(one), after.addresses(other)
        for api, operation, left, gone in (
            (before, one, was - now, True),
            (after, other, now - was, False),
        ):
            for server in api.servers(operation):
                address = f"{server}{_tail(operation)}"
                if address in left and (server, gone) not in told:
                    told.add((server, gone))
                    yield _server(server, gone)


def _tail(operation: ComparedOperation) -> str:
    from mock_mindvideo.contract.drift.openapi.api import plain  # noqa: PLC0415

    return plain(operation.path)


def _server(server: str, gone: bool) -> Drift:
    words = f"the server {server or '/'} is {'gone' if gone else 'new'}"
    kind = f"api-server-{'removed' if gone else 'added'}"
    return Drift("servers", "/servers", words, gone, False, kind=kind, place="")


def _webhooks(before: Api, after: Api, comparison: Comparison) -> Iterator[Drift]:
    """What a webhook sends is read by those who answer it."""
    for name in dict.fromkeys((*before.webhooks, *after.webhooks)):
        one, other = before.webhooks.get(name), after.webhooks.get(name)
        at = f"/webhooks/{name[1]}"
        if one is None or other is None:
            words = f"the webhook is {'gone' if other is None else 'new'}"
            kind = f"webhook-{'removed' if other is None else 'added'}"
            yield Drift(
                " ".join(name), at, words, other is None, other is None, kind=kind, place=""
            )
            continue
        parts: tuple[Callable[[Pair], Iterator[Drift]], ...] = (parameters, body, answers)
        for part in parts:
            for each in part(Pair(one, other, comparison)):
                sides = {"requests": "readers", "readers": "requests"}
                yield replace(
                    each,
                    pointer=each.pointer.replace("/paths/", "/webhooks/", 1),
                    requests=each.readers,
                    readers=each.requests,
                    concerns=sides[each.concerns],
                )
