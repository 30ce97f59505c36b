"""Who makes room: a world that floods a bound loses its own oldest, and another's things stay."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.held import Held
from mock_mindvideo.stores.shares import PART, Shares

from .conftest import Opening
from .making import BRIEFLY, note, put_file, size_of_file

#: Which of so many worlds floods next. Together they are the flood: each alone may hold little.
LOUD = st.lists(st.integers(1, 8), min_size=100, max_size=250)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 40)), max_size=60))
def test_the_largest_gives_way_as_long_as_it_holds_much_and_then_the_oldest(
    things: list[tuple[str, int]],
) -> None:
    shares: Shares[int] = Shares(20 * PART)
    for number, (world, size) in enumerate(things):
        shares.add(number, world, -number, size)
    kept = dict(enumerate(things))
    while kept:
        held: Counter[str] = Counter()
        for world, size in kept.values():
            held[world] += size
        much = {world for world in held if held[world] > 20}
        most = max((held[world] for world in much), default=0)
        first = min(n for n, (world, _) in kept.items() if not much or held[world] == most)
        world, size = kept.pop(first)
        assert shares.pop() == (first, world, -first, size)
        rest = [number for number, (each, _) in kept.items() if each == world]
        assert [number for number, *_ in shares.newest(world)] == rest[::-1]
    assert len(shares) == 0


@given(st.lists(st.sampled_from("abc"), max_size=20), st.sampled_from("abc"))
def test_a_forgotten_world_leaves_nothing_and_counts_for_nothing(
    names: list[str], gone: str
) -> None:
    shares: Shares[None] = Shares(2 * PART)
    for number, world in enumerate(names):
        shares.add(number, world, None, 1)
    assert [n for n, *_ in shares.forget(gone)] == [n for n, w in enumerate(names) if w == gone]
    rest = [world for world in names if world != gone]
    assert Counter(shares.pop()[1] for _ in rest) == Counter(rest)
    assert len(shares) == 0


@given(
    st.lists(
        st.one_of(st.sampled_from("abcdef"), st.sampled_from(["lost", "written"])), max_size=200
    )
)
def test_what_waits_to_be_written_makes_room_by_the_same_rule_however_often_writing_fails(
    acts: list[str],
) -> None:
    held: Held[tuple[str, int]] = Held(2 * PART)
    kept: list[tuple[str, int]] = []
    gone: Counter[str] = Counter()
    for number, act in enumerate(acts):
        if act == "written":
            assert held.take() == kept
            kept = []
        elif act == "lost":
            held.give_back(held.take())
        else:
            assert held.add((act, number)) == min(len(kept) + 1, 2 * PART)
            kept.append((act, number))
            if len(kept) > 2 * PART:
                world, most = Counter(each for each, _ in kept).most_common(1)[0]
                gone[world if most > 2 else kept[0][0]] += 1
                first = next(n for n, it in enumerate(kept) if most <= 2 or it[0] == world)
                del kept[first]
    assert held.take() == kept
    assert held.dropped == gone


def test_what_could_not_be_written_is_older_than_what_has_come_since() -> None:
    held: Held[tuple[str, int]] = Held(20)
    for number in range(20):
        held.add(("a" if number % 2 else "b", number))
    unwritten = held.take()
    held.add(("quiet", 20))
    held.give_back(unwritten)
    rows = held.take()
    assert [number for _, number in rows] == sorted(number for _, number in rows)
    assert rows[-1] == ("quiet", 20)
    assert sum(held.dropped.values()) == 1


@BRIEFLY
@given(LOUD, st.integers(1, 4))
def test_no_flood_takes_another_worlds_entries(
    opening: Opening, flood: list[int], quiet: int
) -> None:
    with opening(Bounds(journal_entries=80, journal=80_000)) as store:
        for number in range(quiet):
            store.record("quiet", note(number))
        for number, loud in enumerate(flood):
            store.record(f"loud{loud}", note(number, 300 if number % 2 else 10))
        store.flush()
        assert [each.at for each in store.journal("quiet", 100)] == list(range(quiet))
        assert store.forgotten("quiet") == 0
        assert not store.recorded("quiet", 0, 100).lost
        counts = store.counts()
        assert counts["journal"] + counts["dropped_journal"] == quiet + len(flood)
        assert counts["dropped_journal"] == sum(store.forgotten(f"loud{n}") for n in range(9))
        assert counts["dropped_journal"] > 0


@BRIEFLY
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30)), min_size=20, max_size=40))
def test_no_flood_takes_another_worlds_upload(
    opening: Opening, flood: list[tuple[int, int]]
) -> None:
    with opening(Bounds(uploads=160)) as store:
        put_file(store, "quiet", "mine", 10)
        for number, (loud, size) in enumerate(flood):
            put_file(store, f"loud{loud}", str(number), size)
        assert size_of_file(store, "quiet", "mine") == 10
        newest, size = len(flood) - 1, flood[-1][1]
        assert size_of_file(store, f"loud{flood[-1][0]}", str(newest)) == size


def test_no_flood_takes_another_worlds_deliveries(opening: Opening) -> None:
    with opening() as store:
        mine = Delivery("quiet", "task_1", "req_1", 1)
        store.deliver(mine)
        for number in range(MOST_DELIVERIES + 10):
            store.deliver(Delivery("loud", "task_2", "req_2", number))
            if number == MOST_DELIVERIES // 2:
                store.flush()
        assert store.deliveries("quiet", 10) == (mine,)
        newest = store.deliveries("loud", 1 << 30)
        assert newest[-1].sequence == MOST_DELIVERIES + 9
        assert len(newest) == MOST_DELIVERIES - 1
