"""The page stays light: it draws once for however much happens, and keeps no more than it shows."""

from collections.abc import Iterator

import pytest

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page, page
from tests.browser.weight import compressed, kept, replay

_DRAWN = """(async () => {
    const { onChange } = await import(new URL("/_mock/ui/store.js", location.href));
    const { take } = await import(new URL("/_mock/ui/following.js", location.href));
    let drawn = 0;
    onChange(() => (drawn += 1));
    for (let number = 0; number < 1000; number += 1)
        take("task", { at: "2026-01-01T00:00:00.000Z", task_id: `task_${number}`, input: {},
            status: "queued", before: null, model: "m", planned: [], script: null });
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    return drawn;
})()"""


@pytest.fixture
def tab() -> Iterator[Page]:
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as mock, page() as opened:
        opened.do("goto", f"{mock.url}/#/light/tasks")
        opened.do("wait", "#first")
        yield opened


def test_all_of_the_page_and_of_the_reference_are_counted() -> None:
    assert 10_000 < compressed() < 120_000
    assert 100_000 < compressed(reference=True) < 500_000


@pytest.mark.slow
def test_a_thousand_changes_in_one_frame_are_drawn_once(tab: Page) -> None:
    assert 1 <= tab.do("run", _DRAWN) <= 2


@pytest.mark.slow
def test_what_is_kept_does_not_grow_with_what_has_happened(tab: Page) -> None:
    known = replay(tab, 0, 60_000)
    early = kept(tab)
    assert replay(tab, 60_000, 180_000) == known
    assert known["tasks"] <= 10_001
    assert known["journal"] <= 2000
    assert kept(tab, early * 1.25) < early * 1.25
