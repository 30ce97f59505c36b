"""The page: whom it is given, and what it may do."""

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from mock_mindvideo.web import page
from mock_mindvideo.web.page import POLICY
from tests.conftest import AUTH

#: What browsers send when somebody opens an address, and what other clients send.
BROWSERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "text/html",
    "application/json;q=0.5, text/html",
)
OTHERS = ("*/*", "application/json", "text/html;q=0.1, application/json", "", "text/plain")


STATIC = Path(page.__file__).parent / "static"


def of_the_reference(file: Path) -> bool:
    """Whether a file is for `/docs` alone, which is not loaded with the page."""
    return file.is_relative_to(STATIC / "docs")


class References(HTMLParser):
    """The addresses that a document refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)


@pytest.mark.parametrize("accept", BROWSERS)
def test_a_browser_that_opens_the_address_gets_the_page(client: TestClient, accept: str) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("accept", OTHERS)
def test_every_other_client_is_told_that_there_is_nothing(client: TestClient, accept: str) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_browser_too_is_told_that_nothing_is_at_other_paths(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": BROWSERS[0]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
@pytest.mark.parametrize("accept", BROWSERS)
def test_a_browser_that_opens_docs_gets_the_reference(
    client: TestClient, accept: str, path: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == POLICY
    assert "swagger-ui" in answer.text


@pytest.mark.parametrize("accept", OTHERS)
def test_every_other_client_is_told_that_there_is_nothing_at_docs(
    client: TestClient, accept: str
) -> None:
    answer = client.get("/docs", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/_mock/ui/", "/docs", "/docs/", "/_mock/ui/docs/"])
def test_the_page_finds_its_files_wherever_it_is_opened(client: TestClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    references = References(text).found
    assert len(references) > 3
    for reference in references:
        answer = client.get(urljoin(f"http://127.0.0.1:8080{path}", reference))
        assert answer.status_code == 200, reference
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("opened", ["/mock/", "/mock/docs"])
def test_behind_a_prefix_the_page_finds_its_files_too(client: TestClient, opened: str) -> None:
    prefix = {"X-Forwarded-Prefix": "/mock"}
    text = client.get(opened, headers={"Accept": "text/html", **prefix}).text
    for reference in References(text).found:
        path = urljoin(f"http://127.0.0.1:8080{opened}", reference)
        assert client.get(path, headers=prefix).status_code == 200, reference


def test_the_address_of_the_page_without_its_slash_leads_to_the_page(client: TestClient) -> None:
    assert client.get("/_mock/ui").url.path == "/_mock/ui/"


@pytest.mark.parametrize(
    "name", ["nothing.js", "../__init__.py", "vendor/preact.LICENSE", "views", "docs"]
)
def test_no_other_file_is_shown(client: TestClient, name: str) -> None:
    assert client.get(f"/_mock/ui/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/docs", "/_mock/ui/", "/_mock/ui/app.js"])
def test_the_page_is_closed_to_whom_the_control_plane_is_closed_to(path: str) -> None:
    app = create_app(Settings(progress="manual"))
    client = TestClient(app, client=("203.0.113.9", 40000), headers={"Accept": "text/html"})
    assert client.get(path).status_code == 403
    near = TestClient(app, client=("127.0.0.1", 40000), headers={"Accept": "text/html"})
    assert near.get(path, headers={"Host": "evil.example"}).status_code == 403
    app.store.close()


def test_a_file_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/_mock/ui/app.js")
    again = client.get("/_mock/ui/app.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    sources = set(re.findall(r"https?:\S*|\*|'unsafe-\w+'", POLICY))
    assert not sources
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_all_of_the_page_weighs_less_than_120_kilobytes_compressed() -> None:
    files = [file.read_bytes() for file in STATIC.rglob("*.*") if not of_the_reference(file)]
    assert len(files) > 20
    assert sum(len(gzip.compress(each)) for each in files) < 120_000


def test_the_reference_weighs_less_than_half_a_megabyte_compressed() -> None:
    files = [file.read_bytes() for file in (STATIC / "docs").rglob("*.*")]
    assert sum(len(gzip.compress(each)) for each in files) < 500_000


def imported(script: str) -> set[str]:
    """A script, and all that it cannot start without."""
    found, left = set(), [script]
    while left:
        name = left.pop()
        found.add(name)
        text = (STATIC / name).read_text()
        names = re.findall(r'^(?:import|export) [^;]*?"(\.[^"]+)";', text, re.MULTILINE)
        left += {urljoin(name, each) for each in names} - found
    return found


def test_the_page_names_every_script_so_that_all_are_fetched_at_once(client: TestClient) -> None:
    text = client.get("/_mock/ui/").text
    named = {each[2:] for each in References(text).found if each.endswith(".js")}
    assert named == imported("app.js")
    assert not any(name.startswith("playground/") for name in named)


def test_every_word_is_there_in_each_language() -> None:
    languages = [json.loads(file.read_text()) for file in (STATIC / "words").glob("*.json")]
    code = "".join(file.read_text() for file in STATIC.rglob("*.js"))
    used = set(re.findall(r'\bsay\("([^"]+)"', code))
    assert len(languages) == 2
    assert len(used) > 80
    for words in languages:
        assert used - words.keys() == set()
        assert words.keys() == languages[0].keys()


def test_no_answer_beside_the_api_may_be_sniffed(client: TestClient) -> None:
    for path in ("/_mock/health", "/_mock/requests", "/nowhere", "/media/default/x/1.mp4"):
        answer: httpx.Response = client.get(path, headers=AUTH)
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path
