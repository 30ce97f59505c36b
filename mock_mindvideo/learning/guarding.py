"""What a request of anybody's can cost at most, before it is passed on."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from mock_mindvideo.contract.exchange import HttpRequest
from mock_mindvideo.contract.spend import NO_SUCH_KEY, Prices, worst_case
from mock_mindvideo.platform import PLATFORM

#: Headers in which no key can stand.
_HARMLESS = frozenset((
    "accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type",
    "host", "last-event-id", "user-agent", PLATFORM.headers.idempotency_key.lower(),
))  # fmt: skip

#: A key that no request can hold, and one that every request does.
_NO_KEY, _ANY_KEY = "\0", ""


class SpendGuard:
    """Counts what leaves against a budget in US dollars; `spent` is the worst case of it."""

    def __init__(self, budget: Decimal, prices: Prices) -> None:
        self._budget = budget
        self._prices = prices
        self.spent = Decimal(0)

    def refuses(self, request: HttpRequest) -> str:
        """Why a request is not passed on; empty, and the cost counted, for one that is."""
        cost = worst_case(request, _key(request), self._prices)
        left = self._budget - self.spent
        if cost is None or cost > left:
            could = "an unknown amount" if cost is None else f"{cost} USD"
            return f"it could cost {could}, and {left} USD of the budget are left"
        self.spent += cost
        return ""


def _key(request: HttpRequest) -> str:
    """The key that a request is taken to hold: any, unless there is plainly none."""
    others = {name: each for name, each in request.headers.items() if name not in _HARMLESS}
    plain = not urlsplit(request.url).query and _holds_none(others)
    return _NO_KEY if plain else _ANY_KEY


def _holds_none(headers: Mapping[str, str]) -> bool:
    """Whether no header holds a key but the one that nobody has."""
    return headers in ({}, {"authorization": PLATFORM.keys.authorization(NO_SUCH_KEY)})
