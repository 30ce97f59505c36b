"""No API key, and no admin token, ever reaches a log, the journal or the database in clear."""

import logging
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example

SECRETS = ("mv_test_verysecretname", "mv_live_guessedguessed", "Tok3nTok3n")


def unescaped(text: str) -> str:
    """What a reader makes of a text that was escaped once or twice."""
    return unquote(unquote(text)).replace("\\\\", "\\").replace("\\u005f", "_")


def use_secrets_everywhere(client: TestClient) -> str:
    """Send keys wherever a careless client could; returns a created key."""
    made = str(client.post("/_mock/keys").json()["key"])
    for key in (made, *SECRETS):
        headers = {
            "Authorization": f"Bearer {key}",
            "X-Mock-Admin-Token": SECRETS[2],
            "Cookie": key,
        }
        client.post(TASKS, json=example(prompt=f"my key is {key}"), headers=headers)
        client.post(TASKS, content=key.encode(), headers=headers)
        client.get(f"{TASKS}/x", headers={"Authorization": f"Basic {key}"})
        client.get(f"{TASKS}/x", headers={"Authorization": f"Bearer {key} "})
        if key != SECRETS[2]:  # a token has no form by which a path could be known to hold it
            client.get(f"{TASKS}/{key}", headers=headers)
            client.get(f"{TASKS}/x?api_key={key}", headers=headers)
            client.get(f"/_mock/tasks/{key}", headers=headers)
            client.get(f"{TASKS}/{key.replace('_', '%5F')}", headers=headers)
            client.get(f"{TASKS}/{key.replace('_', '%255F')}?k=%6d{key[1:]}", headers=headers)
            client.get(f"/media/default/{key.replace('_', '%5f')}/1.mp4", headers=headers)
            client.post(TASKS, content=key.replace("_", "\\u005f"), headers=headers)
            script = f"delay=0; error={key}"
            client.post(TASKS, json=example(), headers={**headers, "X-Mock-Script": script})
    return made


def test_keys_never_reach_a_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        made = use_secrets_everywhere(client)
    lines = [each.getMessage() for each in caplog.records if each.name.startswith("mock_mindvideo")]
    assert len(lines) > 10
    for secret in (made, *SECRETS):
        assert secret not in unescaped("\n".join(lines))


def test_keys_never_reach_the_journal(client: TestClient) -> None:
    made = use_secrets_everywhere(client)
    for key in ("mv_live_xxx", "mv_test_verysecretname", made):
        headers = {"Authorization": f"Bearer {key}"}
        entries = client.get("/_mock/requests", headers=headers).json()["requests"]
        assert entries
        for entry in entries:
            for part in ("path", "headers", "body", "fault", "plan", "answer", "task_id"):
                for secret in (made, *SECRETS):
                    assert secret not in unescaped(str(entry[part]))


def test_created_keys_are_not_in_the_database(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(db=tmp_path / "mock.db")
    made = client.post("/_mock/keys").json()["key"]
    client.post(TASKS, json=example(), headers={"Authorization": f"Bearer {made}"})
    client.get("/_mock/requests")
    for file in tmp_path.iterdir():
        assert made.encode() not in file.read_bytes()


def test_a_key_is_shown_once_and_masked_ever_after(client: TestClient) -> None:
    made = client.post("/_mock/keys").json()
    listed = client.get("/_mock/keys").json()["keys"]
    assert made["key"] not in str(listed)
    assert listed[-1]["key"] == f"mv_live_…{made['key'][-2:]}"
    refused = client.get(f"{TASKS}/x", headers={"Authorization": "Bearer mv_live_secretsecret"})
    assert refused.json()["error"]["message"] == "the API key mv_live_…et is unknown or was deleted"
