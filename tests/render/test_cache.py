"""The cache's promises: once for each key, within its bytes, few at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.render.cache import RenderCache

THREADS = 8
PATIENCE = 30  # s until a test that hangs is given up; never waited for when it passes


class WatchedKey:
    """A key that knows which threads have looked it up; the cache does that holding its lock."""

    def __init__(self):
        self.all_asked = threading.Event()
        self._threads = set()

    def __hash__(self):
        self._threads.add(threading.get_ident())
        if len(self._threads) == THREADS:
            self.all_asked.set()
        return 0


def refuse() -> bytes:
    pytest.fail("rendered although the result was kept")


def ask_together(cache, key, render):
    """The outcome of `get` in each of THREADS threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        return [pool.submit(cache.get, key, render) for _ in range(THREADS)]


def test_what_was_rendered_is_kept():
    cache = RenderCache(100)

    assert cache.get("task_1", lambda: b"one") == b"one"
    assert cache.get("task_1", refuse) == b"one"
    assert (cache.renders, cache.evicted, cache.bytes) == (1, 0, 3)


def test_threads_that_ask_for_one_key_together_render_it_once():
    cache, key = RenderCache(100), WatchedKey()

    def render():
        assert key.all_asked.wait(PATIENCE)
        return b"one"

    answers = [asked.result() for asked in ask_together(cache, key, render)]

    assert answers == [b"one"] * THREADS
    assert cache.renders == 1


def test_an_error_reaches_all_who_wait_and_the_next_call_renders_again():
    cache, key = RenderCache(100), WatchedKey()

    def fail():
        assert key.all_asked.wait(PATIENCE)
        raise OSError("disk on fire")

    errors = [asked.exception() for asked in ask_together(cache, key, fail)]

    assert {str(error) for error in errors} == {"disk on fire"}
    assert cache.renders == 1
    assert cache.get(key, lambda: b"one") == b"one"
    assert (cache.renders, cache.bytes) == (2, 3)


def test_an_interrupt_is_passed_on_and_leaves_nothing_behind():
    cache = RenderCache(100, max_concurrent=1)

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get("task_1", interrupt)

    assert cache.get("task_1", lambda: b"one") == b"one"


def test_other_keys_are_served_while_one_is_rendered():
    cache = RenderCache(100)
    cache.get("kept", lambda: b"kept")

    def render():
        # From another thread: the renderer's own would prove nothing about the lock.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(cache.get, "kept", refuse).result(PATIENCE)

    assert cache.get("task_1", render) == b"kept"


def test_as_many_render_at_a_time_as_allowed_and_no_more():
    cache = RenderCache(1000, max_concurrent=2)
    lock, pairs = threading.Lock(), threading.Barrier(2)
    active, peak = 0, 0

    def render():
        nonlocal active, peak
        with lock:
            active += 1
            peak = max(peak, active)
        pairs.wait(PATIENCE)  # passes only if two are in here
        with lock:
            active -= 1
        return b"one"

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda key: cache.get(key, render), range(THREADS)))

    assert answers == [b"one"] * THREADS
    assert peak == 2


def test_the_least_recently_used_goes_first():
    cache = RenderCache(20)
    for key in ("first", "second"):
        cache.get(key, lambda: b"ten bytes.")
    cache.get("first", refuse)

    cache.get("third", lambda: b"ten bytes.")

    cache.get("first", refuse)
    cache.get("third", refuse)
    assert (cache.evicted, cache.bytes) == (1, 20)
    assert cache.get("second", lambda: b"made anew") == b"made anew"


def test_a_result_larger_than_the_cache_is_returned_but_not_kept_and_drops_nothing():
    cache = RenderCache(10)
    cache.get("small", lambda: b"small")

    assert cache.get("large", lambda: b"x" * 11) == b"x" * 11
    assert cache.get("large", lambda: b"y" * 11) == b"y" * 11
    cache.get("small", refuse)
    assert (cache.renders, cache.evicted, cache.bytes) == (3, 0, 5)


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12))))
def test_the_bytes_kept_never_exceed_the_bound_and_are_counted_right(max_bytes, requests):
    cache = RenderCache(max_bytes)
    sizes = {}
    for key, size in requests:
        body = b"x" * sizes.setdefault(key, size)
        assert cache.get(key, lambda body=body: body) == body
        assert 0 <= cache.bytes <= max_bytes

    if sum(sizes.values()) <= max_bytes:
        assert cache.renders == len(sizes)
        assert cache.evicted == 0
        assert cache.bytes == sum(sizes.values())


@pytest.mark.parametrize("max_concurrent", [0, -1])
def test_a_cache_that_could_never_render_is_refused(max_concurrent):
    with pytest.raises(ValueError, match="at least 1"):
        RenderCache(100, max_concurrent=max_concurrent)
