"""Paths are compared whole, HEAD answers like GET, and the query is written down."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo import MockServer
from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.web.routes import PREFIX, TASKS, route
from tests.conftest import example
from tests.serving.wire.talking import Heard, request, talking

#: Paths that lead nowhere, and the one that each was probably meant to be; ID is a task's.
MEANT = {
    "/api/v1/tasks/ID/x/ID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/cancelID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/cancel": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/events/ID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/event": "/api/v1/tasks/ID/events",
    "/api/v1/tasks/ID/Events": "/api/v1/tasks/ID/events",
    "/api/v1/tasks/ID/": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/events/": "/api/v1/tasks/ID/events",
    "/api/v1/tasks/": "/api/v1/tasks",
    "/api/v1/tasks//ID": "/api/v1/tasks/ID",
    "/api/v1//tasks/ID": "/api/v1/tasks/ID",
    "//api/v1/tasks/ID": "/api/v1/tasks/ID",
    "/api/v1/tasks%2FID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID%2Fevents": "/api/v1/tasks/ID/events",
    "/api/v1/tasks/ID%2fevents": "/api/v1/tasks/ID/events",
    "/api%2Fv1/tasks/ID": "/api/v1/tasks/ID",
    "/api%2Fv1/tasks": "/api/v1/tasks",
    "/api/v1%2ftasks": "/api/v1/tasks",
    "/api/v1/./tasks/ID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/./events": "/api/v1/tasks/ID/events",
    "/api/v1/tasks/x/../ID": "/api/v1/tasks/ID",
    "/api/v1/tasks/%2e%2e/tasks/ID": "/api/v1/tasks/ID",
    "/x/../api/v1/tasks/ID": "/api/v1/tasks/ID",
    "/api/v1/tasksID": "/api/v1/tasks/ID",
    "/api/v1/tasks/ID/events;v=1": "/api/v1/tasks/ID/events",
    "/API/v1/Tasks/ID": "/api/v1/tasks/ID",
    "/api/V1/tasks/ID": "/api/v1/tasks/ID",
    "/api/tasks/ID": "/api/v1/tasks/ID",
    "/v1/tasks/ID": "/api/v1/tasks/ID",
    "/tasks/ID": "/api/v1/tasks/ID",
    "/api/v1/task/ID": "/api/v1/tasks/ID",
    "/api/v1/taks": "/api/v1/tasks",
    "/api/v2/tasks": "/api/v1/tasks",
}


@pytest.fixture
def task(server: MockServer) -> str:
    """A task of the world `paths`."""
    return str(
        json.loads(ask(server, "POST", TASKS, json.dumps(example()).encode()).body)["task_id"]
    )


def ask(server: MockServer, method: str, path: str, body: bytes = b"", **headers: str) -> Heard:
    with talking(server) as talk:
        talk.say(request(method, path, body, "paths", **headers))
        return talk.hear(bodiless=method == "HEAD")


@pytest.mark.parametrize("path", MEANT)
def test_a_path_that_is_nearly_right_is_404_with_the_right_one(
    server: MockServer, task: str, path: str
) -> None:
    heard = ask(server, "GET", path.replace("ID", task))
    assert heard.status == 404
    error = json.loads(heard.body)["error"]
    assert error["code"] == "not_found"
    assert f"did you mean {MEANT[path].replace('ID', task)}? " in error["message"]


#: The same beside the API.
MEANT_BESIDE = {
    "/media/paths/ID/1.mp4/": "/media/paths/ID/1.mp4",
    "/media//paths/ID/1.mp4": "/media/paths/ID/1.mp4",
    "//media/paths/ID/1.mp4": "/media/paths/ID/1.mp4",
    "/media/paths/ID%2F1.mp4": "/media/paths/ID/1.mp4",
    "/media%2fpaths/ID/1.mp4": "/media/paths/ID/1.mp4",
    "/Media/paths/ID/1.mp4": "/media/paths/ID/1.mp4",
    "/media/paths/x/../ID/1.mp4": "/media/paths/ID/1.mp4",
    "/_mock/tasks/": "/_mock/tasks",
    "/_mock//tasks": "/_mock/tasks",
    "/_mock%2Ftasks": "/_mock/tasks",
    "/_mock/tasks/ID/": "/_mock/tasks/ID",
    "/_mock/tasks/ID%2fsucceed": "/_mock/tasks/ID/succeed",
    "/_mock/Tasks": "/_mock/tasks",
    "/_MOCK/tasks": "/_mock/tasks",
    "/_mock/request": "/_mock/requests",
    "/mock/requests": "/_mock/requests",
    "/_mock/x/../tasks": "/_mock/tasks",
}


@pytest.mark.parametrize("path", MEANT_BESIDE)
def test_the_paths_of_files_and_of_the_control_plane_are_compared_whole_too(
    server: MockServer, task: str, path: str
) -> None:
    for method in ("GET", "POST"):
        heard = ask(server, method, path.replace("ID", task))
        message = json.loads(heard.body)["error"]["message"]
        assert (heard.status, message.count("did you mean")) == (404, 1)
        assert f"did you mean {MEANT_BESIDE[path].replace('ID', task)}? " in message


def test_an_encoded_slash_submits_nothing(server: MockServer) -> None:
    body = json.dumps(example()).encode()
    assert ask(server, "POST", "/api/v1%2Ftasks", body).status == 404


@pytest.mark.parametrize("path", ["/", "/api/", "/api/v1", "/none", "/api/v1/videos", "/mediax"])
def test_a_path_like_no_other_is_404_with_where_the_api_is(server: MockServer, path: str) -> None:
    message = json.loads(ask(server, "GET", path).body)["error"]["message"]
    assert "did you mean" not in message
    assert TASKS in message


_segments = st.lists(st.text(st.characters(codec="ascii", exclude_characters="/"), max_size=8))


@given(_segments)
def test_only_two_forms_of_path_name_a_task(segments: list[str]) -> None:
    path = "/".join([TASKS, *segments])
    right = len(segments) <= 2 and all(segments) and segments[1:] in ([], ["events"])
    try:
        _, _, task_id = route(path, quote(path).encode())
        assert task_id == (segments[0] if segments else None)
        assert right
    except NotFound:
        assert not right


@given(st.text(max_size=1000))
def test_any_path_is_an_answer_of_bounded_length(rest: str) -> None:
    with pytest.raises(NotFound) as refused:
        route(PREFIX + "v0/" + rest)
    assert len(str(refused.value)) < 2000


HEADS = {
    "a task": (TASKS + "/{task}", {}),
    "no such task": (f"{TASKS}/none", {}),
    "its events as JSON": (TASKS + "/{task}/events", {"Accept": "application/json"}),
    "no such path": ("/api/v1/none", {}),
    "no key": (f"{TASKS}/none", {"Authorization": "none"}),
    "a script": (TASKS + "/{task}", {"X_Mock_Script": "status=503; retry-after=3"}),
}


@pytest.mark.parametrize("name", HEADS)
def test_head_answers_like_get_without_a_body(server: MockServer, task: str, name: str) -> None:
    path, headers = HEADS[name]
    got = ask(server, "GET", path.format(task=task), **headers)
    head = ask(server, "HEAD", path.format(task=task), **headers)
    assert (head.status, head.body) == (got.status, b"")
    assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}
    assert int(head.headers["content-length"]) == len(got.body)


def test_head_of_a_stream_is_its_head_at_once(server: MockServer, task: str) -> None:
    with talking(server) as talk:
        talk.say(request("HEAD", f"{TASKS}/{task}/events", world="paths"))
        head = talk.hear(bodiless=True)
        talk.say(request("GET", f"{TASKS}/none", world="paths"))
        assert talk.hear().status == 404, "the connection goes on, and nothing stood between"
    assert (head.status, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert "content-length" not in head.headers


def test_a_method_that_a_path_does_not_take_is_told_all_that_it_does(server: MockServer) -> None:
    assert ask(server, "DELETE", f"{TASKS}/x").headers["allow"] == "GET, HEAD"
    assert ask(server, "HEAD", TASKS).headers["allow"] == "POST"


@pytest.mark.mindvideo(progress="polls")
def test_head_is_no_poll(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        path = f"{TASKS}/{client.post(TASKS, json=example()).json()['task_id']}"
        for _ in range(5):
            head = client.head(path)
            assert client.head(f"{path}/events").status_code == 200
        assert (head.status_code, head.content) == (200, b"")
        assert client.get(path).json()["status"] == "queued"


QUERY = "page=2&key=mv_live_0123456789abcdef&q=%C3%A9%20x"
SHOWN = "page=2&key=mv_live_…ef&q=%C3%A9%20x"


@pytest.mark.parametrize("fixture", ["mindvideo", "mindvideo_live"])
def test_the_journal_failures_and_curl_lines_keep_the_query(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    world: MindVideo = request.getfixturevalue(fixture)
    with world.client() as client:
        client.get(f"{TASKS}/x?{QUERY}")
    (entry,) = world.requests
    assert (entry.target, entry.path) == (f"{TASKS}/x?{SHOWN}", f"{TASKS}/x")
    world.assert_requested("GET /api/v1/tasks/{task_id}", times=1)
    world.assert_requested(f"GET /api/v1/tasks/x?{SHOWN}", times=1)
    with pytest.raises(AssertionError) as failed:
        world.assert_requested("GET /api/v1/tasks/{task_id}?page=3", times=1)
    assert f"GET {TASKS}/x?{SHOWN} -> 404" in str(failed.value)
    assert f"curl -X GET '{world.base_url}{TASKS}/x?{SHOWN}'" in str(failed.value)
