"""A row is its task again, whatever it has in common with others, and begins with the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.settlement import NEVER
from mock_mindvideo.stores import rows
from mock_mindvideo.stores.rows import END, Rows, instant

from ..domain.making import make_task, tasks


@given(tasks(), st.integers(0, NEVER))
def test_a_row_is_its_task_again(task, ends_at):
    table = Rows()
    row = table.pack(task, ends_at)

    assert table.unpack(row) == task
    assert row[:END] == instant(ends_at)


@given(st.integers(0, NEVER), st.integers(0, NEVER))
def test_the_starts_of_rows_are_in_the_order_of_time(one, other):
    assert (instant(one) < instant(other)) is (one < other)


def test_what_two_tasks_have_in_common_is_kept_once():
    table = Rows()
    first, second = (table.pack(make_task(error_message="x" * 5000), 0) for _ in range(2))

    assert table.unpack(first) == table.unpack(second)
    assert len(second) < 1000


def test_a_full_table_takes_no_more_and_rows_are_right_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(rows, "MOST", 2)
    table = Rows()
    made = [make_task(error_message=f"only here {number}" * 50) for number in range(5)]
    packed = [table.pack(each, 0) for each in made]

    assert [len(row) < 500 for row in packed] == [True, True, False, False, False]
    assert [table.unpack(row) for row in packed] == made
