"""What tasks hold, cost and give back: the ledger, and the settlement that stores index."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain import ledger as domain
from mock_mindvideo.domain.ledger import Posting, entries_of
from mock_mindvideo.domain.settlement import NEVER, Settlement, settlement
from mock_mindvideo.domain.task import reached, timeline
from mock_mindvideo.domain.work import in_order, whole
from mock_mindvideo.domain.world import VIRTUAL_START

from .making import LIFECYCLE, instants, make_task, tasks

many = st.lists(tasks(), max_size=6)


def status_of(task, now):
    return reached(timeline(task, LIFECYCLE), now)[-1].status


def ledger(*given):
    return whole(domain.ledger(*given))


def total(entries, kind):
    return sum((entry.amount for entry in entries if entry.kind == kind), Decimal(0))


@given(many, instants)
def test_held_is_the_estimates_of_unfinished_tasks_and_charged_the_cost_of_ended_ones(tasks, now):
    ended = [task for task in tasks if LIFECYCLE.ended(status_of(task, now))]
    books = ledger(tasks, LIFECYCLE, now, None)

    assert books.held == sum(Decimal(task.estimate) for task in tasks if task not in ended)
    assert books.charged == sum(task.cost(status_of(task, now)) for task in ended)


@given(many, instants)
def test_every_hold_is_still_held_was_charged_or_came_back(tasks, now):
    books = ledger(tasks, LIFECYCLE, now, None)
    released = total(books.entries, "release")

    assert total(books.entries, "hold") == books.held + books.charged + released
    assert total(books.entries, "charge") == books.charged


@given(many, instants, st.none() | st.decimals(0, 10, places=2))
def test_entries_are_in_the_order_of_time_and_nobody_else_is_in_them(tasks, now, credit):
    books = ledger(tasks, LIFECYCLE, now, credit)
    moments = [entry.at for entry in books.entries]

    assert moments == sorted(moments)
    assert {entry.kind for entry in books.entries} <= {"hold", "charge", "release"}
    assert len(books.entries) == sum(len(entries_of(task, LIFECYCLE, now)) for task in tasks)
    assert books.credit == credit


@given(tasks(), instants, instants)
def test_entries_are_only_ever_added(task, one, other):
    earlier, later = sorted((max(one, task.created_at), max(other, task.created_at)))
    before = entries_of(task, LIFECYCLE, earlier)

    assert entries_of(task, LIFECYCLE, later)[: len(before)] == before


def test_a_success_holds_the_estimate_and_then_charges_it():
    task = make_task()
    done = timeline(task, LIFECYCLE)[-1].at

    assert entries_of(task, LIFECYCLE, done) == (
        Posting(VIRTUAL_START, "hold", "task_1", Decimal("0.6165")),
        Posting(done, "charge", "task_1", Decimal("0.6165")),
    )


def test_a_failure_gives_the_estimate_back():
    task = make_task(outcome="failed")
    done = timeline(task, LIFECYCLE)[-1].at

    assert entries_of(task, LIFECYCLE, done) == (
        Posting(VIRTUAL_START, "hold", "task_1", Decimal("0.6165")),
        Posting(done, "release", "task_1", Decimal("0.6165")),
    )
    assert entries_of(task, LIFECYCLE, done - 1) == entries_of(task, LIFECYCLE, done)[:1]


def test_a_ledger_without_tasks_is_at_nothing():
    assert ledger((), LIFECYCLE, VIRTUAL_START, None) == ledger([], LIFECYCLE, 0, None)
    assert ledger((), LIFECYCLE, 0, None).held == ledger((), LIFECYCLE, 0, None).charged == 0


@given(tasks())
def test_a_settlement_is_when_a_task_ends_and_what_it_then_gives_back(task):
    last = timeline(task, LIFECYCLE)[-1]
    settled = settlement(task, LIFECYCLE)
    if not LIFECYCLE.ended(last.status):
        assert settled == Settlement(NEVER, Decimal(0))
        return

    assert settled.ends_at == last.at
    assert settled.refund == total(entries_of(task, LIFECYCLE, last.at), "release")


@given(tasks(), instants)
def test_a_task_has_ended_exactly_from_its_settlement_on(task, now):
    ended = LIFECYCLE.ended(status_of(task, now))

    assert ended is (settlement(task, LIFECYCLE).ends_at <= now and now >= task.created_at)


@given(st.lists(tasks(), max_size=30), instants, st.integers(1, 8))
def test_the_newest_entries_are_the_last_of_all_and_the_sums_those_of_all(tasks, now, newest):
    books = ledger(tasks, LIFECYCLE, now, None)
    cut = ledger(tasks, LIFECYCLE, now, None, newest)

    assert cut.entries == books.entries[-newest:]
    assert (cut.held, cut.charged) == (books.held, books.charged)


@given(st.lists(st.integers(0, 9), max_size=600))
def test_work_in_short_steps_puts_in_order_as_sorting_does(moments):
    entries = [Posting(at, "hold", str(number), 0) for number, at in enumerate(moments)]

    assert list(whole(in_order(entries, lambda each: each.at))) == sorted(
        entries, key=lambda each: each.at
    )
