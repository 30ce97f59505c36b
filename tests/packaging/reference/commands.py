"""The command line, and the settings of a server."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields

import click

from mock_mindvideo.cli import main
from mock_mindvideo.cli.serve import serve
from mock_mindvideo.settings import PREFIX, Bounds, Settings
from tests.packaging.reference.markdown import code, escaped, table

_COMMANDS = """# Command line

Exit codes: 0 all is well, 1 something is wrong with what was checked, 2 misuse, or it could not be
checked.
"""

_SETTINGS = """# Settings

Each setting of `mock-mindvideo serve` is an option, a variable of the environment, and an argument
of `Settings` in Python. An option wins over the variable. A stored world keeps its progress, speed
and seed unless they are given.
"""

_BOUNDS = """## Bounds

What the mock keeps at most, so that it stays small whatever is sent. They are arguments of
`Settings(bounds=Bounds(…))`. What was dropped is counted and shown by `GET /_mock/health`.
"""


def command_line() -> str:
    """Each command with its options."""
    parts = [_COMMANDS]
    for name, command in main.commands.items():
        parts += _command(name, command)
    return "\n".join(parts)


def _command(name: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield f"## {code(f'mock-mindvideo {name}')}\n"
        yield escaped(inspect.cleandoc(command.help or "")) + "\n"
        for each, below in command.commands.items():
            yield from _command(f"{name} {each}", below)
        return
    context = click.Context(command, info_name=f"mock-mindvideo {name}", terminal_width=100)
    yield f"## {code(f'mock-mindvideo {name}')}\n"
    yield f"```text\n{command.get_usage(context)}\n```\n"
    yield escaped(inspect.cleandoc(command.help or "").replace("\b\n", "")) + "\n"
    rows = [record for each in command.params if (record := each.get_help_record(context))]
    yield table(("option", ""), ((code(option), text) for option, text in rows))


def settings() -> str:
    """Each setting with its option, its variable, its default and its help; then the bounds."""
    options = {each.name: each for each in serve.params}
    rows = []
    for each in fields(Settings):
        if each.name != "bounds":
            option = options[each.name]
            text, _, default = (getattr(option, "help", "") or "").partition("  [default: ")
            variable = code(f"{PREFIX}{each.name.upper()}")
            rows.append((code(option.opts[0]), variable, code(default.rstrip("]")), text))
    listed = table(("option", "variable", "default", ""), rows)
    return "\n".join([_SETTINGS, listed, _BOUNDS, table(("bound", "default", ""), _bounds())])


def _bounds() -> Iterator[tuple[str, str, str]]:
    source = inspect.getsource(Bounds)
    for each in fields(Bounds):
        said = re.search(rf"^    {each.name}: .*?(?:#\s*(.*))?$", source, re.MULTILINE)
        yield code(each.name), f"{each.default:,}", (said and said[1]) or "bytes"
