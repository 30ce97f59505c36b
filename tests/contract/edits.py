"""Ways to break a server at its edge, so that none depends on how its inside is built."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport

TASKS = "/api/v1/tasks"
Ask = Callable[[HttpRequest], HttpRequest]
Answer = Callable[[HttpRequest, HttpResponse], HttpResponse]
Edit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Mutant:
    """One broken server. `schema` edits input.schema.json, `rules` and `pricing` theirs."""

    name: str
    fact: str
    ask: Ask | None = None
    answer: Answer | None = None
    schema: Edit | None = None
    rules: Edit | None = None
    pricing: Edit | None = None
    twice: bool = False

    @property
    def edits(self) -> dict[str, Edit]:
        named = {"input.schema": self.schema, "rules.schema": self.rules, "pricing": self.pricing}
        return {name: edit for name, edit in named.items() if edit}


class Mutated:
    """The server behind a mutant's changes."""

    def __init__(self, inner: Transport, mutant: Mutant) -> None:
        self._inner = inner
        self._mutant = mutant

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        asked = self._mutant.ask(request) if self._mutant.ask else request
        if self._mutant.twice and "idempotency-key" in asked.headers:
            self._inner.send(without(asked, "idempotency-key"), timeout)
        response = self._inner.send(asked, timeout)
        return self._mutant.answer(request, response) if self._mutant.answer else response


def without(request: HttpRequest, *names: str) -> HttpRequest:
    kept = {name: value for name, value in request.headers.items() if name not in names}
    return replace(request, headers=kept)


def with_header(request: HttpRequest, name: str, value: str) -> HttpRequest:
    return replace(request, headers={**request.headers, name: value})


def is_submit(request: HttpRequest) -> bool:
    return request.method == "POST" and request.url.endswith(TASKS)


def is_poll(request: HttpRequest) -> bool:
    return request.method == "GET" and TASKS + "/" in request.url and "events" not in request.url


def is_events(request: HttpRequest) -> bool:
    return request.url.endswith("/events")


def member(
    of: Callable[[HttpRequest], bool], name: str, value: Any, when: str | None = None
) -> Answer:
    """Sets a member of a task's body; a callable gets the old value, None takes it out."""

    def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not of(request) or response.status != 200 or not isinstance(response.value, dict):
            return response
        body = dict(response.value)
        if name not in body or when not in (None, body["status"]):
            return response
        body[name] = value(body[name]) if callable(value) else value
        if body[name] is None:
            del body[name]
        return replace(response, body=json.dumps(body).encode())

    return answer


def status(of: Callable[[HttpRequest], bool], before: int, after: int) -> Answer:
    """Answers another status."""

    def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        changed = of(request) and response.status == before
        return replace(response, status=after) if changed else response

    return answer


def text(of: Callable[[HttpRequest], bool], change: Callable[[str], str]) -> Answer:
    """Changes the body's text."""

    def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not of(request):
            return response
        return replace(response, body=change(response.text).encode())

    return answer


def no_header(name: str) -> Answer:
    """Leaves a header out."""

    def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kept = {each: value for each, value in response.headers.items() if each != name}
        return replace(response, headers=kept)

    return answer


def code(before: str, after: str) -> Answer:
    """Answers another error code."""
    return text(lambda request: True, lambda body: body.replace(f'"{before}"', f'"{after}"'))


def event_left_out(number: int) -> Answer:
    """Leaves one event out, of the stream and of the list."""

    def change(body: str) -> str:
        if body.startswith("{"):
            listed = json.loads(body)
            listed["events"] = [e for e in listed.get("events", []) if e["sequence"] != number]
            return json.dumps(listed)
        frame = re.compile(rf"^id: {number}\n.*?\n\n", re.DOTALL | re.MULTILINE)
        return frame.sub("", body)

    return text(is_events, change)


class GoesBack:
    """A task that was seen to have ended is queued again at the next look."""

    def __init__(self) -> None:
        self._ended: set[str] = set()

    def __call__(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_poll(request) or response.status != 200:
            return response
        body = response.value
        if request.url in self._ended:
            changed = {name: body[name] for name in ("request_id", "task_id", "cost_estimate")}
            return replace(response, body=json.dumps({**changed, "status": "queued"}).encode())
        if body["status"] == "succeeded":
            self._ended.add(request.url)
        return response


class NeverEnds:
    """A task that is processing for ever."""

    def __call__(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_poll(request) or response.status != 200:
            return response
        body = response.value
        kept = {name: body[name] for name in ("request_id", "task_id", "cost_estimate")}
        return replace(response, body=json.dumps({**kept, "status": "processing"}).encode())


def properties(name: str, **changes: Any) -> Edit:
    """Changes keywords of one property; None takes a keyword out."""

    def edit(schema: dict[str, Any]) -> None:
        found = schema["properties"][name]
        for keyword, value in changes.items():
            if value is None:
                found.pop(keyword)
            else:
                found[keyword] = value

    return edit


def item_keyword(name: str, keyword: str, value: Any) -> Edit:
    """Changes a keyword of the items of one property."""

    def edit(schema: dict[str, Any]) -> None:
        schema["properties"][name]["items"][keyword] = value

    return edit


def top(keyword: str, value: Any) -> Edit:
    """Changes a keyword of the whole schema."""

    def edit(schema: dict[str, Any]) -> None:
        schema[keyword] = value

    return edit


def no_rule(index: int) -> Edit:
    """Leaves one of the rules out that the vendor states in prose."""

    def edit(schema: dict[str, Any]) -> None:
        del schema["allOf"][index]

    return edit


def price(resolution: str, amount: str) -> Edit:
    """Changes the price of a second."""

    def edit(pricing: dict[str, Any]) -> None:
        for rate in pricing["rates"]:
            if rate["when"] == {"resolution": resolution}:
                rate["price"] = amount

    return edit


def any_key(request: HttpRequest) -> HttpRequest:
    """Every request is let in."""
    if "/_mock/" in request.url:
        return request
    return with_header(request, "authorization", "Bearer mv_live_xxx")


def any_bearer(request: HttpRequest) -> HttpRequest:
    """Any key is let in."""
    return any_key(request) if "authorization" in request.headers else request


def one_key_for_all(request: HttpRequest) -> HttpRequest:
    """Every submit is taken as having the same idempotency key."""
    return with_header(request, "idempotency-key", "one") if is_submit(request) else request


def key_by_duration(request: HttpRequest) -> HttpRequest:
    """The key alone does not decide: another payload makes another task."""
    if not is_submit(request) or "idempotency-key" not in request.headers:
        return request
    longer = f"{request.headers['idempotency-key'][:200]}-{hash(request.body)}"
    return with_header(request, "idempotency-key", longer)


def no_idempotency(request: HttpRequest) -> HttpRequest:
    return without(request, "idempotency-key")


def no_scripts(request: HttpRequest) -> HttpRequest:
    return without(request, "x-mock-script")


def never_disabled(request: HttpRequest) -> HttpRequest:
    """Disabling and deleting a key does nothing."""
    if request.method == "PATCH":
        return replace(request, body=b'{"disabled": false}')
    return request


def first_model(request: HttpRequest) -> HttpRequest:
    """Any model's name is taken for the one there is."""
    if b"no-such-model" not in (request.body or b""):
        return request
    given = {"prompt": "x", "video_urls": ["https://example.com/a.mp4"]}
    return replace(request, body=json.dumps({"model": "wan2-7-r2v", "input": given}).encode())


def lenient_list(request: HttpRequest) -> HttpRequest:
    """Always the list, never the stream."""
    return with_header(request, "accept", "application/json") if is_events(request) else request


def deaf_stream(request: HttpRequest) -> HttpRequest:
    return without(request, "last-event-id")


def seconds(body: str) -> str:
    """The estimate is a text."""
    return body.replace('"cost_estimate":0.6165', '"cost_estimate":"0.6165"')


def with_eta(body: str) -> str:
    """A member that the document does not have."""
    return body.replace('"status":', '"eta":3,"status":')


def no_numbers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A prompt that names its references is refused."""
    named = is_submit(request) and "图" in (request.body or b"").decode()
    return replace(response, status=422) if named else response


def anything(request: HttpRequest) -> bool:
    return True


def drop_hints(schema: dict[str, Any]) -> None:
    for each in schema["properties"].values():
        each.pop("x-playground", None)


def short_key(request: HttpRequest) -> HttpRequest:
    key = request.headers.get("idempotency-key", "")
    return with_header(request, "idempotency-key", key[:255]) if len(key) > 255 else request


def no_magic(request: HttpRequest) -> HttpRequest:
    return replace(request, body=(request.body or b"").replace(b"mock.invalid", b"example.com"))
