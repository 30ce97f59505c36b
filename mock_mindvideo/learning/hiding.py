"""Nothing of a person's leaves a recording: keys, prompts and links' secrets are masked."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.learning.proposal import Proposal, Remark
from mock_mindvideo.learning.sightings import Recordings

#: What stands for a text that a person wrote.
PROMPT = "(a prompt)"

_QUERY = re.compile(r"(https?://[^\s?#\"']+)[?#][^\s\"']*")

#: Characters of a prompt that is looked for: shorter ones are words like any other.
_SHORTEST = 8


class Hiding:
    """Masks what stands in proposals; it knows the prompts of all requests."""

    def __init__(self, recordings: Recordings) -> None:
        bodies = {entry.body for entries in recordings.values() for entry in entries if entry.body}
        found = {prompt for body in bodies for prompt in _prompts(body)}
        self._prompts = sorted(found, key=len, reverse=True)

    def proposal(self, each: Proposal) -> Proposal:
        """The proposal without keys and prompts."""
        return replace(each, value=self._value(each.value), statement=self.text(each.statement))

    def remark(self, each: Remark) -> Remark:
        """The remark without keys and prompts."""
        return replace(each, statement=self.text(each.statement))

    def text(self, text: str) -> str:
        """A text without keys and prompts."""
        for prompt in self._prompts:
            text = text.replace(prompt, PROMPT)
        return _QUERY.sub(r"\1", mask_text(text))

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float) and not math.isfinite(value):
            return 0  # a number that no file can hold
        if isinstance(value, dict):
            return {self.text(name): self._value(each) for name, each in value.items()}
        return [self._value(each) for each in value] if isinstance(value, list) else value


def _prompts(body: str) -> Iterator[str]:
    """The texts in a body that stand under a name with `prompt` in it."""
    try:
        waiting = [("", json.loads(body))]
    except (ValueError, RecursionError):
        return
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, each) for each in value)
        elif isinstance(value, str) and "prompt" in name and len(value) >= _SHORTEST:
            yield value
