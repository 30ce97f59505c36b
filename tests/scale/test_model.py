"""The model of several nodes names what limits them, and follows the costs that were measured."""

from hypothesis import given
from hypothesis import strategies as st

from tests.scale.model import Cost, limits

SECONDS = st.floats(1e-6, 1e-2)


def cost(redis: float, node: float = 0.0) -> Cost:
    return Cost(1, 100, 100, redis, node)


@given(SECONDS, SECONDS, SECONDS)
def test_more_nodes_never_do_less_and_redis_bounds_them(
    redis: float, node: float, journal: float
) -> None:
    request = cost(redis + journal, node)
    lines = list(limits(request, request, cost(journal)))[1:]
    done = [float(line.split(": ")[1].split()[0].replace(",", "")) for line in lines]
    assert done == sorted(done)
    assert done[-1] <= 1 / (11 * redis) + 1


def test_a_slow_redis_is_named_as_the_limit() -> None:
    slow, quick = cost(1e-3, 1e-6), cost(1e-6)
    assert all("(Redis)" in line for line in list(limits(slow, slow, quick))[1:])
