"""How ids look: what they begin with, and the form of their digits."""

from dataclasses import dataclass

#: The 24 hexadecimal digits as they are; or in the form of a random UUID (RFC 9562, 5.4).
HEX = "hex"
UUID = "uuid"


@dataclass(frozen=True, slots=True)
class IdForms:
    """The prefixes of ids, and the form of what follows."""

    task: str
    request: str
    event: str
    form: str = HEX

    def of_task(self, digits: str) -> str:
        """The id of a task with these 24 hexadecimal digits."""
        return self.task + (digits if self.form == HEX else _uuid(digits))

    def of_request(self, digits: str) -> str:
        """The id of a request with these 24 hexadecimal digits."""
        return self.request + (digits if self.form == HEX else _uuid(digits))

    def of_event(self, task_id: str, sequence: int) -> str:
        """The id of a task's `sequence`-th event."""
        return f"{self.event}{task_id.removeprefix(self.task)}_{sequence}"


def _uuid(digits: str) -> str:
    parts = (digits[:8], digits[8:12], f"4{digits[12:15]}", f"8{digits[15:18]}")
    return "-".join((*parts, digits[18:] + digits[:6]))
