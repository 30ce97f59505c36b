"""Likely mistakes that are not errors, told in the header `X-Mock-Advice`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

BROWSER = "this request came from a browser; keep API keys on a server and call the API from there"


class References(NamedTuple):
    """How the prompt names the items of one property: `图1` for the first (D18, I06)."""

    property: str
    names: tuple[str, ...]


def prompt_advice(references: tuple[References, ...], given: Mapping[str, object]) -> list[str]:
    """One sentence for each name in the prompt that has no item behind it."""
    prompt = given.get("prompt")
    if not references or not isinstance(prompt, str):
        return []
    advice: dict[str, None] = {}
    numbered, properties = _names(references)
    for name, digits in numbered.findall(prompt):
        items = given.get(properties[name])
        count = len(items) if isinstance(items, list) else 0
        if not 1 <= int(digits) <= count:
            told = f"the prompt names {name}{digits}, but {properties[name]} holds {count}"
            advice[told] = None
    return list(advice)


@lru_cache
def _names(references: tuple[References, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds a name and the number behind it, and the property that each name speaks of."""
    properties = {name: each.property for each in references for name in each.names}
    return re.compile(f"({'|'.join(map(re.escape, properties))})([0-9]{{1,4}})"), properties
