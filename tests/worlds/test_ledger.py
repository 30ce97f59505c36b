"""Money: held at the create, settled at the end, never more than the credit."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import InsufficientCredit
from mock_mindvideo.domain.task import Task
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores import MemoryStore
from mock_mindvideo.system.clock import FakeClock

from .making import CATALOG, PRICE, Mock

OUTCOMES = st.sampled_from(["succeeded", "failed", "cancelled", "stuck"])
ONE = Decimal(PRICE)


@given(st.lists(OUTCOMES, max_size=8), st.sampled_from([0, 2, 9.999999, 10, 1000]))
def test_the_ledger_holds_charges_and_gives_back_to_the_cent(
    outcomes: list[str], seconds: float
) -> None:
    mock = Mock()
    for outcome in outcomes:
        mock.submit(script=f"outcome={outcome}")
    mock.world().advance(seconds)
    books = mock.service.ledger(mock.world())
    ended = [each for each in outcomes if each != "stuck" and seconds >= 10]
    assert books.charged == ended.count("succeeded") * ONE
    assert books.held == (len(outcomes) - len(ended)) * ONE
    kinds = [entry.kind for entry in books.entries]
    assert kinds.count("hold") == len(outcomes)
    assert kinds.count("charge") == ended.count("succeeded")
    assert kinds.count("release") == len(ended) - ended.count("succeeded")
    assert [e.at for e in books.entries] == sorted(e.at for e in books.entries)
    assert books.credit is None


@given(st.integers(0, 5), st.decimals(0, "0.6164", places=4))
def test_credit_is_spent_to_the_last_task_that_it_pays(number: int, rest: Decimal) -> None:
    mock = Mock()
    mock.world().set_credit(number * ONE + rest)
    for _ in range(number):
        mock.submit()
    with pytest.raises(InsufficientCredit) as refusal:
        mock.submit(idempotency_key="k")
    assert refusal.value.status == 402
    assert len(mock.statuses()) == number
    assert mock.service.ledger(mock.world()).credit == rest


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
def test_what_a_task_gives_back_can_be_spent_again(mock: Mock, outcome: str) -> None:
    mock.world().set_credit(ONE)
    for _ in range(4):
        mock.submit(script=f"outcome={outcome}")
        with pytest.raises(InsufficientCredit):
            mock.submit()
        mock.world().advance(10)
    assert mock.service.ledger(mock.world()).credit == ONE


def test_a_replay_costs_nothing_and_needs_no_credit(mock: Mock) -> None:
    mock.world().set_credit(ONE)
    mock.submit(idempotency_key="k")
    assert mock.submit(idempotency_key="k").replayed
    assert mock.service.ledger(mock.world()).held == ONE


@given(st.lists(OUTCOMES, max_size=4), st.integers(0, 3))
def test_credit_counts_only_tasks_made_since_it_was_set(before: list[str], number: int) -> None:
    mock = Mock()
    for outcome in before:
        mock.submit(script=f"outcome={outcome}")
    mock.world().set_credit(number * ONE)
    mock.world().advance(10)
    assert mock.service.ledger(mock.world()).credit == number * ONE
    for _ in range(number):
        mock.submit()
    with pytest.raises(InsufficientCredit):
        mock.submit()


def test_no_limit_can_be_set_again(mock: Mock) -> None:
    mock.world().set_credit(Decimal(0))
    mock.world().set_credit(None)
    mock.submit()
    assert mock.service.ledger(mock.world()).credit is None


def test_credit_is_kept_by_a_restart(mock: Mock) -> None:
    mock.world().set_credit(ONE * 2)
    mock.submit()
    again = mock.again()
    again.submit()
    with pytest.raises(InsufficientCredit):
        again.submit()


def test_a_task_made_while_credit_is_set_is_counted_wholly_or_not_at_all() -> None:
    class Overtaken(MemoryStore):
        """Another request creates a task right after the newest one was looked up."""

        def tasks(self, world: str, newest: int | None = None) -> Iterator[Task]:
            yield from list(super().tasks(world, newest))
            if not made:
                made.append(mock.submit(script="outcome=failed").view.task)

    made: list[Task] = []
    clock = FakeClock()
    mock = Mock(clock, store=Overtaken(CATALOG.lifecycle, clock))
    mock.world().set_credit(ONE)
    mock.world().advance(10)
    mock.submit()
    with pytest.raises(InsufficientCredit):
        mock.submit()


@given(st.integers(1, 12), st.sampled_from(["failed", "cancelled"]))
def test_tasks_that_were_dropped_for_room_take_no_credit_with_them(
    number: int, outcome: str
) -> None:
    mock = Mock(bounds=Bounds(tasks=1))
    mock.world().set_credit(ONE)
    for _ in range(number):
        mock.submit(script=f"outcome={outcome}")
        mock.world().advance(10)
    assert mock.service.ledger(mock.world()).credit == ONE


@given(st.integers(1, 12))
def test_tasks_that_were_dropped_for_room_bring_no_credit_back(number: int) -> None:
    mock = Mock(bounds=Bounds(tasks=1))
    mock.world().set_credit(ONE * 20)
    for _ in range(number):
        mock.submit()
        mock.world().advance(10)
    assert mock.service.ledger(mock.world()).credit == ONE * (20 - number)
