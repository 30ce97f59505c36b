"""Measures the page: `python -m tests.browser.measures` writes the table of docs/guides/page.md."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event, Thread

import httpx

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page, page
from tests.browser.weight import BUSY, compressed, frames, kept, replay
from tests.conftest import AUTH, TASKS, example

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "page.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"

#: Changes of an hour in which much happens all the time.
HOUR = 3600 * BUSY

Row = tuple[str, str, str]


def measured(url: str, tab: Page) -> Iterator[Row]:
    """What is measured, what it may be, and what it is."""
    paints = median(tab.do("paint", f"{url}/") for _ in range(7))
    yield "first paint, from loopback, nothing cached", "300 ms", f"{paints:.0f} ms"
    shown = median(appearing(url, tab) for _ in range(7))
    yield "everything shown of an empty world", "", f"{shown:.0f} ms"
    yield "all files of the page, compressed", "120 KB", f"{compressed() / 1000:.0f} KB"
    yield "`/docs`, compressed", "500 KB", f"{compressed(reference=True) / 1000:.0f} KB"
    yield "the wheel", "1.50 MB", f"{wheel() / 1e6:.2f} MB"
    tab.do("goto", f"{url}/#/busy/tasks")
    tab.do("wait", "#first")
    yield "longest frame while nothing happens", "", f"{frames(tab, 10)['longest']:.0f} ms"
    longest, rate = busy(url, tab)
    yield f"longest frame while {rate} things happen a second", "100 ms", f"{longest:.0f} ms"
    yield from memory(tab)
    yield "the first of 10,000 tasks, and all of them in groups", "", many(url, tab)


def appearing(url: str, tab: Page) -> float:
    """Milliseconds until a world is shown, by files that the browser has asked about before."""
    tab.do("goto", "about:blank")
    begun = time.perf_counter()
    tab.do("goto", f"{url}/#/empty/tasks")
    tab.do("wait", "#first")
    return (time.perf_counter() - begun) * 1000


def busy(url: str, tab: Page) -> tuple[float, int]:
    """The longest of ten seconds' frames, and how much happened in each second."""
    over, asked = Event(), 0

    def ask() -> None:
        nonlocal asked
        headers = {"Authorization": "Bearer mv_test_busy"}
        with httpx.Client(base_url=url, headers=headers) as client:
            due = time.monotonic()
            while not over.is_set():
                client.post(TASKS, json=example())  # a request, a task, and what it holds
                asked += 3
                due += 3 / BUSY
                over.wait(max(0.0, due - time.monotonic()))

    asking = Thread(target=ask)
    asking.start()
    tab.do("wait", ".task")
    found = frames(tab, 10)
    over.set()
    asking.join()
    return found["longest"], BUSY


def memory(tab: Page) -> Iterator[Row]:
    replay(tab, 0, HOUR // 10)
    early = kept(tab)
    replay(tab, HOUR // 10, HOUR)
    late = kept(tab)
    told = f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB"
    yield f"memory after 6 minutes and after an hour of {BUSY} changes a second", "flat", told


def many(url: str, tab: Page) -> str:
    """Milliseconds until something, and until all of ten thousand tasks is shown."""
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer mv_test_many"}) as client:
        for _ in range(10_000):
            client.post(TASKS, json=example())
    tab.do("goto", "about:blank")
    begun = time.perf_counter()
    tab.do("goto", f"{url}/#/many/tasks")
    tab.do("wait", ".task")
    first = time.perf_counter() - begun
    tab.do("wait", ".groups")
    return f"{first * 1000:.0f} ms, {(time.perf_counter() - begun) * 1000:.0f} ms"


def wheel() -> int:
    """Bytes of the wheel, built anew."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder]
        subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
        [built] = Path(folder).glob("*.whl")
        return built.stat().st_size


def main() -> None:
    """Measure, and write what was measured."""
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as mock, page() as tab:
        httpx.post(f"{mock.url}{TASKS}", json=example(), headers=AUTH)
        rows = list(measured(mock.url, tab))
    lines = ["| what | at most | is |", "| --- | --- | --- |"]
    lines += [f"| {what} | {most} | {found} |" for what, most, found in rows]
    text = GUIDE.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    GUIDE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}")
    print("\n".join(lines), f"\n{os.cpu_count()} cores")


if __name__ == "__main__":
    main()
