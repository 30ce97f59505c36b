"""What a store promises of uploaded files: whole for readers, bounded while they arrive."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Store
from mock_mindvideo.stores.files import MOST_FILES
from mock_mindvideo.stores.sqlite import SqliteStore

from .conftest import Opening
from .making import BRIEFLY, LIFECYCLE, put_file, size_of_file
from .old_files import FILES


def begun(store: Store, name: str) -> Upload:
    upload = Upload(f"{name}.png", "image/png", 0, 0)
    store.files.begin("w", upload)
    return upload


def test_a_file_is_not_found_before_it_is_whole(store: Store) -> None:
    upload = begun(store, "a")
    store.files.add("w", upload.id, b"x")
    assert store.files.find("w", upload.id) is None
    assert store.counts()["uploads"] == 0
    store.files.finish("w", upload.id)
    assert store.files.find("w", upload.id) == upload._replace(size=1)
    assert store.counts()["uploads"] == 1


def test_a_dropped_file_takes_its_pieces_along(store: Store) -> None:
    upload = begun(store, "a")
    store.files.add("w", upload.id, b"x")
    store.files.drop("w", upload.id)
    store.files.drop("w", upload.id)
    assert store.files.piece("w", upload.id, 0) is None
    with pytest.raises(Unavailable, match="made room"):
        store.files.add("w", upload.id, b"x")


@BRIEFLY
@given(st.lists(st.integers(0, 3), max_size=40))
def test_files_that_arrive_at_once_stay_within_the_bound(
    opening: Opening, turns: list[int]
) -> None:
    """Those that began first make room; at most the one that is written now goes beyond."""
    with opening(Bounds(uploads=5 * PIECE)) as store:
        ids = [begun(store, str(number)).id for number in range(4)]
        sizes = dict.fromkeys(ids, 0)
        for turn in turns:
            try:
                store.files.add("w", ids[turn], bytes(PIECE))
            except Unavailable:
                assert store.files.piece("w", ids[turn], 0) is None
                continue
            sizes[ids[turn]] += 1
            there = [each for each in ids if store.files.piece("w", each, 0) is not None]
            assert there == [ids[turn]] or sum(sizes[each] for each in there) <= 5


def test_a_long_file_comes_piece_by_piece(store: Store) -> None:
    put_file(store, "w", "a", 2 * PIECE + 5)
    assert size_of_file(store, "w", "a") == 2 * PIECE + 5
    assert len(store.files.piece("w", "a.png", 2) or b"") == 5


@pytest.mark.slow
def test_no_more_files_are_kept_than_one_can_count(store: Store) -> None:
    for number in range(MOST_FILES + 2):
        put_file(store, "w", str(number), 1)
    assert store.counts()["uploads"] == MOST_FILES
    assert size_of_file(store, "w", "1") is None


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_a_file_that_stood_in_one_place_is_cut_into_pieces(tmp_path: Path, size: int) -> None:
    old = tmp_path / "mock.db"
    old.write_bytes((FILES / "v2.db").read_bytes())
    body = (bytes(range(251)) * (size // 251 + 1))[:size]
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("UPDATE uploads SET body = ?", (body,))
    store = SqliteStore(old, LIFECYCLE)
    found = store.files.find("default", "a.png")
    assert found is not None
    assert found.size == size
    pieces = [store.files.piece("default", "a.png", n) for n in range(-(-size // PIECE))]
    assert [len(piece or b"") for piece in pieces[:-1]] == [PIECE] * (len(pieces) - 1)
    assert b"".join(piece or b"" for piece in pieces) == body
    store.close()
