"""What the control plane consists of, for whoever opens `/_mock/`."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.platform import PLATFORM

#: What each path below `/_mock` is for; a test holds the list to the routes.
ABOUT: Mapping[tuple[str, str], str] = {
    ("GET", "/"): "this list",
    ("GET", "/ui"): "the page for people, which a browser gets at / too",
    ("GET", "/ui/{file:path}"): "the files of the page",
    ("GET", "/health"): "whether it works, and how much it keeps",
    ("GET", "/metrics"): "what it does, in numbers, for Prometheus",
    ("GET", "/live"): "whether requests are answered; for every caller",
    ("GET", "/ready"): "whether the store can be had as well, else 503; for every caller",
    ("GET", "/rules"): "every behaviour with its fidelity, the script words, the magic hosts",
    ("GET", "/models"): "the models: schemas, example, prices",
    ("GET", "/openapi.json"): "the emulated API as OpenAPI 3.1",
    ("GET", "/control-openapi.json"): "the control plane as OpenAPI 3.1",
    ("GET", "/tasks"): "the newest tasks, with what the API does not show; ?limit=",
    ("GET", "/tasks/{task_id}"): "one task, with what the API does not show",
    ("POST", "/tasks/{task_id}/{move}"): "start, succeed, fail or cancel a task",
    ("POST", "/tasks/{task_id}/cut"): "end the event streams of a task that this process has open",
    (
        "GET",
        "/changes",
    ): "what happens, as events; after Last-Event-ID; ?follow=0 ends it",
    ("GET", "/worlds"): "the worlds, the time of each, and how many tasks it had",
    ("GET", "/requests"): "the journal: the newest requests and their answers; ?limit=",
    ("GET", "/deliveries"): "the events that streams were sent; ?limit=",
    ("GET", "/ledger"): "what is held and charged, and the credit; ?limit=",
    ("GET", "/clock"): "the world's time",
    ("POST", "/clock"): 'move or set it: {"advance": 10}, {"progress": "manual"}, {"speed": 5}',
    ("POST", "/estimate"): "what the body of a submit would cost, or why it would be refused",
    ("GET", "/scripts"): "the stored scripts, and how often each fired",
    ("POST", "/scripts"): 'add a script: {"script": "status=503; times=2"}',
    ("DELETE", "/scripts"): "forget the stored scripts",
    ("GET", "/keys"): "the API keys, masked",
    (
        "POST",
        "/keys",
    ): 'create an API key; its secret is shown this once, or given: {"key": "sk-mine"}',
    ("PATCH", "/keys/{key_id}"): 'disable or enable an API key: {"disabled": true}',
    ("DELETE", "/keys/{key_id}"): "delete an API key",
    ("POST", "/credit"): 'set what may be spent: {"credit": "5.00"}; null for no limit',
    ("GET", "/limits"): "what the world bears: tasks in flight, and quotas",
    (
        "POST",
        "/limits",
    ): 'change it: {"in_flight": 2, "quotas": ["10/1", "300/60", "tasks=20"]}; null and [] lift it',
    ("POST", "/provider-states"): "set up a state for a Pact verifier",
    ("POST", "/reset"): 'forget everything of this world; {"seed": 7} for the next',
    ("POST", "/uploads"): "store a file for a reference: multipart/form-data, field `file`",
}


def index_view(world: str) -> dict[str, Any]:
    """What the control plane is, the world that the caller's key leads to, and every path."""
    return {
        "name": "mock-mindvideo",
        "about": f"the control plane of the mock; the emulated API is at {PLATFORM.paths.submit}",
        "world": world,
        "paths": [
            {"method": method, "path": f"/_mock{path}", "about": about}
            for (method, path), about in ABOUT.items()
        ],
    }
