"""What a task draws, its seed and number decide, whoever else submits meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.redis_server import RedisServer

from ...effort import examples
from ...worlds.making import Mock
from .conftest import opened

NODES = 3
DRAWN = "queued=lognormal(30,0.5); processing=uniform(10,90)"
SCRIPTS = st.lists(st.sampled_from([None, DRAWN]), max_size=12)


def expected(scripts: list[str | None]) -> list[object]:
    """The plans of one process in memory, to which nothing happens at once."""
    mock = Mock()
    return [mock.submit(script=script).view.task.stays for script in scripts]


@settings(max_examples=examples(20), deadline=None)
@given(submits=st.lists(st.tuples(st.integers(0, NODES - 1), st.sampled_from([None, DRAWN]))))
def test_each_task_draws_what_it_would_in_one_process(
    redis_server: RedisServer, submits: list[tuple[int, str | None]]
) -> None:
    redis_server.empty()
    with opened(redis_server) as one, opened(redis_server) as two, opened(redis_server) as three:
        mocks = [Mock(store=store) for store in (one, two, three)]
        tasks = [mocks[node].submit(script=script).view.task for node, script in submits]
        assert [task.number for task in tasks] == list(range(1, len(submits) + 1))
        assert [task.stays for task in tasks] == expected([script for _, script in submits])


def test_each_task_draws_what_it_would_in_one_process_while_all_submit_at_once(
    empty: RedisServer,
) -> None:
    with opened(empty) as one, opened(empty) as two:
        mocks = [Mock(store=store) for store in (one, two)]
        with ThreadPoolExecutor(8) as threads:
            made = threads.map(lambda each: mocks[each % 2].submit(script=DRAWN), range(60))
        tasks = sorted((each.view.task for each in made), key=lambda task: task.number)
        assert [task.stays for task in tasks] == expected([DRAWN] * 60)
