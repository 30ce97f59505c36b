"""The requests as bytes on the wire, so that every server is sent exactly the same ones.

The submit is the example on the vendor's page, word for word; `KEY` stands where the load
generators put a text of `KEY_LENGTH` that is another for each request: an Idempotency-Key, as
that page asks for, or a word of the prompt.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KEY = "{key}"
KEY_LENGTH = 32
MODEL = "wan2-7-r2v"
TASKS = "/api/v1/tasks"
INPUT = {
    "prompt": "图1中的人物走在城市街道上,镜头平稳跟拍,电影感光影。",
    "size": "16:9",
    "resolution": "1080P",
    "duration": 5,
    "image_with_roles": [{"url": "https://example.com/character.jpg", "role": "reference_image"}],
}
SUBMIT = {"model": MODEL, "input": INPUT}
SUCCEEDED = {
    "request_id": "req_demo_model",
    "task_id": "task_demo_model",
    "status": "succeeded",
    "cost_estimate": 0.6165,
    "cost_actual": 0.6165,
    "output": {"videos": [{"url": "https://example.com/output/demo.mp4"}]},
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `render` adds what depends on the server."""

    method: str
    path: str
    body: bytes = b""
    keyed: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the vendor's curl example."""
        headers = {"Authorization": "Bearer mv_live_xxx"}
        if self.body:
            length = len(self.body.replace(KEY.encode(), b"k" * KEY_LENGTH))
            headers |= {"Content-Type": "application/json", "Content-Length": str(length)}
        return headers | ({"Idempotency-Key": KEY} if self.keyed else {})

    def render(self, port: int) -> bytes:
        """The request for the server on `port` of this machine."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def _body(submit: Mapping[str, object]) -> bytes:
    return json.dumps(submit, ensure_ascii=False).encode()


BODY = _body(SUBMIT)
POST = Request("POST", TASKS, BODY, keyed=True)
POST_WITHOUT_KEY = Request("POST", TASKS, BODY)
OTHER_PROMPT = {"model": MODEL, "input": INPUT | {"prompt": f"{INPUT['prompt']} {KEY}"}}
POST_OTHER_PROMPT = Request("POST", TASKS, _body(OTHER_PROMPT), keyed=True)


def polls(task_ids: Sequence[str]) -> list[Request]:
    """A GET for each of the tasks."""
    return [Request("GET", f"{TASKS}/{task_id}") for task_id in task_ids]
