"""A world as two texts: what each request may change, and its scripts, which few requests do.

A world may have a thousand scripts. Written out they are hundreds of kilobytes, of which a request
changes a few counts; so the counts stand with the world, and the rest of the scripts apart.
"""

from dataclasses import replace
from functools import lru_cache

import orjson

from mock_mindvideo.domain.script import Script
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.encoding import DamagedError, decode_world, encode_world


class Definitions:
    """A world's scripts without their counts; two are the same where they are one object."""

    __slots__ = ("scripts",)

    def __init__(self, scripts: tuple[Script, ...]) -> None:
        self.scripts = scripts

    def are_of(self, scripts: tuple[Script, ...]) -> bool:
        """Whether those are these, whatever they have counted."""
        return len(scripts) == len(self.scripts) and all(
            mine.id == other.id
            and mine.text == other.text
            and mine.origin == other.origin
            and mine.whose == other.whose
            for mine, other in zip(self.scripts, scripts, strict=True)
        )


def disassembled(state: WorldState) -> str:
    """A world as text, of its scripts the counts alone: those that are not all zero."""
    counts = [
        (index, each.seen, each.used, each.opened, each.counted)
        for index, each in enumerate(state.scripts)
        if each.seen or each.used or each.opened or each.counted
    ]
    return orjson.dumps([encode_world(replace(state, scripts=())), counts]).decode()


@lru_cache(maxsize=256)
def assembled(text: str, definitions: Definitions) -> WorldState:
    """The same read again; the same text gives the same object. Raises DamagedError."""
    try:
        world, counts = orjson.loads(text)
        scripts = list(definitions.scripts)
        for index, seen, used, opened, counted in counts:
            scripts[index] = scripts[index]._replace(
                seen=seen, used=used, opened=opened, counted=counted
            )
        return replace(decode_world(world), scripts=tuple(scripts))
    except (LookupError, TypeError, ValueError) as problem:
        raise DamagedError(f"a world cannot be read: {problem!r}") from None
