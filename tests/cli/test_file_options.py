"""Every file and folder that a command takes is among those that strange ones are tried with."""

import re

import click
import pytest

from tests.faults.strange import COMMANDS, EVERY_PLACE, PLACE

#: Words of an option that takes the name of a file, whatever its type says.
_NAMES_A_FILE = re.compile(r"\b(FILE|DIR|FOLDER|PAGE|PATH)\b")


def names_a_file(parameter: click.Parameter) -> bool:
    if isinstance(parameter.type, click.Path | click.File):
        return True
    told = f"{parameter.metavar or ''} {getattr(parameter, 'help', None) or ''}"
    return bool(_NAMES_A_FILE.search(told)) and not getattr(parameter, "is_flag", False)


def places() -> list[tuple[str, str]]:
    return [
        (command, parameter.opts[0])
        for command, found in COMMANDS.items()
        for parameter in found.params
        if names_a_file(parameter)
    ]


@pytest.mark.parametrize("place", places(), ids=" ".join)
def test_a_parameter_that_names_a_file_has_a_row_with_strange_ones(place: tuple[str, str]) -> None:
    assert place in EVERY_PLACE, (
        f"add {place} to the tables of tests/faults/strange.py: it is read, written or filled"
    )


@pytest.mark.parametrize("place", EVERY_PLACE, ids=" ".join)
def test_a_row_calls_the_command_with_the_parameter_that_it_is_for(place: tuple[str, str]) -> None:
    command, name = place
    words = list(EVERY_PLACE[place])
    assert words[: len(command.split())] == command.split()
    assert name in {option for each in COMMANDS[command].params for option in each.opts}
    if name.startswith("-"):
        assert name in words
    elif PLACE in words:
        assert not words[words.index(PLACE) - 1].startswith("-")


def test_the_rows_are_of_this_command_line() -> None:
    assert len(places()) > 30
    assert set(places()) <= set(EVERY_PLACE)
