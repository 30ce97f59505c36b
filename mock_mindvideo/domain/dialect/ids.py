"""How ids look: what stands around their digits, and the form of these."""

import re
from dataclasses import dataclass
from functools import lru_cache

#: The 24 hexadecimal digits as they are; in the form of a random UUID (RFC 9562, 5.4); as decimals.
HEX = "hex"
UUID = "uuid"
DIGITS = "digits"

#: Stands for the digits where something follows them; without it, they stand at the end.
HOLE = "{id}"


@dataclass(frozen=True, slots=True)
class IdForms:
    """What ids are made around, and the form of what is there."""

    task: str
    request: str
    event: str
    form: str = HEX

    def of_task(self, digits: str) -> str:
        """The id of a task with these 24 hexadecimal digits."""
        if self.form == HEX and HOLE not in self.task:
            return self.task + digits
        return _around(self.task, self._formed(digits))

    def of_request(self, digits: str) -> str:
        """The id of a request with these 24 hexadecimal digits."""
        if self.form == HEX and HOLE not in self.request:
            return self.request + digits
        return _around(self.request, self._formed(digits))

    def named(self, name: str) -> tuple[str, str]:
        """The ids of a task that has a name in place of digits, and of its request."""
        return _around(self.task, name), _around(self.request, name)

    def of_event(self, task_id: str, sequence: int) -> str:
        """The id of a task's `sequence`-th event."""
        before, after = _affixes(self.task)
        return f"{self.event}{task_id.removeprefix(before).removesuffix(after)}_{sequence}"

    def _formed(self, digits: str) -> str:
        if self.form == HEX:
            return digits
        if self.form == DIGITS:
            return str(int(digits, 16))
        parts = (digits[:8], digits[8:12], f"4{digits[12:15]}", f"8{digits[15:18]}")
        return "-".join((*parts, digits[18:] + digits[:6]))


def pattern_of(said: str) -> str:
    """A pattern that whole ids have which are made around `said`."""
    before, after = _affixes(said)
    return f"{_literally(before)}[0-9A-Za-z_-]+{_literally(after)}"


def _literally(text: str) -> str:
    """A pattern of a text, in any language of patterns: what has no meaning is not escaped."""
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", text)


def _around(said: str, digits: str) -> str:
    before, after = _affixes(said)
    return f"{before}{digits}{after}"


@lru_cache(maxsize=64)
def _affixes(said: str) -> tuple[str, str]:
    before, _, after = said.partition(HOLE)
    return before, after
