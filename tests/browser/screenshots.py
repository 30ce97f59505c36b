"""Takes the pictures of the page that the documents show: `python -m tests.browser.screenshots`."""

from contextlib import suppress
from pathlib import Path

import httpx

from mock_mindvideo import MockServer, Settings
from tests.browser.page import Page, page
from tests.browser.story import STEPS, served
from tests.conftest import AUTH, TASKS, example

IMAGES = Path(__file__).parents[2] / "docs" / "images"

PROMPT = "A person walks through rain, take {}"


def live(client: httpx.Client) -> str:
    """A little life in a world whose clock stands; the id of the task that failed."""

    def submit(number: int, prompt: str = PROMPT, **headers: str) -> httpx.Response:
        body = example(prompt=prompt.format(number))
        return client.post(TASKS, json=body, headers=headers)

    def wait(seconds: float) -> None:
        client.post("/_mock/clock", json={"advance": seconds})

    submit(1, **{"Idempotency-Key": "order-1"})
    failing = {"X-Mock-Script": "outcome=failed; error=content_policy"}
    failed: str = submit(2, **failing).json()["task_id"]
    wait(3)
    submit(3, **{"Idempotency-Key": "order-1"})
    submit(1, **{"Idempotency-Key": "order-1"})
    submit(4, prompt="")
    wait(4)
    with suppress(httpx.RemoteProtocolError):
        submit(5, **{"X-Mock-Script": "drop@after-commit"})
    wait(6)
    for number in range(6, 9):
        submit(number)
    wait(4)
    return failed


def take(tab: Page, url: str, client: httpx.Client) -> None:
    failed = live(client)
    tab.do("size", 1280, 640)
    tab.do("goto", f"{url}/#/default/tasks")
    tab.do("wait", ".task .status.failed")
    tab.do("until", "document.querySelectorAll('.task').length === 6")
    tab.do("shot", str(IMAGES / "page-tasks.png"))
    tab.show(f"default/tasks/{failed}")
    tab.do("until", "document.querySelector('.exchange') && document.querySelector('.steps')")
    tab.do("shot", str(IMAGES / "page-task.png"))
    tab.show("default/journal?status=409")
    tab.do("click", ".exchange .line")
    tab.do("wait", ".pair")
    tab.do("shot", str(IMAGES / "page-journal.png"))


def play(tab: Page, url: str, client: httpx.Client) -> None:
    """A draft that was sent: its price, its requests, its clip."""
    client.post("/_mock/reset", json={"seed": 7})
    client.post("/_mock/clock", json={"progress": "polls"})
    tab.do("size", 1280, 900)
    tab.do("goto", f"{url}/#/default/playground")
    tab.do("click", "text=Fill in the example")
    tab.do("fill", "[id='f/prompt']", PROMPT.format(1))
    tab.do("fill", "#idempotency-key", "order-1")
    tab.do("wait", ".price:not([aria-busy]) output:has-text('0.6165')")
    tab.do("click", "button.send")
    tab.do("wait", ".outcome .status.succeeded")
    tab.do("until", "document.querySelector('.outcome video').readyState >= 2")
    tab.do("shot", str(IMAGES / "page-playground.png"))


def tell(tab: Page, url: str) -> None:
    """A picture of each step of the guide's story."""
    tab.do("size", 1100, 620)
    tab.do("goto", f"{url}/")
    for number, step in enumerate(STEPS, 1):
        step.go(tab)
        tab.do("shot", str(IMAGES / f"page-minute-{number}.png"))


def main() -> None:
    """Write the pictures."""
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with (
        MockServer(settings) as mock,
        httpx.Client(base_url=mock.url, headers=AUTH) as client,
        page() as tab,
    ):
        take(tab, mock.url, client)
        play(tab, mock.url, client)
    with served() as url, page() as tab:
        tell(tab, url)


if __name__ == "__main__":
    main()
