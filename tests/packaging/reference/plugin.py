"""The pytest plugin: fixtures, options, and what is on the handle."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from mock_mindvideo import pytest_plugin as own
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from tests.packaging.reference.markdown import about, code, sentence, table, untyped

FIXTURES = (
    "mindvideo",
    "mindvideo_live",
    "mindvideo_factory",
    "mindvideo_module",
    "mindvideo_session",
    "mindvideo_fault",
    "mindvideo_survival",
    "mindvideo_server",
    "mindvideo_settings",
)

_PLUGIN = """# pytest plugin

[Test with pytest](../guides/pytest.md) shows it at work.

## Fixtures
"""

_OPTIONS = """## Options of a world

Each is a word of the marker (`@pytest.mark.mindvideo(progress="manual")`), a key of the dict that
the fixture `mindvideo_settings` returns, and an ini option. The nearest one applies: the marker of
the test, of its class, of its module, then the fixture, then the ini file.
"""

_HANDLE = """## The handle

What the fixtures `mindvideo` and `mindvideo_live` give to a test.
"""


class _Parser:
    """Takes down what a plugin asks of pytest's parser."""

    def __init__(self) -> None:
        self.ini: dict[str, str] = {}
        self.options: list[tuple[str, str]] = []

    def addini(self, name: str, words: str, *_: object, **__: object) -> None:
        self.ini[name] = words

    def getgroup(self, *_: object) -> "_Parser":
        return self

    def addoption(self, name: str, *, metavar: str = "", help: str = "", **_: Any) -> None:
        self.options.append((f"{name} {metavar}".rstrip(), help))


def pytest_plugin() -> str:
    """Fixtures, options, the handle."""
    parser = _Parser()
    own.pytest_addoption(parser)  # type: ignore[arg-type]
    fixtures = table(("fixture", ""), ((code(name), _fixture(name)) for name in FIXTURES))
    flags = ((code(flag), sentence(words)) for flag, words in parser.options)
    return "\n".join(
        [
            _PLUGIN,
            fixtures,
            _OPTIONS,
            table(("word", "ini", "default", ""), _words(parser)),
            "## Command line\n",
            table(("option", ""), flags),
            _HANDLE,
            table(("member", ""), _members()),
        ]
    )


def _fixture(name: str) -> str:
    found = getattr(own, name)
    assert isinstance(found, pytest.FixtureDef | type(own.mindvideo)), name
    return about(found)


def _words(parser: _Parser) -> Iterator[tuple[str, str, str, str]]:
    for each in fields(Options):
        shown = "" if each.default in (None, ()) else code(repr(each.default))
        name = f"mindvideo_{each.name}"
        words = parser.ini.pop(name).removeprefix("mock-mindvideo: ")
        yield code(each.name), code(name), shown, words
    for name, words in parser.ini.items():
        yield "", code(name), "", words.removeprefix("mock-mindvideo: ")


def _members() -> Iterator[tuple[str, str]]:
    for name, member in inspect.getmembers(MindVideo):
        if name.startswith("_") or not (callable(member) or isinstance(member, property)):
            continue
        if isinstance(member, property):
            yield code(name), about(member)
        else:
            yield code(f"{name}{untyped(member)}"), about(member)
