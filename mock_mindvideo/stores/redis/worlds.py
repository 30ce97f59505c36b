"""Worlds in Redis, as this process last saw them, and as they are written.

A decision is made on what is known here and checked by the script that carries it out, so that it
takes one round trip unless another process was faster.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import floor
from typing import Any, NamedTuple

from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.encoding import DamagedError, decode_scripts, encode_scripts
from mock_mindvideo.stores.redis.tasks import MICRO, MOST
from mock_mindvideo.stores.world_text import Definitions, assembled, disassembled

#: Worlds that are remembered.
_REMEMBERED = 4096

#: Where scripts say so, nothing is written, or nothing was looked at.
NOTHING = ""


class Seen(NamedTuple):
    """A world as it was at one moment; `version` is "" where it was not there.

    What is committed is the sum in `text` plus `micros` millionths, which submits add up there
    without writing the text. `books` counts what else changes the refunds.
    """

    state: WorldState
    version: str = NOTHING
    text: str = NOTHING
    revision: str = NOTHING
    definitions: Definitions | None = None
    micros: int = 0
    number: int = 0
    books: str = NOTHING

    def paid(self, micros: int) -> "Seen":
        """The same after `micros` have been added up there."""
        if micros == self.micros:
            return self
        committed = self.base + _amount(micros)
        return self._replace(state=replace(self.state, committed=committed), micros=micros)

    @property
    def base(self) -> Decimal:
        """What is committed according to the text."""
        return self.state.committed - _amount(self.micros)


class Belief(NamedTuple):
    """What a change was decided on; what was not looked at is NOTHING."""

    version: str
    number: str = NOTHING
    books: str = NOTHING
    micros: str = NOTHING


class NewState(NamedTuple):
    """What is written of a world; `version` is NOTHING where it stays as it is."""

    version: str = NOTHING
    text: str = NOTHING
    revision: str = NOTHING
    scripts: str = NOTHING
    limit: str = NOTHING
    since: str = NOTHING
    micros: str = NOTHING


class KnownWorlds:
    """The worlds that this process has seen; safe to use from any thread."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def get(self, name: str) -> Seen | None:
        """The world as it was last seen, None if never."""
        return self._seen.get(name)

    def last(self, start: WorldState) -> Seen:
        """The same; one that is not there if never."""
        return self._seen.get(start.name) or Seen(start)

    def take(self, known: Seen | None, name: str, found: Sequence[Any] | None) -> Seen | None:
        """The world in an answer that leaves out what is `known` of it, None if it is not there.

        Raises DamagedError.
        """
        if not found:
            self._seen.pop(name, None)
            return None
        seen = _read(known, name, found)
        self.keep(name, seen)
        return seen

    def keep(self, name: str, seen: Seen) -> None:
        """Remember the world as it is now."""
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[name] = seen

    def forget(self, name: str) -> None:
        """The world was reset."""
        self._seen.pop(name, None)


def _read(known: Seen | None, name: str, found: Sequence[Any]) -> Seen:
    version, text, revision, scripts, micros, number, books, _ = map(_text, found)
    definitions = known.definitions if known else None
    text = known.text if known and text == NOTHING else text
    if scripts != NOTHING:
        definitions = Definitions(decode_scripts(scripts))
    if definitions is None or text == NOTHING:
        raise DamagedError(f"the world {name!r} lacks a part")
    state = assembled(text, definitions)
    if added := int(micros):
        state = replace(state, committed=state.committed + _amount(added))
    return Seen(state, version, text, revision, definitions, added, int(number), books)


def written(seen: Seen, state: WorldState) -> tuple[NewState, Seen]:
    """What has to be written so that the world seen becomes `state`, and how it is seen then."""
    if seen.version and state == seen.state:
        return NewState(), seen
    added = seen.version != NOTHING and state.committed == seen.state.committed
    base = replace(state, committed=seen.base) if added else state
    definitions, revision, scripts = seen.definitions, seen.revision, NOTHING
    if definitions is None or not definitions.are_of(state.scripts):
        revision, scripts = secrets.token_hex(8), encode_scripts(state.scripts)
        definitions = Definitions(state.scripts)
    version, text = secrets.token_hex(8), disassembled(base)
    since = NOTHING if state.credit is None else str(state.credit_from)
    reset = NOTHING if added else "0"
    micros = seen.micros if added else 0
    new = NewState(version, text, revision, scripts, _limit(base), since, reset)
    after = seen._replace(state=state, version=version, text=text, revision=revision)
    return new, after._replace(definitions=definitions, micros=micros, books=seen.books or "0")


def payment(seen: Seen, state: WorldState) -> Decimal | None:
    """What a submit added to what is committed; None where it changed anything else."""
    if replace(state, committed=seen.state.committed) != seen.state:
        return None
    return state.committed - seen.state.committed


def _limit(state: WorldState) -> str:
    """How many millionths submits can add, NOTHING where that is no number for a script."""
    if state.credit is None:
        return NOTHING
    left = (state.credit - state.committed) * MICRO
    return str(floor(left)) if abs(left) < MOST else NOTHING


def _amount(micros: int) -> Decimal:
    return Decimal(micros) / MICRO


def _text(value: bytes | None) -> str:
    return (value or b"").decode()
