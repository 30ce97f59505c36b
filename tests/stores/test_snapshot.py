"""A world as a file: opened elsewhere it is as it was when it was saved, and goes on."""

from pathlib import Path

import pytest

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
