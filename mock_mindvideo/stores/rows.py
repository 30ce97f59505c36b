"""A task as one `bytes` object: when it ends, then its facts.

What a model and a plan bring with them is the same for nearly all tasks. It is kept once, in a
table of the store, and a row holds its number there; so a row is short, and fast to write.
"""

import marshal

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Stays
from mock_mindvideo.domain.task import Task

#: Bytes at the start of a row that say when the task ends; they are in the order of time.
END = 8

#: The version of `marshal`'s form that does not look whether an object came before in the same row,
#: which takes two thirds of the time and saves a few bytes.
FLAT = 2

#: Model, stays, outcome, error code and message, estimate, what is charged.
Common = tuple[str, Stays, str, str, str, str, str]

#: Entries of the table. Scripts can make up as many plans as they like; those beyond stand in
#: their rows.
MOST = 4096


class Rows:
    """Tasks to rows and back; `unpack` may be called by any thread at any time."""

    def __init__(self) -> None:
        self._table: list[Common] = []
        self._places: dict[Common, int] = {}

    def pack(self, task: Task, ends_at: Instant) -> bytes:
        """The row of a task. Called under the store's lock."""
        common: Common = (
            task.model,
            task.stays,
            task.outcome,
            task.error_code,
            task.error_message,
            task.estimate,
            task.charge_on,
        )
        own = (
            task.id,
            task.request_id,
            task.number,
            task.input,
            task.created_at,
            task.moves,
            task.idempotency_key,
            task.script,
            task.waits,
        )
        known = self._places.get(common)
        place = self._learned(common) if known is None else known
        return instant(ends_at) + marshal.dumps((place, own), FLAT)

    def unpack(self, row: bytes) -> Task:
        """The task in a row that this table has packed."""
        place, own = marshal.loads(row[END:])  # noqa: S302 - written by this process
        common = self._table[place] if isinstance(place, int) else place
        model, stays, outcome, code, message, estimate, charge_on = common
        task_id, request_id, number, given, created_at, moves, idempotency_key, script, waits = own
        return Task(
            task_id,
            request_id,
            number,
            model,
            given,
            created_at,
            stays,
            outcome,
            code,
            message,
            estimate,
            charge_on,
            moves,
            idempotency_key,
            script,
            waits,
        )

    def _learned(self, common: Common) -> int | Common:
        """Its new place in the table, or itself if there is no room."""
        if len(self._table) >= MOST:
            return common
        self._table.append(common)
        return self._places.setdefault(common, len(self._table) - 1)


def instant(at: Instant) -> bytes:
    """A moment as the first bytes of a row."""
    return at.to_bytes(END)
