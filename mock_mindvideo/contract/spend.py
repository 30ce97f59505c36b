"""No request that could be billed leaves without a budget.

Billable is every POST with a valid key and a real model, also one that is expected to be
refused: if the vendor has moved, it is accepted and billed. So what follows does not ask whether
a request is right, only whether it could cost anything, and in doubt it could.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport
from mock_mindvideo.platform import PLATFORM

#: A key that the contracts send on purpose, and nobody has.
NO_SUCH_KEY = f"{PLATFORM.keys.live}no_such_key"

#: A model that the contracts ask for on purpose, and nobody has.
NO_SUCH_MODEL = "no-such-model"

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))

#: The most that a submit can cost, by model and input; None where nobody knows.
Prices = Callable[[Any, Any], Decimal | None]


class OverBudget(Exception):
    """A request that was not sent, since it could cost more than is left."""


class SpendLimit:
    """A transport that lets pass what the budget covers in the worst case.

    `spent` is the worst case of everything that has left, in US dollars.
    """

    def __init__(self, transport: Transport, key: str, budget: Decimal, prices: Prices) -> None:
        self._transport = transport
        self._key = key
        self._budget = budget
        self._prices = prices
        self.spent = Decimal(0)

    @property
    def left(self) -> Decimal:
        return self._budget - self.spent

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Pass the request on; raises OverBudget instead if it could overrun the budget."""
        cost = worst_case(request, self._key, self._prices)
        if cost is None or cost > self.left:
            could = "an unknown amount" if cost is None else f"{cost} USD"
            raise OverBudget(
                f"{request.method} {request.url} was not sent: it could cost {could},"
                f" and {self.left} USD of the budget are left"
            )
        self.spent += cost  # before it leaves: an answer that is lost may be billed all the same
        return self._transport.send(request, timeout)


def worst_case(request: HttpRequest, key: str, prices: Prices) -> Decimal | None:
    """The most that a request can cost in US dollars; None where nobody knows."""
    if _cannot_be_billed(request, key):
        return Decimal(0)
    body = _read(request.body or b"")
    body = body if isinstance(body, dict) else {}
    return prices(body.get("model"), body.get("input"))


def _cannot_be_billed(request: HttpRequest, key: str) -> bool:
    if request.method in _SAFE_METHODS or (request.method != "POST" and not request.body):
        return True
    if not _names_a_key(request, key):
        return True
    return _is_not_json(request.body or b"") or _is_for_no_model(request.body or b"")


def _names_a_key(request: HttpRequest, key: str) -> bool:
    """Whether any key but the one that nobody has could be read from the request."""
    if key == NO_SUCH_KEY:
        return True
    parts = [request.url, *request.headers.values(), (request.body or b"").decode("latin-1")]
    if any(key in part for part in parts):
        return True
    named = [_token(value) for name, value in request.headers.items() if _may_hold_key(name)]
    return any(token != NO_SUCH_KEY for token in named)


def _may_hold_key(name: str) -> bool:
    return name.lower() in ("authorization", "proxy-authorization", "cookie", "x-api-key")


def _token(value: str) -> str:
    scheme, _, token = value.strip().partition(" ")
    return token.strip() if scheme.lower() == PLATFORM.keys.scheme.lower() else value


def _is_not_json(body: bytes) -> bool:
    """Whether no reader of JSON, however lenient, finds an object with a model in it."""
    return b"model" not in body.lower() and b"\\u" not in body and _read(body) is None


def _is_for_no_model(body: bytes) -> bool:
    """Whether the only model that is asked for is the one that nobody has."""
    found: list[Any] = []

    def collect(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
        found.extend(value for name, value in pairs if name.lower() == "model")
        return dict(pairs)

    try:
        value = json.loads(body, object_pairs_hook=collect)
    except ValueError:
        return False
    return isinstance(value, dict) and bool(found) and set(map(str, found)) == {NO_SUCH_MODEL}


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
