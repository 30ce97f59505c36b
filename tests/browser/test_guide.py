"""The guide's story holds: each step does what it says, in the words that it says it in."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.page import Page, page
from tests.browser.story import STEPS, served
from tests.conftest import AUTH

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "page.md"

#: Clicks that somebody who reads the steps makes without haste in a minute.
MOST = 15


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where time passes so slowly that no task moves on before somebody clicks."""
    with served("--speed", "0.01") as listening:
        yield listening


@pytest.fixture(scope="module")
def tab(url: str) -> Iterator[Page]:
    with page() as opened:
        opened.do("goto", f"{url}/")
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(STEPS)))
def test_each_step_leads_to_what_the_guide_shows(tab: Page, number: int) -> None:
    STEPS[number].go(tab)


@pytest.mark.slow
def test_after_the_guides_steps_the_reason_is_shown_and_the_copied_curl_works(
    tab: Page, url: str
) -> None:
    for word in ("content_policy", "outcome=failed; error=content_policy", "released"):
        tab.do("wait", f"main :text({json.dumps(word)})")  # money is looked at after the task
    curl = tab.do("clipboard")
    done = subprocess.run(["bash", "-c", curl], capture_output=True, check=True, timeout=120)
    task_id = json.loads(done.stdout)["task_id"]
    task = httpx.get(f"{url}/api/v1/tasks/{task_id}", headers=AUTH).json()
    assert task["error"]["code"] == "content_policy"


def told() -> list[str]:
    """The steps of the guide's story."""
    section = GUIDE.read_text().partition("## A failing task in a minute")[2].partition("\n## ")[0]
    return re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]


def test_the_guide_names_what_is_clicked_in_each_step_and_shows_a_picture() -> None:
    assert len(told()) == len(STEPS)
    for number, (text, step) in enumerate(zip(told(), STEPS, strict=True), 1):
        named = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)|`(outcome[^`]+)`", text)
        assert [one or other for one, other in named] == [act.label for act in step.acts]
        assert f"](../images/page-minute-{number}.png)" in text


def test_the_guides_steps_take_no_more_than_a_minute_of_clicks() -> None:
    assert sum(len(step.acts) for step in STEPS) <= MOST
