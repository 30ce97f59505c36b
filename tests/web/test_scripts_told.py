"""A script that would do nothing is refused, saying why, whatever trigger it comes by."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.script import WORDS, Kind, ScriptError, in_header, parse, written
from mock_mindvideo.plugin.control import ControlError
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from mock_mindvideo.web.script_file import read_script_file
from tests.conftest import TASKS, MakeClient, example

#: A script with each word that acts, and a mate where it needs one.
SAMPLES = {
    "outcome": "outcome=failed",
    "queued": "queued=1",
    "processing": "processing=1",
    "error": "error=timeout",
    "message": "message=Sorry",
    "webhook-drop": "webhook-drop=1",
    "webhook-duplicate": "webhook-duplicate",
    "webhook-reorder": "webhook-reorder",
    "delay": "delay=0",
    "status": "status=503",
    "retry-after": "status=503; retry-after=1",
    "drop@before-commit": "drop@before-commit",
    "drop@after-commit": "drop@after-commit",
    "truncate": "truncate=20",
    "malformed": "malformed",
    "drip": "drip=1000000",
    "cut": "cut=1",
    "duplicate": "duplicate=1",
    "heartbeats": "heartbeats=0",
    "limit": "limit=1/60",
    "times": "delay=0; times=1",
    "skip": "delay=0; skip=0",
    "probability": "delay=0; probability=1",
    "method": "delay=0; method={method}",
    "path": "delay=0; path={path}",
}

JSON = {"Accept": "application/json"}


def request(world: MindVideo, kind: Kind, script: str) -> httpx.Response:
    """The answer to a request of that kind under a script in its header."""
    with world.client() as client:
        task = f"{TASKS}/{client.post(TASKS, json=example()).json()['task_id']}"
        method, path, more = {
            Kind.SUBMIT: ("POST", TASKS, {}),
            Kind.SHOW: ("GET", task, {}),
            Kind.LIST: ("GET", f"{task}/events", JSON),
            Kind.STREAM: ("GET", f"{task}/events", {}),
        }[kind]
        headers = more | {"X-Mock-Script": script.format(method=method, path=path)}
        body = example() if method == "POST" else None
        return client.request(method, path, json=body, headers=headers)


def test_there_is_a_sample_of_every_word() -> None:
    assert SAMPLES.keys() == WORDS.keys()


@pytest.mark.parametrize("kind", [Kind.SUBMIT, Kind.SHOW, Kind.LIST, Kind.STREAM])
@pytest.mark.parametrize("word", SAMPLES)
def test_each_word_acts_on_a_request_or_says_that_it_cannot(
    mindvideo: MindVideo, word: str, kind: Kind
) -> None:
    if kind in WORDS[word].on:
        try:
            assert request(mindvideo, kind, SAMPLES[word]).status_code in {200, 503}
        except httpx.RemoteProtocolError:
            assert word in {"drop@before-commit", "drop@after-commit", "truncate"}
        return
    refused = request(mindvideo, kind, SAMPLES[word])
    assert refused.status_code == 422
    message = refused.json()["error"]["message"]
    assert message.startswith(f"X-Mock-Script: the word '{word}' acts on ")
    assert "; this request is " in message


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("outcome=failed; method=GET", "the word 'outcome' acts on POST /api/v1/tasks; with"),
        ("outcome=failed; path=/api/v1/tasks/*", "the word 'outcome' acts on POST"),
        ("cut=1; method=POST", "the word 'cut' acts on GET"),
        ("delay=1; cut=1; path=/api/v1/tasks", "the word 'cut' acts on GET"),
        ("truncate=1; method=HEAD", "the word 'truncate' acts on"),
        ("drop@after-commit; cut=1", "never act on the same request"),
        ("outcome=failed; cut=1", "never act on the same request"),
        ("status=503; path=/api/v2/tasks", "no request has 'path=/api/v2/tasks'"),
        ("status=503; path=/api/v1/tasks/", "no request has"),
        ("status=503; method=PUT", "no request has 'method=PUT'"),
        ("status=503; outcome=failed", "would do nothing beside 'status'"),
        ("drop@before-commit; malformed", "would do nothing beside 'drop@before-commit'"),
        ("drop@after-commit; truncate=3", "would do nothing beside 'drop@after-commit'"),
        ("limit=1/60; outcome=failed", "would do nothing beside 'limit'"),
        ("outcome=stuck; error=timeout", "would do nothing beside 'outcome=stuck'"),
        ("outcome=succeeded; message=x", "would do nothing beside 'outcome=succeeded'"),
        ("delay=1; retry-after=3", "'retry-after' needs 'status=429'"),
        ("times=2", "says nothing to do"),
        ("outcme=failed", "did you mean 'outcome'?"),
        ("message=a; b", "stands in double quotes"),
        ("delay=1" + ";" * 1000, "at most 1000 characters"),
        ("delay=10000", "does not fit"),
    ],
)
def test_every_trigger_refuses_it_with_the_same_words(
    mindvideo: MindVideo, tmp_path: Path, script: str, why: str
) -> None:
    with pytest.raises(ScriptError) as read:
        parse(script)
    problem = str(read.value)
    assert why in problem

    with mindvideo.client() as client:
        headers = {"X-Mock-Script": script}
        by_header = client.post(TASKS, json=example(), headers=headers)
    assert by_header.status_code == 422
    assert by_header.json()["error"]["message"] == f"X-Mock-Script: {problem}"

    for steer in (
        lambda: mindvideo.script(script),
        lambda: mindvideo._control.call("POST", "/scripts", {"script": script}),
    ):
        with pytest.raises(ControlError) as refused:
            steer()
        assert problem in str(refused.value)

    file = tmp_path / "scripts.toml"
    file.write_text(f"scripts = ['''{script}''']", encoding="utf-8")
    with pytest.raises(ScriptError) as unread:
        read_script_file(file)
    assert str(unread.value) == f"{file}: scripts[0]: {problem}"


@pytest.mark.parametrize("modifier", ["method=GET", "path=/api/v1/tasks/*", "path=/api/v1/tasks/x"])
def test_a_script_in_a_header_that_is_not_for_its_own_request_says_so(
    mindvideo: MindVideo, modifier: str
) -> None:
    with mindvideo.client() as client:
        headers = {"X-Mock-Script": f"delay=0; {modifier}"}
        refused = client.post(TASKS, json=example(), headers=headers)
    assert refused.status_code == 422
    assert refused.json()["error"]["message"] == (
        f"X-Mock-Script: '{modifier}' excludes this request, which is POST /api/v1/tasks"
    )


Send = Callable[[MindVideo, str], str]


def in_a_header(world: MindVideo, message: str) -> str:
    script = in_header(written({"outcome": "failed", "message": message}))
    with world.client() as client:
        answer = client.post(TASKS, json=example(), headers={"X-Mock-Script": script})
    assert answer.status_code == 200, answer.text
    return answer.headers["x-mock-script"]


def in_json(world: MindVideo, message: str) -> str:
    world.script(written({"outcome": "failed", "message": message}), times=1)
    with world.client() as client:
        return client.post(TASKS, json=example()).headers["x-mock-script"]


def in_a_json_object(world: MindVideo, message: str) -> str:
    words = {"outcome": "failed", "message": message, "times": 1}
    world._control.call("POST", "/scripts", {"script": words})
    with world.client() as client:
        return client.post(TASKS, json=example()).headers["x-mock-script"]


def by_keyword(world: MindVideo, message: str) -> str:
    world.next_task(outcome="failed", message=message)
    with world.client() as client:
        return client.post(TASKS, json=example()).headers["x-mock-script"]


def failures(world: MindVideo) -> list[str]:
    """What the tasks' errors say, as the API shows them."""
    with world.client() as client:
        shown = [client.get(f"{TASKS}/{task.id}").json() for task in world.tasks]
    return [each["error"]["message"] for each in shown]


@pytest.mark.parametrize("send", [in_a_header, in_json, in_a_json_object, by_keyword])
@given(message=st.text(min_size=1, max_size=60) | st.sampled_from(["a; b=c\n", "100%41", '"', " "]))
def test_a_message_may_be_any_text_and_what_the_answer_names_can_be_sent_again(
    send: Send, message: str
) -> None:
    with embedded_world("told", Options()) as world:
        named = send(world, message)
        with world.client() as client:
            again = client.post(TASKS, json=example(), headers={"X-Mock-Script": named})
        assert again.status_code == 200, again.text
        shown = world.requests[-1].plan
        assert shown is not None
        world._control.call("POST", "/scripts", {"script": shown})
        with world.client() as client:
            client.post(TASKS, json=example())
        world.advance(100)
        assert failures(world) == [message] * 3


def test_a_toml_file_takes_any_message_as_text_or_in_a_table(tmp_path: Path) -> None:
    file = tmp_path / "scripts.toml"
    file.write_text(
        """scripts = [
            '''outcome=failed; message="图 1; \\"x\\" = 5\\n"''',
            {outcome = "failed", message = "图 1; \\"x\\" = 5\\n", times = 2},
            {"drop@after-commit" = true},
        ]""",
        encoding="utf-8",
    )
    first, second, third = read_script_file(file)("default")
    assert first.plan.message == second.plan.message == '图 1; "x" = 5\n'
    assert (second.times, third.text) == (2, "drop@after-commit")


def test_a_toml_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "scripts.toml"
    file.write_text('scripts = ["status=503"]', encoding="utf-8-sig")
    assert [script.text for script in read_script_file(file)("any")] == ["status=503"]


@pytest.mark.parametrize("name", ["Alice", "a.b", "", "é", "a" * 41, "two words"])
def test_scripts_for_a_world_that_no_key_leads_to_are_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "scripts.toml"
    file.write_text(f'[worlds."{name}"]\nscripts = ["status=503"]', encoding="utf-8")
    with pytest.raises(ScriptError, match="is no world that a key leads to"):
        read_script_file(file)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("outcome=failed; message=caf%C3%A9", "café"),
        ("outcome=failed; message=a%3B%20b%3Dc", "a; b=c"),
        ("outcome=failed; message=100%", "100%"),
        ("outcome=failed; message=100%2541", "100%41"),
        ("outcome%3Dfailed%3B%20message%3D%22a%3B%20b%22", "a; b"),
        ("outcome=failed; message=%22a%22", '"a"'),
        ("message=50%25; outcome=failed", "50%"),
        # As they are, where a byte of a letter is no white space of another encoding.
        ("outcome=failed; message=déjà".encode(), "déjà"),
        ("outcome=failed; message=内; times=2".encode(), "内"),
        ("outcome=failed; message=内 50%25".encode(), "内 50%"),
    ],
)
def test_percent_encoding_is_decoded_in_a_header(
    mindvideo: MindVideo, sent: str | bytes, message: str
) -> None:
    script = sent if isinstance(sent, bytes) else sent.encode()
    with mindvideo.client() as client:
        client.post(TASKS, json=example(), headers={b"X-Mock-Script": script})
    mindvideo.advance(100)
    assert failures(mindvideo) == [message]


@pytest.mark.parametrize("path", ["/_mock/tasks", "/_mock/none", "/media/default/task_x/1.mp4"])
def test_a_script_for_what_none_acts_on_is_refused(make_client: MakeClient, path: str) -> None:
    headers = {"X-Mock-Script": "delay=1"}
    refused = make_client().get(path, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid_request")
    assert f"this request is GET {path}" in refused.json()["error"]["message"]
    assert make_client(magic=False).get(path, headers=headers).status_code != 422


def test_rules_say_for_each_word_on_which_requests_it_acts(client) -> None:
    acts_on = client.get("/_mock/rules").json()["words_act_on"]
    assert acts_on["outcome"] == ["POST /api/v1/tasks"]
    assert acts_on["cut"] == ["GET /api/v1/tasks/{task_id}/events as a stream"]
    assert len(acts_on["delay"]) == 5
    assert len(acts_on["truncate"]) == 4
