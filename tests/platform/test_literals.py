"""What the vendor calls things stands in one file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import mock_mindvideo
from mock_mindvideo.platform import PLATFORM

PACKAGE = Path(mock_mindvideo.__file__).parent

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
