"""Which refusal the mock has for a request: so what the real API said to it is found its place."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.errors import (
    IdempotencyKeyReused,
    InsufficientCredit,
    InternalError,
    InvalidApiKey,
    MethodNotAllowed,
    MissingApiKey,
    MockError,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    RequestTimeout,
    TaskNotFound,
    Unavailable,
    UnsupportedMediaType,
)
from mock_mindvideo.domain.payload import check_idempotency_key
from mock_mindvideo.learning.sightings import LOOK, OTHER, SUBMIT, SeenExchange
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.worlds.orders import Orders

_PATHS, _IDEMPOTENCY = PLATFORM.paths, PLATFORM.headers.idempotency_key.lower()

#: Statuses that say by themselves what was wrong, since a request does not show it.
_BY_STATUS: Mapping[int, type[MockError]] = {
    kind.status: kind
    for kind in (
        InsufficientCredit,
        RequestTimeout,
        PayloadTooLarge,
        RateLimited,
        InternalError,
        Unavailable,
    )
}


class Refusal(NamedTuple):
    """A refused request; `kind` is the mock's own code for it, None where it would take it."""

    seen: SeenExchange
    kind: str | None


def refusals(seen: Sequence[SeenExchange], catalog: Catalog) -> tuple[Refusal, ...]:
    """The refused requests among all, each with what the mock would refuse it for.

    An answer with 200 is one where it shows no task, and the mock would refuse the request.
    """
    return tuple(_refusals(seen, _Judge(seen, catalog)))


def _refusals(seen: Sequence[SeenExchange], judge: "_Judge") -> Iterator[Refusal]:
    for each in seen:
        kind = judge.kind(each)
        hidden = each.went_well and each.operation in (SUBMIT, LOOK) and each.task is None
        if each.refused or (hidden and kind and isinstance(each.value, dict)):
            yield Refusal(each, kind)


def laxer(seen: Sequence[SeenExchange], catalog: Catalog) -> tuple[Refusal, ...]:
    """The requests that went well, though the mock would refuse them."""
    judge = _Judge(seen, catalog)
    kinds = [(each, judge.kind(each)) for each in seen]
    return tuple(
        Refusal(each, kind) for each, kind in kinds if each.went_well and kind and each.task
    )


class _Judge:
    """Judges requests in their order, since keys are used again."""

    def __init__(self, seen: Sequence[SeenExchange], catalog: Catalog) -> None:
        self._orders = Orders(catalog, magic=False)
        self._tasks = {each.task_id for each in seen if each.went_well and each.task_id}
        self._keys = {_key(each) for each in seen if each.task is not None}
        self._keyed = {each.file for each in seen if _key(each)}
        self._used: dict[tuple[Path, str, str], object] = {}

    def kind(self, seen: SeenExchange) -> str | None:
        """The code of the refusal that the mock has for it."""
        by_status = _BY_STATUS.get(seen.entry.status)
        try:
            self._check(seen, by_status)
        except MockError as problem:
            return problem.code
        return None if by_status is None else by_status.code

    def _check(self, seen: SeenExchange, by_status: type[MockError] | None) -> None:
        if seen.operation == OTHER:
            raise MethodNotAllowed("") if _is_known(seen.entry.path) else NotFound("")
        if seen.file in self._keyed:
            self._check_key(seen)
        if by_status is not None:
            return
        if seen.operation == SUBMIT:
            self._check_submit(seen)
        elif seen.task_id not in self._tasks:
            raise TaskNotFound("")

    def _check_key(self, seen: SeenExchange) -> None:
        """A key with which nothing ever went well is an unknown one, unless none did."""
        sent = _key(seen)
        if not sent.lower().startswith(f"{PLATFORM.keys.scheme.lower()} "):
            raise MissingApiKey("")
        if sent not in self._keys and (self._keys or seen.entry.status == InvalidApiKey.status):
            raise InvalidApiKey("")

    def _check_submit(self, seen: SeenExchange) -> None:
        entry = seen.entry
        sent = entry.headers.get("content-type")
        if sent is not None and sent.partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedMediaType("")
        key = entry.headers.get(_IDEMPOTENCY)
        if key is not None:
            check_idempotency_key(key)
        if entry.body is None:
            return
        order = self._orders.read(entry.body.encode("utf-8", "surrogatepass"))
        if key is not None and self._reused(seen, key, order.payload):
            raise IdempotencyKeyReused("")

    def _reused(self, seen: SeenExchange, key: str, payload: object) -> bool:
        place = seen.file, _key(seen), key
        if seen.went_well:
            self._used.setdefault(place, payload)
        return self._used.get(place, payload) != payload


def _key(seen: SeenExchange) -> str:
    return seen.entry.headers.get("authorization", "")


def _is_known(path: str) -> bool:
    """Whether the API has the path, with another method."""
    known = (_PATHS.to_task, _PATHS.to_events)
    return path == _PATHS.submit or any(each.fullmatch(path) for each in known)
