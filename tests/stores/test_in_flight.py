"""However many tasks a world has, so many are worked on at once, and the others go on in order."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import IllegalMove, RateLimited
from mock_mindvideo.stores import Store

from ..effort import examples
from ..worlds.making import CATALOG, Mock
from .conftest import Opening
from .flight_model import Model
from .twice import TwiceStore

SECONDS = st.integers(0, 6)
OUTCOMES = st.sampled_from(["succeeded", "succeeded", "failed", "stuck"])
SUBMITS = st.tuples(st.just("submit"), SECONDS, SECONDS, OUTCOMES)
MOVES = st.tuples(
    st.just("move"),
    st.integers(0, 20),
    st.sampled_from(["processing", "succeeded", "failed", "cancelled"]),
)
STEPS = st.one_of(
    SUBMITS,
    SUBMITS,
    st.tuples(st.just("advance"), st.integers(1, 8)),
    MOVES,
    st.tuples(st.just("limit"), st.integers(0, 3)),
)
SECOND = 1_000_000


class Both:
    """A world and the model of it, to which the same happens."""

    def __init__(self, store: Store, name: str, most: int) -> None:
        self.mock, self.name = Mock(store=store), name
        self.world = self.mock.world(name)
        self.model = Model(self.world.now())
        self.limit(most)

    def submit(self, queued: int, work: int, outcome: str) -> None:
        words = f"queued={queued}; processing={work}; outcome={outcome}"
        if outcome == "stuck":
            words = f"queued={queued}; outcome=stuck"
        self.mock.submit(script=words, world=self.name)
        self.model.submit(queued * SECOND, work * SECOND, outcome)

    def advance(self, seconds: int) -> None:
        self.world.advance(seconds)
        self.model.advance(seconds * SECOND)

    def move(self, place: int, status: str) -> None:
        views = self.views()
        if not views:
            return
        number = place % len(views)
        try:
            self.mock.service.move(self.world, views[number].task.id, status)
            moved = True
        except IllegalMove:
            moved = False
        assert moved == self.model.move(number, status)

    def limit(self, most: int) -> None:
        self.mock.service.limit(self.world, most, None)
        self.model.most = most or None
        self.model.settle()

    def views(self) -> list[Any]:
        return list(self.mock.service.tasks(self.world, 1000))

    def agree(self) -> None:
        entered = [[tuple(step) for step in view.steps] for view in self.views()]
        assert entered == [task.entered for task in self.model.tasks]


@settings(max_examples=examples(100), deadline=None)
@given(most=st.integers(1, 3), steps=st.lists(STEPS, max_size=25))
def test_tasks_begin_as_soon_as_few_enough_before_them_are_unfinished(
    opening: Opening, most: int, steps: list[Any]
) -> None:
    with opening() as store:
        both = Both(store, "default", most)
        for name, *arguments in steps:
            getattr(both, name)(*arguments)
            both.agree()


@given(most=st.integers(1, 3), steps=st.lists(STEPS, max_size=25))
def test_a_decision_that_is_made_twice_is_the_same(most: int, steps: list[Any]) -> None:
    both = Both(TwiceStore(CATALOG.lifecycle), "default", most)
    for name, *arguments in steps:
        getattr(both, name)(*arguments)
    both.agree()


@given(submits=st.lists(SUBMITS, min_size=1, max_size=12), more=st.integers(0, 3))
def test_a_bound_that_is_never_reached_changes_nothing(submits: list[Any], more: int) -> None:
    free, bounded = Mock(), Mock()
    bounded.service.limit(bounded.world(), len(submits) + more, None)
    for _, queued, work, outcome in submits:
        words = f"queued={queued}" + ("" if outcome == "stuck" else f"; processing={work}")
        for mock in (free, bounded):
            mock.submit(script=f"{words}; outcome={outcome}")
    alike = [
        [view.task for view in mock.service.tasks(mock.world(), 99)] for mock in (free, bounded)
    ]
    assert alike[0] == alike[1]


def test_a_tasks_poll_takes_the_clock_to_when_it_begins(store: Store) -> None:
    mock = Mock(store=store, settings={"progress": "polls", "in_flight": 1})
    first, second = (mock.submit().view.task for _ in range(2))
    seen = [mock.service.task(mock.world(), second.id).status for _ in range(3)]
    assert seen == ["queued", "processing", "succeeded"]
    assert mock.service.task(mock.world(), first.id).status == "succeeded"


def test_another_start_with_another_bound_leaves_tasks_in_flight(store: Store) -> None:
    mock = Mock(store=store, settings={"progress": "manual", "in_flight": 2})
    for _ in range(4):
        mock.submit()
    mock.world().advance(3)
    assert mock.statuses() == ["processing", "processing", "queued", "queued"]
    again = mock.again(progress="manual", in_flight=0)
    assert again.statuses() == ["processing", "processing", "queued", "queued"]
    again.submit()
    again.world().advance(2)
    assert again.statuses()[-1] == "processing"


def test_one_world_does_not_wait_for_another(store: Store) -> None:
    mock = Mock(store=store, settings={"progress": "manual", "in_flight": 1})
    for name in ("a", "b"):
        mock.submit(world=name)
        mock.world(name).advance(2)
    assert [mock.statuses(name) for name in ("a", "b")] == [["processing"], ["processing"]]


@pytest.mark.parametrize("most", [-1, 100_001])
def test_a_bound_that_cannot_be_is_refused(most: int) -> None:
    with pytest.raises(ValueError, match="in-flight must be from 1 to"):
        Mock(settings={"in_flight": most})


def test_of_many_submits_at_once_no_more_are_in_flight_or_admitted_than_may_be(
    store: Store,
) -> None:
    given = {"progress": "manual", "in_flight": 2, "quota": ("tasks=6",)}
    mocks = [Mock(store=store, settings=given) for _ in range(4)]

    def submit(number: int) -> bool:
        try:
            mocks[number % 4].submit(script="queued=1; processing=3")
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        admitted = list(threads.map(submit, range(24)))
    assert admitted.count(True) == 6
    begun = sorted(
        view.task.waits // SECOND for view in mocks[0].service.tasks(mocks[0].world(), 99)
    )
    assert begun == [0, 0, 3, 3, 6, 6]
