"""One change, and whom it breaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `pointer` leads into the part that is named; `message` says it in words.

    `requests`: what was accepted may be refused now, or means something else. `readers`: what
    is received may be something that could not be received before. `concerns` says for which of
    the two the part is: a schema of inputs is for requests, one of answers for readers.
    """

    part: str
    pointer: str
    message: str
    requests: bool
    readers: bool
    concerns: str = "requests"
    line: int = 0

    @property
    def breaking(self) -> bool:
        """Whether it breaks those whom the part is for."""
        return self.requests if self.concerns == "requests" else self.readers
