"""`world` moves worlds from file to file, and says clearly what cannot be."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from tests.cli.conftest import Run
from tests.conftest import AUTH, TASKS, example


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def client(db: Path) -> Iterator[TestClient]:
    """A server on the file, which stays open meanwhile."""
    with TestClient(create_app(Settings(db=db, progress="manual")), headers=AUTH) as client:
        yield client


def worlds(run: Run, kept: Path | str, option: str = "--db") -> dict[str, int]:
    """The worlds in a file, or a store that another option names, and how many tasks they have."""
    listed = run("world", "list", option, kept, "--json")
    assert listed.exit_code == 0, listed.output
    return {each["world"]: each["tasks"] for each in json.loads(listed.stdout)["worlds"]}


def test_a_world_is_saved_removed_and_loaded_while_a_server_runs(
    run: Run, client: TestClient, db: Path, tmp_path: Path
) -> None:
    made = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"}).json()
    saved = tmp_path / "saved.json"
    assert worlds(run, db) == {"default": 1}
    assert run("world", "save", "default", "--db", db, "-o", saved).exit_code == 0
    assert run("world", "remove", "default", "--db", db).exit_code == 0
    assert client.get(f"{TASKS}/{made['task_id']}").status_code == 404
    assert run("world", "load", saved, "--db", db, "--replace").exit_code == 0
    again = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
    assert again.json()["task_id"] == made["task_id"]


def test_a_world_is_loaded_into_a_new_file(
    run: Run, client: TestClient, db: Path, tmp_path: Path
) -> None:
    client.post(TASKS, json=example())
    saved, other = tmp_path / "saved.json", tmp_path / "other.db"
    run("world", "save", "default", "--db", db, "-o", saved)
    assert run("world", "load", saved, "--db", other).exit_code == 0
    assert worlds(run, other) == {"default": 1}


def test_a_world_of_its_name_is_not_replaced_unasked(
    run: Run, client: TestClient, db: Path, tmp_path: Path
) -> None:
    client.post(TASKS, json=example())
    saved = tmp_path / "saved.json"
    run("world", "save", "default", "--db", db, "-o", saved)
    client.post(TASKS, json=example())
    refused = run("world", "load", saved, "--db", db)
    assert (refused.exit_code, "--replace" in refused.stderr) == (2, True)
    assert worlds(run, db) == {"default": 2}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("save", "defalt"), "no world 'defalt' (did you mean 'default'?)"),
        (("remove", "zzz"), "no world 'zzz'; known are default"),
        (("save", "default", "-o", "/no/such/folder/a.json"), "cannot be written: No such file"),
        (("load", "/no/such/file.json"), "/no/such/file.json: cannot be read: No such file"),
        (("load", __file__), "is not JSON"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    run: Run, client: TestClient, db: Path, arguments: tuple[str, ...], said: str
) -> None:
    client.post(TASKS, json=example())
    refused = run("world", *arguments, "--db", db)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_not_made_by_a_look(run: Run, db: Path) -> None:
    assert "is not there" in run("world", "list", "--db", db).stderr
    assert not db.exists()
