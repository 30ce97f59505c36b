"""The form: controls of the model's schema, what is told of what was filled in, and for whom."""

import json
from pathlib import Path

import httpx
import pytest

from tests.browser.page import PACKAGES, Page
from tests.browser.playing import at, fill_in_the_example, input_of, send, sent
from tests.npm import npm_folder

pytestmark = pytest.mark.slow

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)

#: The first estimate is answered when a test lets it, the second at once.
SLOW_FIRST = """
(() => {
  const real = window.fetch;
  const held = new Promise((resolve) => (window.release = resolve));
  window.asked = window.aborted = 0;
  window.fetch = async (url, init) => {
    if (!String(url).endsWith("/_mock/estimate")) return real(url, init);
    window.asked += 1;
    init.signal.addEventListener("abort", () => (window.aborted += 1));
    const { signal, ...rest } = init;
    if (window.asked === 1) await held;
    return real(url, rest);
  };
})()
"""

#: Controls of the playground that a screen reader would not name.
NAMELESS = """
[...document.querySelectorAll(".playground :is(input, select, textarea, button)")]
  .filter((each) => !each.ariaLabel && !each.innerText.trim())
  .filter((each) => ![...(each.labels ?? [])].some((label) => label.innerText.trim()))
  .map((each) => each.outerHTML)
"""


def test_the_form_begins_with_the_defaults_and_folds_away_what_is_advanced(form: Page) -> None:
    assert input_of(form) == {
        "size": "16:9",
        "duration": 5,
        "watermark": False,
        "resolution": "1080P",
        "prompt_extend": True,
    }
    assert form.do("run", "document.querySelector('details.advanced').open") is False
    assert form.do("run", f"document.querySelector('{at('/prompt')}').rows") == 6


def test_what_is_filled_in_is_what_is_sent(form: Page, client: httpx.Client) -> None:
    form.do("fill", at("/prompt"), "雨中漫步")
    form.do("fill", at("/duration"), "7")
    form.do("choose", at("/resolution"), "0")
    form.do("check", at("/watermark"), True)
    form.do("click", "details.advanced > summary")
    form.do("fill", at("/seed"), "12345678901234567890")
    form.do("click", "text=Add to Reference videos")
    form.do("fill", at("/video_urls/0"), "https://example.com/a.mp4")
    send(form)
    form.do("wait", ".outcome .status")
    (only,) = sent(client)
    assert json.loads(only["body"]) == {
        "model": "wan2-7-r2v",
        "input": {
            "size": "16:9",
            "duration": 7,
            "watermark": True,
            "resolution": "720P",
            "prompt_extend": True,
            "prompt": "雨中漫步",
            "seed": 12345678901234567890,
            "video_urls": ["https://example.com/a.mp4"],
        },
    }
    key = form.do("run", "document.querySelector('#idempotency-key').value")
    assert dict(map(tuple, only["headers"]))["idempotency-key"] == key


def test_limits_are_told_while_one_types(form: Page) -> None:
    form.do("fill", at("/prompt"), "图" * 5000 + "😀")
    form.do("wait", "text=over the limit of 5000 characters by 1")
    form.do("fill", at("/prompt"), "a😀")
    form.do("wait", "text=4998 of 5000 characters left")
    form.do("wait", "text=whole number · ≥ 2 · ≤ 15")
    form.do("fill", at("/duration"), "1e")
    form.do("wait", "text=not a number yet")
    form.do("click", "details.advanced > summary")
    for count in range(1, 6):
        form.do("click", "text=Add to Reference videos")
        form.do("wait", f"text={count} of at most 5")
    form.do("wait", "button:disabled:has-text('Add to Reference videos')")


def test_violations_stand_beside_their_fields_and_the_first_is_gone_to(form: Page) -> None:
    form.do("click", "details.advanced > summary")
    form.do("fill", at("/duration"), "99")
    form.do("fill", at("/seed"), "-1")
    form.do("click", "details.advanced > summary")
    send(form)
    form.do("wait", ".refusal")
    form.do("until", "document.activeElement.id === 'f/prompt'")
    marked = "[...document.querySelectorAll('[aria-invalid=true]')].map((each) => each.id)"
    assert form.do("run", marked) == ["f/prompt", "f/duration", "f/seed"]
    told = "document.getElementById({}.getAttribute('aria-describedby').split(' ').pop()).innerText"
    field = "document.getElementById('f/duration')"
    assert "15" in form.do("run", told.format(field))
    assert "at least one of image_with_roles and video_urls" in form.text(".wrong.whole")
    assert "Change the fields that are marked" in form.text(".refusal")
    form.do("fill", at("/duration"), "9")
    form.do("gone", f"{at('/duration')}[aria-invalid=true]")


def test_what_was_not_touched_is_not_called_wrong_before_it_is_sent(form: Page) -> None:
    form.do("fill", at("/duration"), "99")
    form.do("wait", f"{at('/duration')}[aria-invalid=true]")
    assert form.do("run", "document.querySelectorAll('[aria-invalid=true]').length") == 1


def test_the_price_is_that_of_the_last_input_whatever_answers_first(form: Page) -> None:
    fill_in_the_example(form)
    form.do("wait", "output:has-text('0.6165')")
    form.do("run", SLOW_FIRST)
    form.do("fill", at("/duration"), "15")
    form.do("until", "window.asked === 1")
    form.do("fill", at("/duration"), "2")
    form.do("until", "window.asked === 2")
    form.do("wait", "output:has-text('0.2466')")
    form.do("run", "window.release()")
    form.do("drawn")
    assert form.text(".price output") == "0.2466"
    assert form.do("run", "window.aborted") == 1


def test_files_are_uploaded_shown_and_named_in_the_prompt(
    form: Page, client: httpx.Client, tmp_path: Path
) -> None:
    pictures = [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.svg"]
    for file in pictures:
        file.write_bytes(PNG)
    form.do("fill", at("/prompt"), "in the rain")
    form.do("click", "details.advanced > summary")
    form.do("files", at("/image_with_roles?file"), *map(str, pictures))
    form.do("wait", "text=c.svg: Content-Type 'image/svg+xml' cannot be uploaded")
    form.do(
        "until",
        "[...document.querySelectorAll('.thumbnail img')]"
        ".filter((each) => each.naturalWidth === 1).length === 2",
    )
    form.do("run", "document.getElementById('f/prompt').setSelectionRange(0, 0)")
    form.do("click", "button[aria-label='Write 图2 into the prompt']")
    form.do("type", ":focus", " walks ")
    given = input_of(form)
    assert given["prompt"] == "图2 walks in the rain"
    assert [each["role"] for each in given["image_with_roles"]] == ["reference_image"] * 2
    for each in given["image_with_roles"]:
        assert client.get(each["url"]).content == PNG
    accepts = f"document.querySelector('{at('/video_urls?file')}').accept"
    assert form.do("run", accepts) == "video/*"


def test_no_more_files_are_taken_than_there_is_room_for(form: Page, tmp_path: Path) -> None:
    pictures = [tmp_path / f"{number}.png" for number in range(7)]
    for file in pictures:
        file.write_bytes(PNG)
    form.do("click", "details.advanced > summary")
    form.do("files", at("/image_with_roles?file"), *map(str, pictures))
    form.do("wait", "text=2 more files than there is room for")
    assert len(input_of(form)["image_with_roles"]) == 5
    form.do("wait", f"{at('/image_with_roles?file')}:disabled")


def test_json_that_is_wrong_is_kept_and_told_its_place(form: Page) -> None:
    form.do("click", "button.raw")
    form.do("fill", "#input-json", '{"prompt": "a",\n "prompt": "b"}')
    form.do("wait", 'text=line 2, column 2: the name "prompt" stands here twice')
    form.do("wait", "button.send:disabled")
    form.do("wait", "button.raw:disabled")
    form.do("fill", "#input-json", '{"prompt": "a", "seed": 9007199254740993, "more": 1.50}')
    form.do("click", "button.raw")
    form.do("wait", at("/more"))
    assert form.do("run", f"document.querySelector('{at('/more')}').value") == "1.50"
    form.do("click", "button.raw")
    form.do("wait", "#input-json")
    assert "9007199254740993" in form.do("run", "document.querySelector('#input-json').value")


def test_markup_is_text_wherever_it_stands(form: Page, client: httpx.Client) -> None:
    hostile = "<img src=x onerror=\"document.title='x'\"></script>"
    form.do("fill", at("/prompt"), hostile)
    form.do("click", "details.advanced > summary")
    form.do("click", "text=Add to Reference videos")
    form.do("fill", at("/video_urls/0"), f"javascript:document.title='x'//{hostile}")
    form.do("click", "button.raw")
    form.do("fill", "#input-json", json.dumps({hostile: hostile, "prompt": hostile}))
    form.do("click", "button.raw")
    send(form)
    form.do("wait", ".refusal")
    assert hostile in form.text(".programs pre") or "onerror" in form.text(".programs pre")
    assert form.do("run", "document.querySelectorAll('main img').length") == 0
    assert form.do("run", "document.title") == "mock-mindvideo"


def test_every_control_is_reached_by_the_keyboard_and_has_a_name(form: Page) -> None:
    fill_in_the_example(form)
    nameless = form.do("run", NAMELESS)
    assert nameless == []
    form.do("run", "document.getElementById('f/prompt').focus()")
    seen = set()
    for _ in range(60):
        form.do("press", "Tab")
        seen.add(form.do("run", "document.activeElement.id || document.activeElement.className"))
    assert {"f/duration", "f/image_with_roles/0/url", "idempotency-key", "script", "send"} <= seen


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280, 3840])
def test_a_form_with_everything_in_it_is_sound_at_any_width(
    form: Page, width: int, *, dark: bool
) -> None:
    form.do("size", width, 900)
    form.do("dark", dark)
    fill_in_the_example(form)
    form.do("fill", at("/duration"), "99")
    send(form)
    form.do("wait", ".refusal")
    beyond = form.do("run", "document.documentElement.scrollWidth - window.innerWidth")
    axe = npm_folder(*PACKAGES) / "node_modules" / "axe-core" / "axe.min.js"
    form.do("script", Path(axe).read_text())
    found = form.do("run", "axe.run().then((found) => found.violations)")
    form.do("dark", False)
    serious = [
        (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert (beyond, serious) == (0, [])


def test_the_playground_speaks_chinese(form: Page) -> None:
    form.do("choose", ".language select", "zh")
    form.do("wait", "button.send:has-text('发送')")
    form.do("wait", "text=还可输入 5000 个字符")
    form.do("choose", ".language select", "en")
    form.do("wait", "button.send:has-text('Send')")


def test_violations_are_all_at_the_top_where_there_are_no_fields(form: Page) -> None:
    form.do("click", "button.raw")
    form.do("fill", "#input-json", json.dumps({"prompt": "", "duration": 99, "more": {"a": 1}}))
    send(form)
    form.do("wait", ".wrong.whole:has-text('/input/duration')")
    form.do("until", "document.activeElement.matches('.wrong.whole')")
    assert "/input/prompt" in form.text(".wrong.whole")
    form.do("click", "button.raw")
    form.do("gone", ".wrong.whole:has-text('/input/duration')")
    form.do("wait", f"{at('/duration')}[aria-invalid=true]")
    assert "'more'" in form.text(".wrong.whole")
