"""One word for one thing: names of classes and types, and what is written in one place alone."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import mock_mindvideo

PACKAGE = Path(mock_mindvideo.__file__).parent

#: JSON Schema as strategies imports nothing of the package around it (see `lint-imports`).
ALONE = "strategies/json_schema"


def named(file: Path) -> Iterator[tuple[str, str, int]]:
    """The classes and named types of a file: each name, its meaning, its line.

    A class means itself, and a named type what it is equal to. Type variables mean nothing by
    themselves.
    """
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, f"{file}:{node.lineno}", node.lineno
    for node in tree.body:
        target, value = _assigned(node)
        if re.fullmatch("[A-Z][a-z]+[A-Za-z]*", target) and value and "TypeVar(" not in value:
            yield target, value, node.lineno


def _assigned(node: ast.stmt) -> tuple[str, str]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, ast.unparse(node.value)
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        return node.target.id, ast.unparse(node.value)
    return "", ""


def code(under: Path, pattern: str) -> dict[str, str]:
    """The text of each file that the package wrote itself, by its path."""
    return {
        file.relative_to(under).as_posix(): file.read_text()
        for file in sorted(under.rglob(pattern))
        if "vendor" not in file.parts
    }


def test_no_two_classes_or_types_have_one_name() -> None:
    homes = defaultdict[str, dict[str, str]](dict)
    for file in sorted(PACKAGE.rglob("*.py")):
        for name, meaning, line in named(file):
            homes[name][meaning] = f"{file.relative_to(PACKAGE)}:{line}"
    shared = {name: list(places.values()) for name, places in homes.items() if len(places) > 1}
    assert not shared, "rename all but one: a reader who meets the name must know which it is"


@pytest.mark.parametrize(
    ("what", "home"),
    [
        (r"[\"']~[01][\"']", "domain/pointer.py"),
        ("get_close_matches", "domain/nearest.py"),
        (r"\.is_loopback\b", "domain/hosts.py"),
        (r"\"raw_path\": path", "web/scope.py"),
    ],
    ids=["JSON Pointer", "did you mean", "loopback", "ASGI scope"],
)
def test_what_is_done_in_many_places_is_written_in_one(what: str, home: str) -> None:
    found = {name for name, text in code(PACKAGE, "*.py").items() if re.search(what, text)}
    assert {name for name in found if not name.startswith(ALONE)} == {home}


def test_the_page_reads_and_writes_pointers_in_one_place() -> None:
    found = code(PACKAGE / "web/page/static", "*.js")
    assert {name for name, text in found.items() if re.search("[\"']~[01]", text)} == {"pointer.js"}
