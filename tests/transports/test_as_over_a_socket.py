"""What a client sees in process is what it sees of a server, whichever library it is.

Each flow runs twice: at the vendor's address in process, and at a server's over a socket.
"""

from collections.abc import Callable
from typing import Any

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.transports.clients import CLIENTS, STREAMING, Client, Reply

#: Headers that differ from run to run, or that only a server's connection has.
OWN = {"date", "server", "x-request-id", "connection", "content-location"}

pytestmark = pytest.mark.slow

Flow = Callable[[Client, MindVideo], Any]


def seen(answer: Reply, world: MindVideo) -> Any:
    """An answer without what differs by itself."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    return answer.status_code, headers, len(answer.content)


def outcome(flow: Flow, client: Client, world: MindVideo) -> Any:
    client.base_url = world.base_url
    try:
        return flow(client, world)
    except Exception as problem:  # noqa: BLE001 - it is what is compared
        return type(problem)


def submitted(client: Client, world: MindVideo) -> str:
    return client.submit(example(), Authorization=f"Bearer {world.api_key}")


def get(client: Client, world: MindVideo, path: str, method: str = "GET", **headers: str) -> Any:
    own = {"Authorization": f"Bearer {world.api_key}", **headers}
    return seen(client.request(method, path, headers=own), world)


def a_task(client: Client, world: MindVideo) -> Any:
    return get(client, world, f"{TASKS}/{submitted(client, world)}")


def a_head(client: Client, world: MindVideo) -> Any:
    return get(client, world, f"{TASKS}/{submitted(client, world)}", "HEAD")


def an_unknown_task(client: Client, world: MindVideo) -> Any:
    return get(client, world, f"{TASKS}/task_x")


def another_method(client: Client, world: MindVideo) -> Any:
    return get(client, world, TASKS, "PATCH")


def no_key(client: Client, world: MindVideo) -> Any:
    return get(client, world, TASKS, Authorization="Bearer")


def a_whole_stream(client: Client, world: MindVideo) -> Any:
    answer = client.request(
        "GET",
        f"{TASKS}/{submitted(client, world)}/events",
        headers={"Authorization": f"Bearer {world.api_key}"},
    )
    return seen(answer, world)[:2], answer.content.count(b"event: ")


def faulty(script: str) -> Flow:
    def flow(client: Client, world: MindVideo) -> Any:
        task_id = submitted(client, world)
        world.script(f"{script}; method=GET")
        return get(client, world, f"{TASKS}/{task_id}")

    flow.__name__ = script
    return flow


def faulty_stream(script: str) -> Flow:
    def flow(client: Client, world: MindVideo) -> Any:
        task_id = submitted(client, world)
        world.script(script)
        lines: list[str] = []
        try:
            client.lines(
                f"{TASKS}/{task_id}/events",
                lambda line: bool(lines.append(line)),  # type: ignore[func-returns-value]
                headers={"Authorization": f"Bearer {world.api_key}"},
            )
        except Exception as problem:  # noqa: BLE001 - it is what is compared
            lines.append(type(problem).__name__)
        return [line for line in lines if not line.startswith(("data: ", "retry: "))]

    flow.__name__ = f"stream with {script}"
    return flow


FLOWS = [
    a_task,
    a_head,
    an_unknown_task,
    another_method,
    no_key,
    a_whole_stream,
    *map(
        faulty,
        ("status=503", "status=429; retry-after=3", "malformed", "truncate=40", "truncate=0"),
    ),
    *map(faulty, ("drop@before-commit", "drop@after-commit")),
]
STREAMS = [*map(faulty_stream, ("cut=2", "truncate=90", "duplicate=2", "malformed"))]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
@pytest.mark.parametrize("name", CLIENTS)
def test_an_answer_is_the_same_in_process_and_over_a_socket(
    name: str, flow: Flow, mindvideo: MindVideo, mindvideo_live: MindVideo
) -> None:
    here = outcome(flow, CLIENTS[name](), mindvideo)
    assert here == outcome(flow, CLIENTS[name](), mindvideo_live)


@pytest.mark.parametrize("flow", STREAMS, ids=lambda flow: flow.__name__)
@pytest.mark.parametrize("name", STREAMING)
def test_a_stream_is_the_same_in_process_and_over_a_socket(
    name: str, flow: Flow, mindvideo: MindVideo, mindvideo_live: MindVideo
) -> None:
    here = outcome(flow, CLIENTS[name](), mindvideo)
    assert here == outcome(flow, CLIENTS[name](), mindvideo_live)
