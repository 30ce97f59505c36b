"""Refusals as a dialect words them: status, code, the members of the envelope, headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.domain.dialect.template import ABSENT, filled
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.pointer import steps

#: What the envelope's template can name.
NAMES = ("request_id", "status", "code", "type", "message", "details", "param")

#: What a header of a refusal that says when to come again can name.
LIMIT_NAMES = ("retry_after", "limit", "window", "remaining")

RETRY_AFTER = "Retry-After"


@dataclass(frozen=True, slots=True)
class Refusals:
    """`errors` in the platform's file.

    `kinds` has status, code and type by the mock's own code; `headers` are sent where a refusal
    says how long to wait, those in `without`, in lower case, never. An envelope that is a text is
    sent as it is; `schemas` say by pointer what stands in its place, see `TaskForm`.
    """

    media_type: str
    envelope: Any
    nulls: bool
    kinds: Mapping[str, Mapping[str, Any]]
    headers: Mapping[str, str]
    without: frozenset[str] = frozenset()
    schemas: Mapping[str, Any] = field(default_factory=dict)

    def status(self, error: MockError) -> int:
        """The status: the one that a script asked for, or the one of this kind."""
        return error.said or int(self._kind(error)["status"])

    def code(self, error: MockError) -> str | int:
        """What the kind is called."""
        code: str | int = self._kind(error)["code"]
        return code

    def body(self, error: MockError, request_id: str) -> Any:
        """The JSON of a refusal; `param` is the first member that is wrong, as `input.duration`."""
        kind = self._kind(error)
        wrong = [each.pointer for each in error.details if each.pointer]
        values = {
            "request_id": request_id,
            "status": self.status(error),
            "code": self.code(error),
            "type": kind.get("type", ABSENT),
            "message": error.message,
            "details": [detail._asdict() for detail in error.details],
            "param": ".".join(map(str, steps(wrong[0]))) if wrong else ABSENT,
        }
        return filled(self.envelope, values, nulls=self.nulls)

    def header_lines(self, error: MockError) -> tuple[tuple[str, str], ...]:
        """The headers of a refusal, those about when to come again as the dialect has them."""
        sent = error.headers
        if self.without:
            sent = tuple(each for each in sent if each[0].lower() not in self.without)
        given = dict(sent)
        if RETRY_AFTER not in given:
            return sent
        values = {
            **dict.fromkeys(LIMIT_NAMES, ABSENT),
            **error.window,
            "retry_after": given[RETRY_AFTER],
        }
        kept = tuple(each for each in sent if each[0] != RETRY_AFTER)
        told = filled(self.headers, values)
        return (*kept, *((name, str(value)) for name, value in told.items()))

    def _kind(self, error: MockError) -> Mapping[str, Any]:
        """What the file says of this kind; of one that only the mock itself has, its own words."""
        return self.kinds.get(error.code) or {"status": error.status, "code": error.code}
