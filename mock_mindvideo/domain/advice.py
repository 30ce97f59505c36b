"""Likely mistakes that are not errors, told in the header `X-Mock-Advice`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

BROWSER = "this request came from a browser; keep API keys on a server and call the API from there"


@dataclass(frozen=True)
class References:
    """How the prompt names the items of one property: `图1` for the first (D18, I06)."""

    property: str
    names: tuple[str, ...]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(f"({'|'.join(map(re.escape, self.names))})([0-9]{{1,4}})")

    def advise(self, prompt: str, given: Mapping[str, object]) -> Iterator[str]:
        """One sentence for each name in the prompt that has no item behind it."""
        items = given.get(self.property)
        count = len(items) if isinstance(items, list) else 0
        for name, digits in self._pattern.findall(prompt):
            if not 1 <= int(digits) <= count:
                yield f"the prompt names {name}{digits}, but {self.property} holds {count}"


def prompt_advice(references: Sequence[References], given: Mapping[str, object]) -> Iterator[str]:
    """Advice about a prompt that names references which were not sent."""
    prompt = given.get("prompt")
    if isinstance(prompt, str):
        for kind in references:
            yield from dict.fromkeys(kind.advise(prompt, given))
