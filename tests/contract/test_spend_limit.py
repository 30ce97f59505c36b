"""What could be billed is told from what cannot, in doubt as if it could."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.contract.spend import OverBudget, SpendLimit, worst_case
from tests.contract.running import KEY

PRICES = WorstPrices(builtin_catalog())
URL = "https://api.mindvideo.ai/api/v1/tasks"
AUTH = {"authorization": f"Bearer {KEY}"}


def submit(body: bytes, headers: dict[str, str] = AUTH, method: str = "POST") -> HttpRequest:
    return HttpRequest(method, URL, headers, body)


def body_of(model: object = "wan2-7-r2v", **given: object) -> bytes:
    return json.dumps({"model": model, "input": given}).encode()


def cost(request: HttpRequest) -> Decimal | None:
    return worst_case(request, KEY, PRICES)


def is_billable(request: HttpRequest) -> bool:
    """Said once more, in other words than the limit's: a submit with a key, for a model."""
    if request.method != "POST" or KEY not in request.headers.get("authorization", ""):
        return False
    try:
        value = json.loads(request.body or b"")
    except ValueError:
        return False
    return not (isinstance(value, dict) and value.get("model") == "no-such-model")


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("GET", URL + "/task_1", AUTH),
        HttpRequest("DELETE", URL, AUTH),
        submit(body_of(), {}),
        submit(body_of(), {"authorization": "Bearer mv_live_no_such_key"}),
        submit(body_of("no-such-model")),
        submit(b"{"),
        submit(b"no JSON at all"),
    ],
    ids=["a look", "a wrong method", "no key", "a bad key", "no model", "half JSON", "no JSON"],
)
def test_what_cannot_be_billed_costs_nothing(request_: HttpRequest) -> None:
    assert cost(request_) == 0


@pytest.mark.parametrize(
    ("body", "amount"),
    [
        (body_of(duration=5, resolution="1080P"), "0.6165"),
        (body_of(duration=2, resolution="720P"), "0.1494"),
        (body_of(), "0.6165"),
        (body_of(duration=99, resolution="720P"), "7.3953"),
        (body_of(duration=-5, resolution="720P"), "0.1494"),
        (body_of(duration="long", resolution="720P"), "1.1205"),
        (body_of(duration=2, resolution="4K"), "0.2466"),
        (body_of(None), "0.6165"),
        (b"[]", "0.6165"),
        (b'{"input": {}}', "0.6165"),
    ],
)
def test_what_is_expected_to_be_refused_has_its_worst_case(body: bytes, amount: str) -> None:
    assert cost(submit(body)) == Decimal(amount)


@pytest.mark.parametrize(
    "request_",
    [
        submit(b'{"model": "wan2-7-r2v", "model": "no-such-model", "input": {}}'),
        submit(b'{"model": "no-such-model", "MODEL": "wan2-7-r2v", "input": {}}'),
        submit(b'{"model": "wan2-7-r2v", "input": {},}'),
        submit(body_of("no-such-model").decode().encode("utf-16") + body_of()),
        submit(body_of(), {"authorization": f"bearer   {KEY}"}),
        submit(body_of(), {"authorization": "Bearer mv_live_somebody_elses"}),
        submit(body_of(), {"authorization": f"Basic {KEY}"}),
        submit(body_of(), {"x-api-key": KEY}),
        HttpRequest("POST", f"{URL}?key={KEY}", {}, body_of()),
        submit(body_of(), AUTH, "PUT"),
        submit(body_of("another-model")),
    ],
    ids=[
        "a model twice", "a model in capitals", "lenient JSON", "two encodings", "another case",
        "another key", "another scheme", "another header", "in the address", "another method",
        "a model nobody priced",
    ],
)  # fmt: skip
def test_a_request_in_doubt_is_taken_as_billable(request_: HttpRequest) -> None:
    assert cost(request_) != 0


def test_the_users_own_key_is_a_key_even_if_it_is_the_one_nobody_has() -> None:
    request = submit(body_of(), {"authorization": "Bearer mv_live_no_such_key"})
    assert worst_case(request, "mv_live_no_such_key", PRICES) == Decimal("0.6165")


@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    key=st.sampled_from([None, "mv_live_no_such_key", KEY, "mv_live_other"]),
    model=st.sampled_from(["wan2-7-r2v", "no-such-model", None, 1, "kling-v3"]),
    duration=st.one_of(st.none(), st.integers(-10, 10**6), st.floats(0, 100), st.text()),
    budget=st.decimals(0, 3, places=2),
)
def test_nothing_over_the_budget_passes(
    method: str, key: str | None, model: object, duration: object, budget: Decimal
) -> None:
    passed: list[HttpRequest] = []

    class Inner:
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            passed.append(request)
            return HttpResponse(200, {})

    limit = SpendLimit(Inner(), KEY, budget, PRICES)
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    for _ in range(3):
        try:
            limit.send(submit(body_of(model, duration=duration), headers, method), 1)
        except OverBudget:
            assert limit.spent <= budget
    assert limit.spent <= budget
    assert all(budget > 0 for request in passed if is_billable(request))
