"""A world's clock, credit and seed."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mock_mindvideo.domain.errors import InsufficientCredit
from mock_mindvideo.domain.instant import LAST, SECOND
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.world import PROGRESSES, VIRTUAL_START

from .making import make_world

speeds = st.floats(1e-3, 1e6)
amounts = st.decimals(0, 100, places=4)


class Time(RuleBasedStateMachine):
    """A world under everything that can happen to its clock, while real time goes on."""

    def __init__(self):
        super().__init__()
        self.real = 1_000 * SECOND
        self.world = make_world(anchored=self.real)
        self.latest = self.world.now(self.real)

    @rule(seconds=st.integers(0, 10**6))
    def real_time_passes(self, seconds):
        before = self.world.now(self.real)
        self.real += seconds * SECOND
        moved = self.world.now(self.real) - before
        due = int(seconds * SECOND * self.world.speed) if self.world.progress == "time" else 0
        assert moved == pytest.approx(min(due, LAST - before), rel=1e-9, abs=1)

    @rule(seconds=st.integers(-(10**6), 10**6))
    def somebody_jumps(self, seconds):
        before = self.world.now(self.real)
        self.world = self.world.at(before + seconds * SECOND, self.real)
        assert self.world.now(self.real) == min(LAST, before + max(0, seconds) * SECOND)

    @rule(progress=st.sampled_from([None, *PROGRESSES]), speed=st.none() | speeds)
    def somebody_changes_how_time_passes(self, progress, speed):
        before = self.world
        self.world = before.running(progress, speed, self.real)
        assert self.world.now(self.real) == before.now(self.real)
        assert self.world.progress == (progress or before.progress)
        assert self.world.speed == (speed or before.speed)

    @invariant()
    def time_never_goes_back_and_never_leaves_the_calendar(self):
        now = self.world.now(self.real)
        assert self.latest <= now <= LAST
        self.latest = now


TestTime = Time.TestCase


@given(st.sampled_from(PROGRESSES), st.integers(0, 10**9), st.integers(0, 10**9), speeds)
def test_a_real_clock_that_was_set_back_leaves_the_world_where_it_was(progress, real, back, speed):
    world = make_world(progress=progress, anchored=real, speed=speed)

    assert world.now(real - back) == VIRTUAL_START


@given(st.sampled_from(["polls", "manual"]), st.integers(0, LAST))
def test_a_virtual_clock_does_not_follow_the_real_one(progress, real):
    assert make_world(progress=progress).now(real) == VIRTUAL_START


@given(st.integers(LAST, 10 * LAST))
def test_the_end_of_the_calendar_is_the_end_of_time(at):
    assert make_world().at(at, 0).now(0) == LAST


@given(amounts, st.lists(st.tuples(amounts, amounts), max_size=8))
def test_credit_left_is_credit_less_estimates_plus_refunds(credit, tasks):
    world = make_world().with_credit(credit, 1)
    left, refunded = credit, Decimal(0)
    for estimate, refund in tasks:
        if estimate > left:
            with pytest.raises(InsufficientCredit) as refused:
                world.paying(estimate, refunded)
            assert str(refused.value) == (
                f"the task would cost {text(estimate)} USD, the credit left is {text(left)} USD"
            )
            continue
        world = world.paying(estimate, refunded)
        back = min(refund, estimate)
        left, refunded = left - estimate + back, refunded + back

    assert world.credit == credit
    assert world.credit - world.committed + refunded == left >= 0


def test_the_last_of_the_credit_can_be_spent_exactly():
    world = make_world().with_credit(Decimal("1.2330"), 1)
    world = world.paying(Decimal("0.6165"), Decimal(0)).paying(Decimal("0.6165"), Decimal(0))

    with pytest.raises(InsufficientCredit):
        world.paying(Decimal("0.0001"), Decimal(0))


@given(amounts)
def test_without_a_limit_nothing_is_counted(estimate):
    world = make_world()

    assert world.paying(estimate, Decimal(0)) is world


@given(amounts, amounts, st.integers(1, 10**6))
def test_new_credit_counts_the_tasks_from_then_on(estimate, credit, number):
    spent = make_world().with_credit(Decimal(1000), 1).paying(estimate, Decimal(0))
    world = spent.with_credit(credit, number)

    assert (world.credit, world.credit_from, world.committed) == (credit, number, 0)
    assert spent.with_credit(None, number).credit is None


@given(st.integers(), st.text(max_size=20))
def test_a_seed_decides_every_draw(seed, name):
    one, other = make_world(seed=seed), make_world(seed=seed, credit=Decimal(1), speed=2.0)

    assert one.digest(name) == other.digest(name)
    assert one.draw(name) == other.draw(name)
    assert 0 <= one.draw(name) < 1
    assert len(one.digest(name)) == 32


@given(st.integers(), st.text(max_size=20), st.sets(st.integers(1, 1 << 40), min_size=2))
def test_no_two_tasks_of_a_world_share_an_id(seed, name, numbers):
    world = make_world(seed=seed, name=name)
    ids = [world.ids(number) for number in numbers]

    assert len({task for task, _ in ids}) == len({request for _, request in ids}) == len(numbers)
    for task, request in ids:
        assert re.fullmatch(r"task_[0-9a-f]{24}", task)
        assert re.fullmatch(r"req_[0-9a-f]{24}", request)


def test_another_seed_or_world_is_another_id_and_the_same_the_same():
    worlds = [make_world(seed=seed, name=name) for seed in range(20) for name in ("one", "two")]

    assert len({world.ids(1) for world in worlds}) == len(worlds)
    assert worlds[0].ids(7) == make_world(seed=0, name="one", speed=2.0).ids(7)


def test_another_seed_world_or_name_is_another_draw():
    draws = {
        make_world(seed=seed, name=world).digest(name)
        for seed in range(5)
        for world in ("default", "other")
        for name in ("task/1", "task/2", "task/11")
    }

    assert len(draws) == 30
