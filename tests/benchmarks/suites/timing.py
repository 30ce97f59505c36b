"""A pytest plugin: seconds of each test, fixtures and hooks included, as one line of JSON."""

import json
import time

import pytest

_seconds: list[float] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        _seconds.append(time.perf_counter() - began)


def pytest_unconfigure(config):
    print(f"TIMES {json.dumps(_seconds)}")
