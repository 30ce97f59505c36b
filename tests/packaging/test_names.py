"""One word for one thing: what classes are called."""

import ast
from collections import defaultdict
from pathlib import Path

import mock_mindvideo

PACKAGE = Path(mock_mindvideo.__file__).parent


def test_no_two_classes_have_one_name() -> None:
    homes = defaultdict[str, list[str]](list)
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(f"{file.relative_to(PACKAGE)}:{node.lineno}")
    shared = {name: places for name, places in homes.items() if len(places) > 1}
    assert not shared, "rename all but one: a reader who meets the name must know which it is"
