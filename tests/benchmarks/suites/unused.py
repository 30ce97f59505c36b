"""What the plugin adds to a run that does not use it, in seconds, as one line of JSON.

Taken inside one process, since a whole run is some hundreds of milliseconds that vary by tens:
the import, which happens once, and then short runs with the plugin and without it in turns. The
plugin is handed over: to find it by name, pytest would read what every installed package says of
itself, as it does anyway where it loads what is installed.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

SUITE = Path(__file__).with_name("nothing.py")
PLUGIN = "mock_mindvideo.pytest_plugin"
TURNS = 20


def run(*plugins: object) -> float:
    """CPU time of one run of an empty test."""
    began = time.process_time()
    code = pytest.main(["-W", "ignore", *sys.argv[1:], str(SUITE)], plugins)
    assert code == 0
    return time.process_time() - began


def main() -> None:
    """Import, warm up, take turns."""
    without = [run() for _ in range(3)]
    began = time.process_time()
    plugin = import_module(PLUGIN)
    imported = time.process_time() - began
    run(plugin)
    with_it = []
    for _ in range(TURNS):
        with_it.append(run(plugin))
        without.append(run())
    added = imported + min(with_it) - min(without)
    print("\nTIMES", json.dumps({"added": added, "without": min(without)}))


if __name__ == "__main__":
    main()
