"""What the vendor calls things stands in one file."""

import ast
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

import mock_mindvideo
from mock_mindvideo import Settings, create_app
from mock_mindvideo.platform import PLATFORM

PACKAGE = Path(mock_mindvideo.__file__).parent
PAGE = PACKAGE / "web/page/static"

#: Whole words of the vendor's that no other part of the package may write.
LITERALS = (
    PLATFORM.origin,
    PLATFORM.host,
    PLATFORM.paths.submit,
    PLATFORM.headers.idempotency_key,
    PLATFORM.headers.replayed,
    PLATFORM.headers.request_id,
    PLATFORM.keys.live,
    PLATFORM.keys.test,
    PLATFORM.members.estimate,
    PLATFORM.members.cost,
)


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The strings in a file's code, with their lines; what documents is none."""
    tree = ast.parse(file.read_text())
    documents = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documents:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("latin-1")


def test_no_code_writes_a_literal_of_the_vendors() -> None:
    found = [
        f"{file.relative_to(PACKAGE)}:{line}: {literal}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for line, text in texts(file)
        for literal in LITERALS
        if literal.lower() in text.lower()
    ]
    assert not found, "take it from PLATFORM (schemas/platform/http.json)"


def test_no_script_of_the_page_writes_a_literal_of_the_vendors() -> None:
    """Members of tasks are words of the control plane there, and comments may name a header."""
    named = [each.strip("/") for each in LITERALS if each not in vars(PLATFORM.members).values()]
    found = [
        f"{file.relative_to(PAGE)}:{number}: {literal}"
        for file in sorted(PAGE.rglob("*.js"))
        if "vendor" not in file.parts
        for number, line in enumerate(file.read_text().splitlines(), 1)
        for literal in named
        if literal in line and not line.lstrip().startswith(("//", "/*", "*"))
    ]
    assert not found, "take it from platform.js"


def test_the_page_is_told_the_names_of_the_platform() -> None:
    client = TestClient(
        create_app(Settings()), client=("127.0.0.1", 40000), base_url="http://localhost"
    )
    told = client.get("/_mock/ui/platform.js").text
    for name in (
        PLATFORM.paths.submit[1:],
        PLATFORM.paths.events[1:],
        PLATFORM.headers.idempotency_key,
        PLATFORM.headers.replayed,
        PLATFORM.keys.documented,
        PLATFORM.keys.test,
    ):
        assert f'"{name}"' in told
    assert "JSON.parse" not in told
