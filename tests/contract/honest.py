"""A server that keeps to what the vendor documents, and is free wherever the vendor is silent.

Written from the vendor's page alone, without any code of the mock. Each `Ways` field is one thing
that the vendor does not say; a `Lie` breaks one thing that the vendor does say.
"""

import json
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from tests.contract.spellings import spelt

TASKS = "/api/v1/tasks"
KEYS = ("mv_live_xxx", "mv_live_another")
STATES = ("queued", "processing", "succeeded")
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "schemas/models/wan2-7-r2v/input.schema.json").read_text()
)

Answer = tuple[int, str, Any]


@dataclass(frozen=True)
class Ways:
    """What the vendor leaves open. The defaults are the documentation's own example."""

    created: int = 200
    looked: int = 200
    extras: bool = False
    ids: Callable[[int], str] = lambda number: f"demo_{number}"
    request_ids: str = "of the submit"
    nulls: bool = False
    early: bool = False
    lean: bool = False
    media_type: str = "application/json"
    errors: str = "envelope"
    statuses: tuple[tuple[int, int], ...] = ()
    events: str = "list"
    names: str = "state"
    progress: bool = False
    payload: str = "values"
    replay: str = "as it is"
    price_720p: float = 0.0747
    strict_integers: bool = False
    any_scheme: bool = False
    open_envelope: bool = False
    ends: str = "succeeded"
    headers: tuple[tuple[str, str], ...] = ()


#: What the history of a task looks like, from which looks and events are told.
Lie = Callable[[str, Any], Any]


def truth(what: str, value: Any) -> Any:
    """No lie: every answer is given as it is."""
    return value


@dataclass
class Task:
    """One task: `looks` is how often it was looked at."""

    ids: tuple[str, str]
    cost: float
    ends: str
    looks: int = 0

    @property
    def states(self) -> list[str]:
        return [*STATES[: min(self.looks, 1) + 1], *([self.ends] if self.looks > 1 else [])]


@dataclass
class Honest:
    """The server; `answer` takes one request. Give it a lie to make it dishonest."""

    ways: Ways = field(default_factory=Ways)
    lie: Lie = truth

    def __post_init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.keys: dict[str, tuple[Any, str, Any]] = {}
        self.asked = 0
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Status, media type, and a value or text."""
        with self.lock:
            self.asked += 1
            status, media, value = self._answer(method, path, headers, body)
            return status, media, self.lie("answer", value)

    def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if not self._may(headers.get("authorization", "")) and self.lie("key needed", True):
            return self._refused(401, "who are you?")
        known = path == TASKS or path.startswith(TASKS + "/")
        if not known or method != ("POST" if path == TASKS else "GET"):
            return self._refused(405 if known else 404, "no such thing")
        if method == "POST":
            return self._submit(headers, body)
        name, _, what = path.removeprefix(TASKS + "/").partition("/")
        name = unquote(name)
        task = self.tasks.get(name)
        if task is None or what not in ("", "events"):
            return self._refused(404, "no such task")
        return self._events(task, headers) if what else self._look(task)

    def _may(self, sent: str) -> bool:
        scheme, _, key = sent.rpartition(" ")
        return key in KEYS and (scheme.lower() == "bearer" or self.ways.any_scheme)

    def _submit(self, headers: dict[str, str], body: bytes) -> Answer:
        try:
            value = json.loads(body)
        except ValueError:
            return self._refused(415, "no JSON")
        refusal = self._unfit(value)
        if refusal:
            return self._refused(422, refusal)
        key = headers.get("idempotency-key")
        payload = body if self.ways.payload == "bytes" else _filled(value)
        if key and key in self.keys:
            known, name, shown = self.keys[key]
            if self.lie("same", known == payload):
                again = shown if self.ways.replay == "as it was" else self._shown(self.tasks[name])
                return self.ways.created, self.ways.media_type, again
            return self._refused(self.lie("conflict", 409), "another payload")
        task = self._task(value["input"])
        shown = self._shown(task)
        if key:
            self.keys[key] = payload, task.ids[1], shown
        return self.ways.created, self.ways.media_type, self.lie("submitted", shown)

    def _task(self, given: Any) -> Task:
        filled = _filled({"input": given})["input"]
        rate = 0.1233 if filled["resolution"] == "1080P" else self.ways.price_720p
        number = 2 * len(self.tasks) + 1
        ids = self.ways.ids(number), self.ways.ids(number + 1)
        task = Task(ids, self.lie("cost", round(rate * filled["duration"], 6)), self.ways.ends)
        self.tasks[task.ids[1]] = task
        return task

    def _unfit(self, value: Any) -> str:
        if not isinstance(value, dict) or not {"model", "input"} <= value.keys():
            return "model and input, please"
        if value["model"] != "wan2-7-r2v":
            return "no such model"
        if len(value) > 2 and not self.ways.open_envelope:
            return "too much"
        schema, given = self.lie("schema", SCHEMA), value["input"]
        for problem in Draft202012Validator(schema).iter_errors(given):
            return problem.message
        if self.ways.strict_integers and isinstance(given.get("duration"), float):
            return "whole numbers only"
        both = [len(given.get(name, [])) for name in ("image_with_roles", "video_urls")]
        return "" if 1 <= sum(both) <= 5 else "one to five references"

    def _look(self, task: Task) -> Answer:
        shown = self._shown(task)
        task.looks += 1
        ended = shown["status"] not in STATES[:2]
        status = 200 if ended else self.ways.looked
        return self.lie("status", status), self.ways.media_type, self.lie("looked", shown)

    def _shown(self, task: Task) -> dict[str, Any]:
        """The task as the page's example has it, and more."""
        status, ways = task.states[-1], self.ways
        status = self.lie("state", {"status": status, "looks": task.looks})["status"]
        first = ways.ids(1000 + self.asked) if ways.request_ids == "of each" else task.ids[0]
        shown = {"request_id": first, "task_id": task.ids[1], "status": status}
        shown["cost_estimate"] = task.cost
        if ways.lean and task.looks and status in STATES[:2]:
            shown = {"status": status}
        if ways.nulls:
            shown |= dict.fromkeys(("cost_actual", "output", "error"))
        if ways.early and status in STATES[:2]:
            shown |= {"cost_actual": 0, "output": {"videos": []}}
        link: dict[str, Any] = {"url": f"https://cdn.example.com/{task.ids[1]}.mp4"}
        output: dict[str, Any] = {"videos": [link]}
        if ways.extras:
            link |= {"duration": 5, "cover": "https://cdn.example.com/x.jpg"}
            output |= {"seed": 7, "images": None if task.looks % 2 else []}
            shown |= {"model": "wan2-7-r2v", "links": {"self": "/"}, "progress": 50, "retries": 0}
        if status == "succeeded":
            shown |= {"cost_actual": task.cost, "output": output}
        if status == "failed":
            shown |= {"failure": {"reason": "the reference could not be loaded"}}
        return shown

    def _events(self, task: Task, headers: dict[str, str]) -> Answer:
        if self.ways.events not in ("list", "object", "deep object", "ndjson", "json-seq"):
            task.looks = 2  # a stream goes on until the end
        told: list[str] = []
        for state in self.lie("history", list(task.states)):
            moving = self.ways.progress and state == "processing"
            told += [f"{state} 10", f"{state} 60"] if moving else [state]
        status, media, text = spelt(self.ways.events, self.ways.names, told, task.ids[1])
        return status, media, text

    def _refused(self, status: int, words: str) -> Answer:
        status = dict(self.ways.statuses).get(status, status)
        forms: dict[str, tuple[str, Any]] = {
            "envelope": ("application/json", {"error": {"code": "E1", "message": words}}),
            "problem": ("application/problem+json", {"title": words, "status": status}),
            "text": ("application/json", {"error": words}),
            "flat": ("application/json; charset=utf-8", {"message": words, "code": 40001}),
            "list": ("application/vnd.api+json", {"errors": [{"detail": words}]}),
            "html": ("text/html", f"<html><h1>{words}</h1></html>"),
            "plain": ("text/plain", words),
            "nothing": ("", ""),
        }
        return status, *forms[self.ways.errors]

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """The same as a transport without a socket."""
        path = "/" + request.url.split("/", 3)[3]
        status, media, value = self.answer(
            request.method, path, dict(request.headers), request.body or b""
        )
        headers = {"content-type": media} if media else {}
        headers |= {name.lower(): each for name, each in self.ways.headers}
        return HttpResponse(status, headers, encoded(value))


def encoded(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def _filled(value: Any) -> Any:
    """With the defaults that the schema documents, so that payloads compare as what they mean."""
    defaults = {k: v["default"] for k, v in SCHEMA["properties"].items() if "default" in v}
    return {**value, "input": {**defaults, **value["input"]}}


@contextmanager
def listening(honest: Honest, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The server on a port of its own, with TLS where that is given; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name.lower(): value for name, value in self.headers.items()}
            status, media, value = honest.answer(self.command, self.path, sent, body)
            content = encoded(value)
            self.send_response_only(status)
            for name, each in (("Content-Type", media), *honest.ways.headers):
                if each:
                    self.send_header(name, each)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests look at what `verify` says."""

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def of_uuid(number: int) -> str:
    return str(uuid.UUID(int=number))


def _refusing(**statuses: int) -> dict[str, Any]:
    """Other statuses for refusals: `of_401=400`."""
    return {"statuses": tuple((int(name[3:]), other) for name, other in statuses.items())}


#: Each thing that the vendor leaves open, by name.
DIFFERENCES: dict[str, dict[str, Any]] = {
    "201 for a new task": {"created": 201},
    "202 for a new task": {"created": 202},
    "202 for a task that has not ended": {"looked": 202},
    "more members everywhere": {"extras": True},
    "integers as ids": {"ids": str},
    "UUIDs as ids": {"ids": of_uuid},
    "ids of one or two letters": {"ids": lambda number: f"{number:x}"},
    "an id of what may stand in a path": {"ids": lambda number: f"a:{number}=b;c,d@e!"},
    "an id with other characters": {"ids": lambda number: f"t:{number}.~é"},
    "a request id of each request": {"request_ids": "of each"},
    "null for what is not there yet": {"nulls": True},
    "a cost and an empty output before the end": {"early": True},
    "only the status until the end": {"lean": True},
    "another JSON media type": {"media_type": "application/vnd.mindvideo+json; charset=utf-8"},
    "JSON as text/plain": {"media_type": "text/plain"},
    **{f"errors as {form}": {"errors": form} for form in (
        "problem", "text", "flat", "list", "html", "plain", "nothing")},
    "400 for every refusal": _refusing(
        of_401=400, of_404=400, of_405=400, of_415=400, of_422=400),
    "403 for a key, and for what is not yours": _refusing(of_401=403, of_404=403, of_405=403),
    "404 for a key, 410 for a task": _refusing(of_401=404, of_404=410, of_405=404, of_422=406),
    "payloads are compared as bytes": {"payload": "bytes"},
    "a replay shows the first answer": {"replay": "as it was"},
    "another price at 720P": {"price_720p": 0.08},
    "2.0 is no integer": {"strict_integers": True},
    "other schemes are read too": {"any_scheme": True},
    "more in a body is ignored": {"open_envelope": True},
    "tasks fail": {"ends": "failed"},
    "other headers": {
        "headers": (("X-Request-Id", "4711"), ("Retry-After", "soon"), ("Allow", "*"))},
    "progress between the events": {"progress": True},
}  # fmt: skip
