"""What clients sent is kept in files that only their owner can read."""

import os
import stat
from pathlib import Path

import pytest

from mock_mindvideo import Settings, create_app
from mock_mindvideo.stores.snapshot import write_snapshot
from tests.conftest import TASKS, client_of, example

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


def modes(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


@pytest.mark.parametrize("former", [None, 0o644, 0o666])
def test_the_database_and_what_lies_beside_it_are_the_owners_alone(
    tmp_path: Path, former: int | None
) -> None:
    file = tmp_path / "mock.db"
    if former is not None:
        create_app(Settings(db=file)).store.close()
        file.chmod(former)
    app = create_app(Settings(db=file))
    client_of(app).post(TASKS, json=example())
    found = modes(tmp_path)
    app.store.close()

    assert found.keys() == {"mock.db", "mock.db-wal", "mock.db-shm"}
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize("former", [None, 0o644])
def test_a_saved_world_is_the_owners_alone(tmp_path: Path, former: int | None) -> None:
    file = tmp_path / "world.json"
    if former is not None:
        file.touch()
        file.chmod(former)
    app = create_app(Settings())
    write_snapshot(app.store, app.worlds.open("default").state, file)

    assert modes(tmp_path) == {"world.json": 0o600}
