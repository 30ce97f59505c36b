"""What `Store.recorded` promises: exchanges and acts in one row, each with a number of its own."""

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.journal import act_note
from mock_mindvideo.settings import Bounds

from .conftest import Opening
from .making import BRIEFLY, note

WORLDS = ("default", "other")


@BRIEFLY
@given(
    st.lists(st.tuples(st.sampled_from(WORLDS), st.booleans()), max_size=30),
    st.integers(1, 7),
)
def test_each_entry_is_read_once_and_in_order_however_many_are_read_at_once(
    opening: Opening, recorded: list[tuple[str, bool]], most: int
) -> None:
    with opening() as store:
        for number, (world, act) in enumerate(recorded):
            made = act_note(number, "clock", None, {"n": number}) if act else note(number)
            store.record(world, made._replace(at=number))
        for world in WORLDS:
            last, moments, numbers = 0, [], []
            while True:
                page = store.recorded(world, last, most)
                assert not page.lost
                last = page.last
                moments += [each.at for _, each in page.entries]
                numbers += [number for number, _ in page.entries]
                if len(page.entries) < most:
                    break
            assert moments == [at for at, (name, _) in enumerate(recorded) if name == world]
            assert numbers == sorted(set(numbers))
            assert store.recorded(world, last, most).entries == ()
            kept = [each.at for each in store.journal(world, 100)]
            assert kept == [at for at, each in enumerate(recorded) if each == (world, False)]


@BRIEFLY
@given(st.integers(0, 8), st.integers(0, 8))
def test_acts_take_no_exchanges_place_and_numbers_never_come_again(
    opening: Opening, before: int, acts: int
) -> None:
    with opening(Bounds(journal_entries=5)) as store:
        for number in range(before):
            store.record("default", note(number))
        for number in range(acts):
            store.record("default", act_note(number, "clock", None, {}))
        assert len(store.journal("default", 100)) == min(before, 5)
        last = store.recorded("default", None, 1).last
        store.reset("default")
        store.record("default", note(1))
        ((number, _),) = store.recorded("default", last, 10).entries
        assert number > last


def test_what_was_dropped_before_it_was_read_is_said(opening: Opening) -> None:
    with opening(Bounds(journal_entries=5)) as store:
        store.record("default", note(0))
        last = store.recorded("default", None, 1).last
        for number in range(9):
            store.record("default", note(number))
        page = store.recorded("default", last, 100)
        assert page.lost
        assert not store.recorded("default", page.last, 100).lost
