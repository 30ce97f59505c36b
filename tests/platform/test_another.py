"""A platform that calls everything otherwise needs another file, and no other code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from mock_mindvideo.platform.data import platform_file

#: Every name is another than the vendor's, and answers are worded alike.
OWN = json.loads(platform_file().read_text())
OTHER: dict[str, Any] = OWN | {
    "origin": "https://api.other.example",
    "paths": {
        "submit": "/v2/generations",
        "show": "/v2/generations/{task_id}",
        "events": "/v2/generations/{task_id}/stream",
    },
    "headers": {"idempotency_key": "X-Once", "replayed": "X-Replay", "request_id": "X-Trace"},
    "keys": {
        "scheme": "Token",
        "realm": "other",
        "live": "ot_live_",
        "test": "ot_test_",
        "documented": "ot_live_demo",
    },
    "ids": {"task": "gen_", "request": "call_", "event": "step_", "form": "hex"},
    "members": {
        "model": "model",
        "input": "input",
        "request_id": "call_id",
        "task_id": "generation_id",
        "status": "state",
        "estimate": "price_estimate",
        "cost": "price",
        "output": "result",
        "error": "problem",
    },
    "errors": OWN["errors"]
    | {
        "envelope": {
            "call_id": "{request_id}",
            "problem": OWN["errors"]["envelope"]["error"],
        }
    },
    "tasks": OWN["tasks"]
    | {
        "body": {
            "call_id": "{request_id}",
            "generation_id": "{task_id}",
            "state": "{status}",
            "price_estimate": "{estimate}",
            "price": "{cost}",
            "result": "{output}",
            "problem": "{error}",
        }
    },
}

PROGRAM = """
import json, sys
from pathlib import Path
from mock_mindvideo.platform import data
data.platform_file = lambda: Path(sys.argv[1])
from starlette.testclient import TestClient
from mock_mindvideo import Settings, create_app
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.masking import mask_text

client = TestClient(create_app(Settings(progress="polls", log_level="critical")))
model = next(iter(builtin_catalog().models.values()))
body = {"model": model.slug, "input": dict(model.example)}
headers = {"Authorization": "Token ot_test_mine", "X-Once": "order-1"}
first, again = (client.post("/v2/generations", json=body, headers=headers) for _ in "ab")
path = "/v2/generations/" + first.json()["generation_id"]
polls = [client.get(path, headers=headers).json() for _ in range(3)]
events = client.get(path + "/stream", headers=headers | {"Accept": "application/json"}).json()
print(json.dumps({
    "first": first.json(),
    "trace": first.headers["x-trace"],
    "replay": again.headers["x-replay"],
    "polls": polls,
    "events": events["events"],
    "near": client.get("/v2/generation/x", headers=headers).json(),
    "vendor": client.post("/api/v1/tasks", json=body, headers=headers).status_code,
    "bare": client.get(path).headers["www-authenticate"],
    "masked": mask_text("ot_live_0123456789 mv_live_0123456789"),
}))
"""


def test_the_server_says_the_names_of_its_file(tmp_path: Path) -> None:
    # Beside the packaged file, whose forms are checked when schemas are loaded.
    file = tmp_path / platform_file().name
    file.write_text(json.dumps(OTHER))
    command = [sys.executable, "-c", PROGRAM, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    first = said["first"]
    assert list(first) == ["call_id", "generation_id", "state", "price_estimate"]
    assert first["generation_id"].startswith("gen_")
    assert said["trace"] == first["call_id"]
    assert said["replay"] == "true"
    assert [each["state"] for each in said["polls"]] == ["queued", "processing", "succeeded"]
    assert {"price", "result"} <= said["polls"][-1].keys()
    assert [each["event_id"][:5] for each in said["events"]] == ["step_"] * 3
    assert "did you mean /v2/generations/x?" in said["near"]["problem"]["message"]
    assert said["vendor"] == 404
    assert said["bare"] == 'Token realm="other"'
    assert said["masked"] == "ot_live_…89 mv_live_0123456789"
