"""`world` over `--store`: whatever keeps the worlds, and whether or not a server runs on it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from tests.cli.conftest import Run
from tests.cli.test_worlds import worlds
from tests.conftest import AUTH, TASKS, example


@pytest.fixture(params=["sqlite", "redis"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two empty stores of one kind."""
    if request.param == "sqlite":
        return f"sqlite:////{tmp_path}/a.db", f"sqlite:////{tmp_path}/b.db"
    server = request.getfixturevalue("redis_server")
    server.empty()
    base = server.url.rpartition("/")[0] if server.url.count("/") > 2 else server.url
    return f"{base}/0", f"{base}/1"


@pytest.fixture
def submit(urls: tuple[str, str]) -> Callable[[str], str]:
    """Submits a task to a server on a store, which ends then; the task's id."""

    def submitted(url: str) -> str:
        app = create_app(Settings(store=url, progress="manual"))
        with TestClient(app, headers=AUTH) as client:
            answer = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
            return str(answer.json()["task_id"])

    return submitted


def test_a_world_goes_from_one_store_to_another_without_a_server(
    run: Run, urls: tuple[str, str], submit: Callable[[str], str], tmp_path: Path
) -> None:
    first, second = urls
    made, saved = submit(first), tmp_path / "saved.json"
    assert worlds(run, first, "--store") == {"default": 1}
    assert run("world", "save", "default", "--store", first, "-o", saved).exit_code == 0
    assert run("world", "load", saved, "--store", second).exit_code == 0
    assert run("world", "remove", "default", "--store", first).exit_code == 0
    assert worlds(run, first, "--store") == {}
    assert worlds(run, second, "--store") == {"default": 1}
    assert submit(second) == made


def test_a_world_of_its_name_is_replaced_only_when_asked(
    run: Run, urls: tuple[str, str], submit: Callable[[str], str], tmp_path: Path
) -> None:
    submit(urls[0])
    saved = tmp_path / "saved.json"
    run("world", "save", "default", "--store", urls[0], "-o", saved)
    refused = run("world", "load", saved, "--store", urls[0])
    assert refused.exit_code == 2
    assert "there is a world 'default' already" in refused.stderr
    assert run("world", "load", saved, "--store", urls[0], "--replace").exit_code == 0


def test_what_is_named_goes_before_what_a_variable_names(
    run: Run, urls: tuple[str, str], submit: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(urls[0])
    monkeypatch.setenv("MOCK_MINDVIDEO_DB", "/nowhere/mock.db")
    assert worlds(run, urls[0], "--store") == {"default": 1}
    monkeypatch.delenv("MOCK_MINDVIDEO_DB")
    monkeypatch.setenv("MOCK_MINDVIDEO_STORE", urls[0])
    listed = run("world", "list", "--json")
    assert json.loads(listed.stdout)["worlds"][0]["world"] == "default"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "say where the worlds are: --db FILE or --store URL"),
        (("--db", "a.db", "--store", "sqlite:///b.db"), "say where the worlds are"),
        (("--store", "memory:"), "holds no worlds outside a running server"),
        (("--store", "mysql://here"), "store"),
        (("--store", "sqlite:///nowhere.db"), "nowhere.db: is not there"),
        (("--store", "redis://user:hidden@127.0.0.1:1/0"), "127.0.0.1:1"),
    ],
)
def test_a_place_that_has_no_worlds_is_told(
    run: Run, arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run("world", "list", *arguments)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert "hidden" not in refused.output
    assert "Traceback" not in refused.output
    assert list(tmp_path.iterdir()) == []
