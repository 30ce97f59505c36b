"""Each invented behaviour: how it is changed, and an exchange in which that shows."""

import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
from starlette.testclient import TestClient

from mock_mindvideo import MockServer
from mock_mindvideo.settings import Bounds
from mock_mindvideo.web.app import App
from tests.conftest import TASKS, example

JSON = {"Content-Type": "application/json"}
KEY = {"Idempotency-Key": "k"}
H, R = "platform/http.json#", "platform/http.json#/errors/refusals/"
MODEL = "models/wan2-7-r2v/"

#: What a client sees of a behaviour.
Probe = Callable[[App, TestClient], Any]


class Changed(NamedTuple):
    """A behaviour: the place that changes it, to what, and what a client sees of it."""

    id: str
    place: str
    value: Any
    seen: Probe
    settings: Mapping[str, Any] = {}


def submitted(client: TestClient, body: Any = None, **headers: str) -> str:
    """Submit the example, or another body, and its task's id."""
    client.post(TASKS, json=body or example(), headers=headers)
    return str(client.get("/_mock/tasks").json()["tasks"][-1]["task_id"])


def polled(client: TestClient, times: int = 3, body: Any = None, **headers: str) -> Any:
    """A task as it is after so many polls."""
    task_id = submitted(client, body, **headers)
    return [client.get(f"{TASKS}/{task_id}").json() for _ in range(times)][-1]


def refused(method: str, path: str, **sent: Any) -> Probe:
    """The status of a refusal."""

    def seen(app: App, client: TestClient) -> Any:
        return client.request(method, path, **sent).status_code

    return seen


def posting(**sent: Any) -> Probe:
    return refused("POST", TASKS, **sent)


def with_key(key: str) -> Probe:
    return posting(json=example(), headers={"Authorization": f"Bearer {key}"})


def events(client: TestClient, **headers: str) -> Any:
    return client.get(f"{TASKS}/{submitted(client)}/events", headers=headers)


def resumed(app: App, client: TestClient) -> Any:
    task_id = submitted(client)
    client.get(f"{TASKS}/{task_id}/events")
    return client.get(f"{TASKS}/{task_id}/events", headers={"Last-Event-ID": "1"}).text.count("id:")


def in_progress(app: App, client: TestClient) -> Any:
    with app.gates.marked("default", "k"):
        return client.post(TASKS, json=example(), headers=KEY).status_code


def full(app: App, client: TestClient) -> Any:
    return [client.post(TASKS, json=example()).status_code for _ in range(2)][-1]


def limited(app: App, client: TestClient) -> Any:
    client.post("/_mock/scripts", json={"script": "limit=1/60"})
    return [client.get(f"{TASKS}/x").status_code for _ in range(2)][-1]


def replayed(app: App, client: TestClient) -> Any:
    return [client.post(TASKS, json=example(), headers=KEY) for _ in range(2)][-1].status_code


def key_is_over(app: App, client: TestClient) -> Any:
    """How many tasks there are of two requests under one key, a minute apart."""
    submitted(client, **KEY)
    client.post("/_mock/clock", json={"advance": 60})
    submitted(client, **KEY)
    return len(client.get("/_mock/tasks").json()["tasks"])


def charged(outcome: str) -> Probe:
    def seen(app: App, client: TestClient) -> Any:
        return polled(client, **{"X-Mock-Script": f"outcome={outcome}"})["cost_actual"]

    return seen


def slow_head(app: App, client: TestClient) -> Any:
    """The status of the answer to a head that never ends."""
    with MockServer(app.settings) as server:
        address = (server.settings.host, int(server.url.rpartition(":")[2]))
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a")
            return connection.recv(64).split()[1]


def demo(app: App, client: TestClient) -> Any:
    app.worlds.reset("default")
    return client.get(f"{TASKS}/task_demo_model").json().get("cost_estimate")


def costs(model: str, given: dict[str, Any]) -> Probe:
    """What an input of another model is estimated at, if it is offered."""
    body = {"model": model, "input": given}
    return lambda app, client: client.post(TASKS, json=body).json().get("cost_estimate")


def has_sound(app: App, client: TestClient) -> Any:
    link = polled(client, body=example(duration=2))["output"]["videos"][0]["url"]
    return b"mp4a" in client.get(urlsplit(link).path).content


def replay_of_the_end(app: App, client: TestClient) -> Any:
    """The state that a replay shows of a task that has ended."""
    polled(client, **KEY)
    return client.post(TASKS, json=example(), headers=KEY).json()["status"]


def ids_of_looks(app: App, client: TestClient) -> Any:
    """Whether two looks show one request's id."""
    task_id = submitted(client)
    one, other = (client.get(f"{TASKS}/{task_id}").json() for _ in range(2))
    return one["request_id"] == other["request_id"]


def challenged(app: App, client: TestClient) -> Any:
    return client.get(f"{TASKS}/x", headers={"Authorization": ""}).headers.get("www-authenticate")


def allowed(app: App, client: TestClient) -> Any:
    return client.patch(TASKS).headers.get("allow")


def listed_events(app: App, client: TestClient) -> Any:
    return events(client, Accept="application/json").headers["content-type"]


def header(name: str, **sent: Any) -> Probe:
    return lambda app, client: client.post(TASKS, json=example(), **sent).headers.get(name)


def magic(host: str) -> Probe:
    image = [{"url": f"https://{host}.mock.invalid/x.jpg", "role": "reference_image"}]

    def seen(app: App, client: TestClient) -> Any:
        body = example(image_with_roles=image)
        answers = [client.post(TASKS, json=body).status_code]
        tasks = client.get("/_mock/tasks").json()["tasks"]
        return answers, [each["planned"][-1]["status"] for each in tasks if each["planned"]]

    return seen


from_afar = refused("GET", "/_mock/", headers={"Host": "a.b", "X-Mock-Admin-Token": "secret"})


def second_plan(app: App, client: TestClient) -> Any:
    """What the second of two tasks will do."""
    for _ in range(2):
        submitted(client)
    return client.get("/_mock/tasks").json()["tasks"][-1]["planned"]


def twice(app: App, client: TestClient) -> Any:
    return [client.get(f"{TASKS}/x").status_code for _ in range(2)]


def size_of_clip(app: App, client: TestClient) -> Any:
    url = polled(client, body=example(duration=2))["output"]["videos"][0]["url"]
    return client.head(urlsplit(url).path).headers["content-length"]


def noted(app: App, client: TestClient) -> Any:
    """How many of the requests that went well are in the journal."""
    polled(client, times=9)
    return len(client.get("/_mock/requests").json()["requests"])


def idle_world(app: App, client: TestClient) -> Any:
    """Whether a world is still there that nobody uses; one that is to go has time enough."""
    with MockServer(app.settings) as server, httpx2.Client(base_url=server.url) as real:
        real.post(TASKS, json=example(), headers={"Authorization": "Bearer mv_test_idle"})
        until = time.monotonic() + (60 if app.settings.world_ttl else 2.5)
        names = {"idle"}
        while "idle" in names and time.monotonic() < until:
            names = {each["world"] for each in real.get("/_mock/worlds").json()["worlds"]}
        return "idle" in names


of_team = refused(
    "GET",
    "/_mock/tasks",
    headers={
        "Host": "a.b",
        "X-Mock-Admin-Token": "secret",
        "Authorization": "Bearer mv_test_team-a",
    },
)

ORIGIN = {"Origin": "http://localhost:5173"}
SCRIPT = {"X-Mock-Script": "status=503"}

CHANGES = (
    Changed("X01", f"{H}/answers/submit", 202, posting(json=example())),
    Changed("X01", f"{H}/answers/replay", 201, replayed),
    Changed("X01", f"{H}/answers/replays", "first", replay_of_the_end),
    Changed("X03", f"{H}/tasks/request_ids", "each", ids_of_looks),
    Changed("X04", f"{H}/errors/without", ["WWW-Authenticate"], challenged),
    Changed("X14", f"{H}/errors/without", ["Allow"], allowed),
    Changed("X22", f"{H}/events/lists", False, listed_events),
    Changed("X23", f"{H}/events/resumes", False, resumed),
    Changed(
        "X02",
        f"{H}/errors/envelope",
        {"why": "{message}"},
        lambda app, client: list(client.get(f"{TASKS}/x").json()),
    ),
    Changed("X03", f"{H}/headers/request_id", "X-Trace", header("x-trace")),
    Changed("X04", f"{R}missing_api_key", {"status": 403}, posting(headers={"Authorization": ""})),
    Changed("X04", f"{R}invalid_api_key", {"status": 403}, with_key("mv_test_deleted")),
    Changed("X05", f"{R}disabled_api_key", {"status": 401}, with_key("mv_test_disabled")),
    Changed("X06", f"{R}insufficient_credit", {"status": 403}, with_key("mv_test_no_credit")),
    Changed("X08", f"{R}invalid_json", {"status": 422}, posting(content=b"{", headers=JSON)),
    Changed(
        "X09",
        f"{R}invalid_http",
        {"status": 422},
        posting(headers=[("Content-Type", "a/b"), ("Content-Type", "a/c")]),
    ),
    Changed(
        "X10",
        f"{R}invalid_idempotency_key",
        {"status": 422},
        posting(json=example(), headers={"Idempotency-Key": ""}),
    ),
    Changed("X10", f"{H}/lifetimes/keys", 60, key_is_over),
    Changed("X12", f"{R}idempotency_in_progress", {"status": 425}, in_progress),
    Changed("X13", f"{R}not_found", {"status": 400}, refused("GET", "/api/v1/task")),
    Changed("X13", f"{R}task_not_found", {"status": 410}, refused("GET", f"{TASKS}/x")),
    Changed("X13", f"{R}unknown_model", {"status": 400}, posting(json=example() | {"model": "x"})),
    Changed("X14", f"{R}method_not_allowed", {"status": 404}, refused("PATCH", TASKS)),
    Changed(
        "X15",
        f"{R}payload_too_large",
        {"status": 400},
        posting(content=b" " * 3000, headers=JSON),
        {"bounds": Bounds(body=2048)},
    ),
    Changed("X16", f"{R}unsupported_media_type", {"status": 400}, posting(content=b"{}")),
    Changed("X17", f"{R}invalid_request", {"status": 400}, posting(json=[])),
    Changed("X17", f"{R}invalid_input", {"status": 400}, posting(json=example(duration=1))),
    Changed("X18", f"{R}rate_limited", {"status": 420}, limited),
    Changed("X19", f"{R}unavailable", {"status": 507}, full, {"bounds": Bounds(tasks=1)}),
    Changed("X21", f"{H}/events/stream", "ndjson", lambda app, client: events(client).text[:1]),
    Changed("X21", f"{H}/events/type", "now_{status}", lambda _, client: events(client).text[:40]),
    Changed(
        "X22",
        f"{H}/events/default",
        "list",
        lambda app, client: events(client).headers["content-type"],
    ),
    Changed("X23", f"{H}/events/sse/id", "{event_id}", resumed),
    Changed(
        "X24",
        "platform/lifecycle.json#/plan",
        [{"state": "queued", "seconds": 1}, {"state": "processing", "seconds": 1}],
        lambda app, client: events(client).text,
    ),
    Changed(
        "X25",
        "platform/lifecycle.json#/error",
        "timeout",
        lambda app, client: polled(client, **{"X-Mock-Script": "outcome=failed"})["error"]["code"],
    ),
    Changed("X26", f"{MODEL}pricing.json#/charge_on", ["cancelled"], charged("cancelled")),
    Changed("X27", f"{MODEL}pricing.json#/charge_on", ["failed"], charged("succeeded")),
    Changed("X28", f"{H}/answers/cors", False, header("access-control-allow-origin")),
    Changed("X29", f"{H}/answers/advice", False, header("x-mock-advice", headers=ORIGIN)),
    Changed("X30", "--no-magic", False, posting(json=example(), headers=SCRIPT)),
    Changed("X31", "--no-magic", False, magic("fail")),
    Changed("X32", "--progress", "manual", lambda app, client: polled(client)["status"]),
    Changed(
        "X33",
        "--public-url",
        "https://mock.example",
        lambda app, client: polled(client)["output"]["videos"][0]["url"].partition("/media")[0],
    ),
    Changed(
        "X34",
        f"{MODEL}model.json#/output",
        "images",
        lambda app, client: list(polled(client)["output"]),
    ),
    Changed("X36", "--admin-token", "secret", from_afar),
    Changed("X40", "--no-magic", False, magic("unavailable")),
    Changed("X42", f"{MODEL}model.json#/example", {"duration": 10}, demo, {"demo": True}),
    Changed(
        "X50",
        f"{H}/tasks/nulls",
        True,
        lambda app, client: list(client.post(TASKS, json=example()).json()),
    ),
    Changed(
        "X51",
        f"{R}request_timeout",
        {"status": 400},
        slow_head,
        {"head_timeout": 0.2, "port": 0},
    ),
    Changed("X72", "--in-flight", 1, second_plan),
    Changed("X73", "--quota", ("1/60",), twice),
    Changed("X74", "--profile", "load", lambda _, client: client.get("/_mock/scripts").json()),
    Changed("X75", "--media-bitrate", 4.0, size_of_clip),
    Changed("X76", "--journal-sample", 100, noted),
    Changed("X77", "--world-ttl", 1.0, idle_world, {"progress": "manual", "port": 0}),
    Changed(
        "X90",
        "models/wan2-7-image/pricing.json#/rates",
        [{"when": {}, "price": "1", "fidelity": "inferred"}],
        costs("wan2-7-image", {"prompt": "x", "resolution": "4K"}),
        {"models": ("all",)},
    ),
    Changed("X91", f"{MODEL}model.json#/sound", True, has_sound),
    Changed("X92", "--models", ("all",), costs("kling-v3", {"prompt": "x"})),
    Changed("X78", "--namespace", ("team-=secret",), of_team),
)
