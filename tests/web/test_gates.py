"""A gate holds one request; whoever hears of it finds all as a held request leaves it."""

from concurrent.futures import ThreadPoolExecutor

from mock_mindvideo.web.gates import Gates
from mock_mindvideo.web.steps import Pause


def test_who_hears_that_a_request_is_held_finds_its_key_in_progress() -> None:
    gates, heard = Gates(), list[bool]()
    gate = gates.close("w", "commit")
    gate.reached.listen(lambda: heard.append(gates.in_progress("w", "k")))
    held = gates.stop("w", "commit", "k")
    assert isinstance(next(held), Pause)
    assert heard == [True]
    held.close()
    assert not gates.in_progress("w", "k")


def test_of_requests_that_come_at_once_in_threads_a_gate_holds_one() -> None:
    gates = Gates()
    gates.close("w", "request")
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda _: list(gates.stop("w", "request", None)), range(64)))
    assert sorted(map(len, held)) == [0] * 63 + [1]
