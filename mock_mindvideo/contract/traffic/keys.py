"""Keys in clear: a recording is passed on, and a key in it with it."""

import re
from collections.abc import Iterator
from typing import Any

from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.domain.keys import DOCUMENTED_KEY, world_of
from mock_mindvideo.domain.masking import mask
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.platform import PLATFORM

_KEY = re.compile(PLATFORM.keys.pattern)
_BEARER = re.compile(rf"(?i)\s*{PLATFORM.keys.scheme}\s+(\S+)\s*")


def key_faults(entry: Recorded) -> Iterator[TrafficFinding]:
    """Every place in an entry where a key stands that could be a real one, encoded ones too."""
    found: dict[tuple[str, str], None] = {}
    decoded = (("body", entry.body), ("answer", entry.answer))
    texts = [*_texts(entry.raw, entry.pointer)]
    texts += [(entry.pointer + entry.places[part], text) for part, text in decoded if text]
    for pointer, text in texts:
        found |= dict.fromkeys((pointer, key) for key in sorted(set(_keys(text))))
    for pointer, key in found:
        words = f"a key stands here in clear: {mask(key)}; take it out, and replace it"
        yield TrafficFinding(entry.number, pointer, "key", words, ("D20",))


def _keys(text: str) -> Iterator[str]:
    found = _KEY.findall(text)
    bearer = _BEARER.fullmatch(text)
    for key in [*found, *([bearer[1]] if bearer and not found else [])]:
        if "…" not in key and key != DOCUMENTED_KEY and world_of(key) is None:
            yield key


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Every text in an entry with its pointer, without recursion: entries can be deep."""
    waiting = [(pointer, value)]
    while waiting:
        at, each = waiting.pop()
        if isinstance(each, str):
            yield at, each
        elif isinstance(each, dict):
            waiting += [(f"{at}/{escaped(name)}", child) for name, child in each.items()]
        elif isinstance(each, list):
            waiting += [(f"{at}/{index}", child) for index, child in enumerate(each)]
