"""Likely mistakes in a prompt that are not errors, told in the header `X-Mock-Advice`."""

import re
from collections.abc import Iterable, Mapping

BROWSER = "this request came from a browser; keep API keys on a server and call the API from there"


class References:
    """How a model's prompt names the items of its properties: `图1` for the first (D18, I06).

    `names` are those of each property, without the number.
    """

    def __init__(self, names: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        for name, words in names:
            self.names[name] = (*self.names.get(name, ()), *words)
        self._properties = {word: name for name, words in self.names.items() for word in words}
        words = "|".join(map(re.escape, self._properties)) or r"\b\B"
        self._numbered = re.compile(rf"({words})([0-9]{{1,4}})")

    def advice(self, given: Mapping[str, object]) -> tuple[str, ...]:
        """One sentence for each name in the prompt of an input that has no item behind it."""
        prompt = given.get("prompt")
        if not isinstance(prompt, str):
            return ()
        advice: dict[str, None] = {}
        for word, digits in self._numbered.findall(prompt):
            name = self._properties[word]
            items = given.get(name)
            count = len(items) if isinstance(items, list) else 0
            if not 1 <= int(digits) <= count:
                advice[f"the prompt names {word}{digits}, but {name} holds {count}"] = None
        return tuple(advice)
