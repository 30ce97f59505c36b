"""What `Store` promises of keys, uploads, the journal, and of what it counts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.journal import Note, entry_of, note_of
from mock_mindvideo.domain.script import parse
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import Store
from mock_mindvideo.stores.sqlite import SqliteStore

from .conftest import Opening
from .making import BRIEFLY, LIFECYCLE, create, entry, key, note, put_file, size_of_file, start


def test_a_key_is_found_by_its_digest_and_no_other(store: Store) -> None:
    store.add_key(key(1))
    assert store.key(key(1).digest) == key(1)
    assert store.key(key(2).digest) is None


@BRIEFLY
@given(st.integers(0, 3), st.sampled_from(["default", "other", "absent", None]), st.booleans())
def test_enter_returns_the_key_and_the_world_and_creates_neither(
    opening: Opening, number: int, world: str | None, scripted: bool
) -> None:
    script = parse("outcome=failed; times=2")
    with opening() as store:
        for each in (1, 2):
            store.add_key(key(each))
        for name in ("default", "other"):
            if scripted:
                store.change(start(name), lambda g: (g.state.scripting(script, "control"), None))
            create(store, start(name))
        found, state = store.enter(key(number).digest, world)
        assert found == store.key(key(number).digest)
        assert {each.name for each in store.worlds()} == {"default", "other"}
        there = world in ("default", "other")
        assert state == (store.world(start(str(world))) if there else None)


@BRIEFLY
@given(st.booleans(), st.booleans())
def test_a_key_with_the_same_digest_is_replaced(
    opening: Opening, disabled: bool, deleted: bool
) -> None:
    later = key(1, disabled=disabled, deleted=deleted)
    with opening() as store:
        store.add_key(key(1))
        store.add_key(later)
        assert store.key(key(1).digest) == later
        assert store.keys("default") == (later,)


@BRIEFLY
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_a_worlds_keys_come_in_the_order_in_which_they_were_made(
    opening: Opening, numbers: list[int], changed: set[int]
) -> None:
    with opening() as store:
        for number in numbers:
            store.add_key(key(number))
            store.add_key(key(number + 100, "other"))
        for number in sorted(changed):
            store.add_key(key(number, disabled=True))
        assert [each.id for each in store.keys("default")] == [f"key_{n}" for n in numbers]


def test_an_upload_is_found_in_its_own_world_only(store: Store) -> None:
    put_file(store, "mine", "a")
    assert size_of_file(store, "mine", "a") == 10
    assert size_of_file(store, "other", "a") is None


@BRIEFLY
@given(st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_the_oldest_uploads_of_a_world_make_room(opening: Opening, sizes: list[int]) -> None:
    with opening(Bounds(uploads=100)) as store:
        for number, size in enumerate(sizes):
            put_file(store, "w", str(number), size)
        found = [size_of_file(store, "w", str(number)) for number in range(len(sizes))]
        counts = store.counts()
    room = [sum(sizes[number:]) <= 100 for number in range(len(sizes))]
    assert [each is not None for each in found] == room
    assert (counts["uploads"], counts["dropped_uploads"]) == (room.count(True), room.count(False))


@BRIEFLY
@given(st.lists(st.integers(1, 6), min_size=1, max_size=40))
def test_where_no_world_has_much_the_oldest_uploads_of_all_make_room(
    opening: Opening, sizes: list[int]
) -> None:
    with opening(Bounds(uploads=100)) as store:
        for number, size in enumerate(sizes):
            put_file(store, f"w{number}", str(number), size)
        found = [size_of_file(store, f"w{number}", str(number)) for number in range(len(sizes))]
    room = [sum(sizes[number:]) <= 100 for number in range(len(sizes))]
    assert [each is not None for each in found] == room


def test_the_newest_upload_stays_whatever_its_size(opening: Opening) -> None:
    with opening(Bounds(uploads=100)) as store:
        put_file(store, "w", "a", 50)
        put_file(store, "w", "b", 101)
        assert size_of_file(store, "w", "a") is None
        assert size_of_file(store, "w", "b") == 101


@BRIEFLY
@given(st.lists(st.sampled_from("ab"), max_size=30), st.integers(0, 12))
def test_the_journal_gives_a_worlds_newest_entries_oldest_first(
    opening: Opening, names: list[str], newest: int
) -> None:
    with opening() as store:
        for number, name in enumerate(names):
            store.record(name, note(number))
        mine = [entry(number) for number, name in enumerate(names) if name == "a"]
        assert list(store.journal("a", newest)) == mine[max(0, len(mine) - newest) :]


@BRIEFLY
@given(st.integers(0, 40))
def test_the_oldest_entries_go_where_the_journal_is_full(opening: Opening, total: int) -> None:
    with opening(Bounds(journal_entries=10)) as store:
        for number in range(total):
            store.record("w", note(number))
        store.flush()
        kept = [each.at for each in store.journal("w", 100)]
        counts = store.counts()
    assert kept == list(range(max(0, total - 10), total))
    assert (counts["journal"], counts["dropped_journal"]) == (len(kept), total - len(kept))


def test_entries_that_a_reset_took_leave_their_room_to_others(opening: Opening) -> None:
    with opening(Bounds(journal_entries=10)) as store:
        for number in range(10):
            store.record("ab"[number % 2], note(number))
        store.flush()
        store.reset("a")
        for number in range(10, 15):
            store.record("b", note(number))
            store.flush()
        assert [each.at for each in store.journal("b", 100)] == [1, 3, 5, 7, 9, *range(10, 15)]


def test_the_journal_stays_within_its_bytes(opening: Opening) -> None:
    with opening(Bounds(journal=100_000)) as store:
        for number in range(20):
            store.record("w", note(number, 16_000))
        store.flush()
        kept = store.journal("w", 100)
        assert store.counts()["dropped_journal"] == 20 - len(kept)
    assert 16_000 < sum(len(each.body) for each in kept) <= 100_000
    assert kept[-1] == entry(19, 16_000)


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", "图1".encode()])
def test_an_entry_is_given_back_as_it_was_recorded(store: Store, raw: bytes) -> None:
    sent = [(b"a", b"1"), (b"b", b"2: 3")]
    store.record("w", note(1)._replace(body=raw, answer=raw, headers=sent, advice="x", code="y"))
    kept = entry(1)._replace(body=raw, answer=raw, headers=b"a: 1\nb: 2: 3", advice="x", code="y")
    assert store.journal("w", 1) == (kept,)
    assert entry_of(note_of(kept)) == kept


HIDDEN = "0123456789abcdef"


def note_with(text: str) -> Note:
    """One that holds `text` wherever something from outside can stand."""
    raw = text.encode()
    headers = [(b"authorization", b"Basic " + HIDDEN.encode()), (b"x-any", raw), (b"cookie", raw)]
    told = note(1)._replace(path=text, headers=headers, body=raw, answer=raw)
    return told._replace(task_id=text, fault=text, plan=text)


@pytest.mark.parametrize("form", ["mv_live_{}", "mv%5Flive_{}", "Bearer mv_test_{}"])
def test_no_key_that_was_noted_is_given_back(store: Store, form: str) -> None:
    store.record("w", note_with(form.format(HIDDEN)))
    kept = store.recorded("w", 0, 1).entries[0][1]
    assert kept == store.journal("w", 1)[0]
    assert HIDDEN[:-2] not in repr(kept)


def test_no_key_that_was_noted_is_written_to_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kept.db", LIFECYCLE)
    store.record("w", note_with(f"mv_live_{HIDDEN}"))
    store.flush()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    store.close()
    assert b"req_1" in written
    assert HIDDEN[:-2].encode() not in written


def test_counts_tell_what_is_kept_and_what_was_dropped(store: Store) -> None:
    for name in "ab":
        create(store, start(name))
        put_file(store, name, name)
        store.record(name, note(1))
    store.flush()
    kept = {"worlds": 2, "tasks": 2, "uploads": 2, "journal": 2}
    dropped = dict.fromkeys((f"dropped_{what}" for what in kept), 0)
    assert store.counts() == kept | dropped | {"streams": 0}


def delivery(number: int, world: str = "default") -> Delivery:
    return Delivery(world, "task_1", "req_1", number)


def test_the_newest_deliveries_of_a_world_are_given_oldest_first(store: Store) -> None:
    for number in range(5):
        store.deliver(delivery(number))
        store.deliver(delivery(number, "other"))
    assert store.deliveries("default", 3) == tuple(delivery(number) for number in (2, 3, 4))
    store.reset("default")
    assert store.deliveries("default", 10) == ()
    assert len(store.deliveries("other", 10)) == 5


def test_deliveries_are_bounded(store: Store) -> None:
    for number in range(MOST_DELIVERIES + 10):
        store.deliver(delivery(number))
    assert store.deliveries("default", 1 << 30)[0] == delivery(10)


def test_the_number_of_open_streams_is_counted(store: Store) -> None:
    store.streaming(3)
    assert store.counts()["streams"] == 3
    store.streaming(0)
    assert store.counts()["streams"] == 0
