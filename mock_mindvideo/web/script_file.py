"""`--script FILE`: scripts for worlds, as TOML."""

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from mock_mindvideo.domain.keys import can_name_world
from mock_mindvideo.domain.script import Script, ScriptError, from_table, parse
from mock_mindvideo.domain.script.kinds import Added
from mock_mindvideo.system.files import read_file
from mock_mindvideo.web.observed_times import without_files

#: Bytes of the largest file of scripts.
MOST_BYTES = 16 * 1024 * 1024


def read_script_file(file: Path, added: Added = ()) -> Callable[[str], Sequence[Script]]:
    """What tells the scripts of a world by its name.

    The file holds `scripts = ["outcome=failed; times=1", …]` for every world, and the same
    under `[worlds.NAME]` for one; a script may be a table of its words, too:
    `{outcome = "failed", message = "any text; at all"}`. Where seconds may be drawn, they may be
    drawn from a file beside it, `csv(times.csv)`. `added` are the requests that the dialect adds.
    Raises ScriptError naming the file and the entry.
    """
    raw = _read(file)
    for_all = _scripts(file, "scripts", raw.pop("scripts", []), added)
    worlds = raw.pop("worlds", {})
    if raw or not isinstance(worlds, dict):
        raise ScriptError(f"{file}: only 'scripts' and '[worlds.NAME]' can stand here")
    own = {name: _world(file, name, table, added) for name, table in worlds.items()}
    return lambda name: (*own.get(name, ()), *for_all)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(read_file(file, MOST_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise ScriptError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ScriptError(f"{file}: is not TOML: {error}") from None


def _world(file: Path, name: str, table: object, added: Added) -> tuple[Script, ...]:
    if not can_name_world(name):
        raise ScriptError(
            f"{file}: [worlds.{name[:60]}] is no world that a key leads to: a name has"
            " 1 to 40 of a-z, 0-9, _ and -"
        )
    if not isinstance(table, dict) or set(table) - {"scripts"}:
        raise ScriptError(f"{file}: [worlds.{name}] holds only 'scripts'")
    return _scripts(file, f"worlds.{name}.scripts", table.get("scripts", []), added)


def _scripts(file: Path, where: str, given: object, added: Added) -> tuple[Script, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str | dict) for each in given):
        raise ScriptError(f"{file}: '{where}' must be a list of strings, or of tables of words")
    found = []
    for index, each in enumerate(given):
        try:
            found.append(_script(file.parent, each, added))
        except ScriptError as problem:
            raise ScriptError(f"{file}: {where}[{index}]: {problem}") from None
    return tuple(found)


def read_course(texts: Sequence[str]) -> tuple[Script, ...]:
    """The scripts that settings stand for, for every world; files are looked for from here.

    Raises ScriptError.
    """
    return tuple(_script(Path(), text) for text in texts)


def _script(folder: Path, given: str | dict[str, object], added: Added = ()) -> Script:
    if isinstance(given, str):
        return parse(without_files(given, "", folder), added)
    return from_table(
        {
            name: without_files(value, name, folder) if isinstance(value, str) else value
            for name, value in given.items()
        },
        added,
    )
