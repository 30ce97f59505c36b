"""A world's scripts are written when there are others; their counts, with each request."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mock_mindvideo.domain.script import Script, parse
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.sqlite import SqliteStore

from ..worlds.making import CATALOG, Mock


def written(file: Path) -> tuple[str, int]:
    """The revision of the scripts, and the bytes that each change of the world writes."""
    with closing(sqlite3.connect(file)) as db:
        revision = db.execute("SELECT revision FROM scripts").fetchone()[0]
        size = db.execute("SELECT length(state) FROM worlds").fetchone()[0]
    return revision, size


def with_thousand(state: WorldState, script: Script) -> WorldState:
    """The world as it is after a thousand calls of `add_script`."""
    named = (script._replace(id=f"script_{number + 1}", origin="control") for number in range(1000))
    return replace(state, scripts=tuple(named), scripted=1000)


@pytest.mark.parametrize("text", ["outcome=failed; times=1000", "outcome=failed; skip=1000"])
def test_a_submit_beside_a_thousand_scripts_writes_their_counts_alone(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "mock.db"
    mock = Mock(store=SqliteStore(file, CATALOG.lifecycle))
    world = mock.world()
    world.change(lambda state: with_thousand(state, parse(text)))
    revision, _ = written(file)
    for number in range(5):
        mock.submit(f"prompt {number}")
    again, size = written(file)
    assert again == revision
    assert size < 32 * 1000
    seen = [each.seen for each in world.state.scripts]
    assert seen[0] == 5
    world.clear_scripts()
    world.add_script(parse("outcome=stuck"), "control", 1000)
    assert written(file)[0] != revision
    mock.store.close()
    other = Mock(store=SqliteStore(file, CATALOG.lifecycle))
    assert [each.text for each in other.world().state.scripts] == ["outcome=stuck"]
    other.store.close()


def test_processes_that_replace_and_ask_scripts_in_turns_see_the_same(tmp_path: Path) -> None:
    file = tmp_path / "mock.db"
    mocks = [Mock(store=SqliteStore(file, CATALOG.lifecycle)) for _ in range(2)]
    for number in range(20):
        mine, other = mocks[number % 2], mocks[(number + 1) % 2]
        mine.world().add_script(parse(f"outcome=failed; times={number + 1}"), "control", 100)
        other.submit(f"prompt {number}")
        assert mine.world().state == other.world().state
        if number % 7 == 6:
            other.worlds.reset("default")
            assert mine.world().state.scripts == ()
    for mock in mocks:
        mock.store.close()
