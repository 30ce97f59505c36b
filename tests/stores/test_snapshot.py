"""A world as a file: opened elsewhere it is as it was when it was saved, and goes on."""

import logging
from pathlib import Path

import pytest

from mock_mindvideo import mock
from mock_mindvideo.plugin.saving import save
from mock_mindvideo.stores import snapshot
from mock_mindvideo.stores.snapshot import load_snapshot, write_snapshot
from mock_mindvideo.system.clock import FakeClock

from ..worlds.making import Mock


@pytest.mark.parametrize("seconds", [-(10**6), 0, 10**6])
def test_a_saved_world_goes_on_from_where_it_was_whatever_the_other_clock_shows(
    tmp_path: Path, seconds: int
) -> None:
    here = Mock(settings={"progress": "time", "speed": 2.0})
    here.submit()
    here.clock.move(2)
    write_snapshot(here.store, here.world().state, tmp_path / "world.json")
    there = Mock(FakeClock(here.clock.real() + seconds), settings={})
    assert load_snapshot(there.store, tmp_path / "world.json") == "default"
    assert there.world().now() == here.world().now()
    assert there.statuses() == here.statuses() == ["processing"]
    there.clock.move(3)
    assert there.statuses() == ["succeeded"]


def test_a_file_that_lacks_old_requests_says_how_many_and_so_does_who_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(snapshot, "ENTRIES", 3)
    with mock() as world, world.client() as client:
        for number in range(3):
            client.get(f"/api/v1/tasks/{number}")
        assert "oldest" not in save(world, tmp_path, "a::whole")
        for number in range(3, 5):
            client.get(f"/api/v1/tasks/{number}")
        assert save(world, tmp_path, "a::test").endswith(" (without the 2 oldest requests)")
        file = tmp_path / f"test.{world.name}.json"
    there = Mock(settings={})

    name = load_snapshot(there.store, file)

    paths = [entry.path for entry in there.store.journal(name, 10)]
    assert paths == [f"/api/v1/tasks/{number}" for number in (2, 3, 4)]
    warned = [each.message for each in caplog.records if each.levelno >= logging.WARNING]
    assert warned == [f"{file}: its journal is without the 2 oldest requests"]
