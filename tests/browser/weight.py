"""How light the page is: what it does to a browser under load, for tests and measures."""

import gzip
from pathlib import Path
from typing import Any

from tests.browser.page import Page
from tests.browser.vendored import STATIC

#: Changes of a second in which much happens.
BUSY = 200

#: Looks at the page's memory.
LOOKS = 20

#: Frames while something else goes on: how many, and the longest in milliseconds.
_FRAMES = """new Promise((done) => {
    const end = performance.now() + %d;
    let [last, longest, frames] = [performance.now(), 0, 0];
    const step = (now) => {
        longest = Math.max(longest, now - last);
        last = now;
        frames += 1;
        now < end ? requestAnimationFrame(step) : done({ longest, frames });
    };
    requestAnimationFrame(step);
})"""

#: Changes as the page is told them: each third a request, a task, and money.
_REPLAY = """(async () => {
    const { state } = await import(new URL("/_mock/ui/store.js", location.href));
    const { take } = await import(new URL("/_mock/ui/following.js", location.href));
    const at = (number) => new Date(1767225600000 + number * 5).toISOString();
    const planned = [];
    for (let number = %(first)d; number < %(last)d; number += 3) {
        const task_id = `task_${String(number).padStart(24, "0")}`;
        const request_id = `req_${number}`;
        take("request", { request_id, at: at(number), method: "POST", path: "/api/v1/tasks", ms: 1,
            status: 200, headers: [["host", "x"]], body: "{}".padEnd(300), answer: "{}".padEnd(200),
            task_id, fault: null, plan: null, code: null });
        take("task", { at: at(number), task_id, status: "succeeded", before: null, model: "m",
            planned, script: null, input: {} });
        take("ledger", { at: at(number), kind: "hold", task_id, amount: "0.1" });
        if (number %% 3000 < 3) await new Promise(requestAnimationFrame);
    }
    return { tasks: state.tasks.size, journal: state.journal.length };
})()"""


def compressed(folder: Path = STATIC, *, reference: bool = False) -> int:
    """Bytes of all files of the page, or of the reference at `/docs`, compressed one by one."""
    files = [each for each in folder.rglob("*.*") if each.is_file()]
    chosen = [each for each in files if each.is_relative_to(STATIC / "docs") == reference]
    return sum(len(gzip.compress(each.read_bytes())) for each in chosen)


def frames(tab: Page, seconds: float) -> dict[str, Any]:
    """Frames of the next seconds."""
    found: dict[str, Any] = tab.do("run", _FRAMES % (seconds * 1000))
    return found


def kept(tab: Page, enough: float = 0.0) -> float:
    """Bytes that the page's objects take: the least of a few looks, or the first below `enough`.

    Some of them count what is only on its way, such as an answer that is being read.
    """
    least = float("inf")
    for _ in range(LOOKS):
        least = min(least, tab.do("heap"))
        if least < enough:
            break
        tab.do("drawn")
    return least


def replay(tab: Page, first: int, last: int) -> dict[str, int]:
    """Tell the page the changes of these numbers as fast as it takes them; what it keeps then."""
    found: dict[str, int] = tab.do("run", _REPLAY % {"first": first, "last": last})
    return found
