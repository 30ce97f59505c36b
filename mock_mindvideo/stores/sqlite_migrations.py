"""The tables of the SQLite file, step by step: a file of any former version is brought up to date.

A step is never changed once a version with it was given away; a change of the tables is one more
step. `tests/stores/files/` holds a file of each version, and a test opens them all.
"""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection, complete_statement

from mock_mindvideo.domain.upload import PIECE
from mock_mindvideo.stores.base import StoreError

#: "mmv": what the file's header says of whose it is.
APPLICATION = 0x6D6D76

_FIRST = """
CREATE TABLE worlds (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tasks (
    world, ends_at, refund, id, request_id, number, model, input, created_at, stays, outcome,
    error_code, error_message, estimate, charge_on, moves, idempotency_key, script,
    PRIMARY KEY (world, number)
);
CREATE UNIQUE INDEX task_id ON tasks (world, id);
CREATE UNIQUE INDEX task_key ON tasks (world, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX task_end ON tasks (world, ends_at);
CREATE INDEX task_refund ON tasks (world, number) WHERE refund IS NOT NULL;
CREATE TABLE keys (id, world, digest, masked, created_at, disabled, deleted, PRIMARY KEY (digest));
CREATE TABLE uploads (world, id, media_type, body, created_at);
CREATE UNIQUE INDEX upload_id ON uploads (world, id);
CREATE TABLE journal (
    world, size, at, request_id, method, path, headers, body, status, code, task_id, answer, ms,
    script, advice, retry_after
);
CREATE INDEX journal_world ON journal (world);
CREATE INDEX journal_size ON journal (size);
CREATE TABLE dropped (what TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO dropped VALUES ('tasks', 0), ('worlds', 0), ('uploads', 0), ('journal', 0)
"""

#: Before this step worlds ran by the wall clock; none of them may go back to before its anchor.
#: And each process knew of its own streams only.
_SECOND = """
CREATE TABLE clock (boot TEXT NOT NULL, offset INTEGER, mark INTEGER, drift INTEGER);
INSERT INTO clock SELECT 'none', 0, max(json_extract(state, '$.anchored')), 0 FROM worlds
    HAVING count(*) > 0;
CREATE TABLE deliveries (world, task_id, request_id, sequence);
CREATE INDEX delivery_world ON deliveries (world);
CREATE TABLE processes (name TEXT PRIMARY KEY, streams INTEGER, seen INTEGER) WITHOUT ROWID
"""

#: Before this step a file's bytes stood in one place, which was read and written in one go.
_THIRD = f"""
ALTER TABLE uploads RENAME TO whole;
DROP INDEX upload_id;
CREATE TABLE uploads (
    file INTEGER PRIMARY KEY, world, finished, id, media_type, size, created_at
);
CREATE UNIQUE INDEX upload_id ON uploads (world, id);
CREATE TABLE pieces (file INTEGER, number INTEGER, body);
CREATE UNIQUE INDEX piece_number ON pieces (file, number);
INSERT INTO uploads SELECT rowid, world, 1, id, media_type, length(body), created_at FROM whole;
WITH RECURSIVE numbers (number) AS (
    SELECT 0 UNION ALL SELECT number + 1 FROM numbers
    WHERE number < (SELECT max(length(body)) / {PIECE} FROM whole)
)
INSERT INTO pieces SELECT whole.rowid, number, substr(body, number * {PIECE} + 1, {PIECE})
    FROM whole JOIN numbers ON number * {PIECE} < length(body);
DROP TABLE whole
"""

#: Before this step a world's scripts stood in its own row, all of which each request wrote; and
#: what a task gives back was looked for among all that gave something back.
_FOURTH = """
ALTER TABLE worlds ADD COLUMN revision TEXT;
CREATE TABLE scripts (world TEXT PRIMARY KEY, revision TEXT, text TEXT) WITHOUT ROWID;
DROP INDEX task_refund;
CREATE INDEX task_refund ON tasks (world, number, ends_at, refund) WHERE refund IS NOT NULL
"""

#: Words of a plan, and those of a fault, as they were before the fifth step.
_PLAN = ("outcome", "queued", "processing", "error", "message")
_FAULT = (
    "delay", "status", "retry-after", "drop@", "truncate", "malformed", "drip", "cut", "duplicate",
    "heartbeats", "limit",
)  # fmt: skip


def _has(words: tuple[str, ...]) -> str:
    """Whether a journal's script has one of the words, where each stands after a blank."""
    spaced = "' ' || replace(fault, char(59), ' ')"
    return " OR ".join(f"{spaced} GLOB '* {word}*'" for word in words)


#: Before this step an entry of the journal had one script, whatever that did; and what decides a
#: plan had a second name in scripts.
_FIFTH = f"""
ALTER TABLE journal RENAME COLUMN script TO fault;
ALTER TABLE journal ADD COLUMN plan;
UPDATE journal SET plan = fault WHERE {_has(_PLAN)};
UPDATE journal SET fault = NULL WHERE plan IS NOT NULL AND NOT ({_has(_FAULT)});
UPDATE worlds SET state = replace(state, '"scenario":', '"plan":');
UPDATE scripts SET text = replace(text, '"scenario":', '"plan":')
"""

#: Before this step the journal's numbers could come again after a reset, there were no acts in it,
#: and nobody could tell which of its entries were dropped.
_SIXTH = """
DROP INDEX journal_world;
DROP INDEX journal_size;
ALTER TABLE journal RENAME TO former;
CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, world, size, at, request_id, method, path, headers,
    body, status, code, task_id, answer, ms, fault, plan, advice, retry_after, act
);
INSERT INTO journal SELECT rowid, world, size, at, request_id, method, path, headers, body, status,
    code, task_id, answer, ms, fault, plan, advice, retry_after, NULL FROM former;
DROP TABLE former;
CREATE INDEX journal_world ON journal (world);
CREATE INDEX journal_size ON journal (size, act);
ALTER TABLE dropped ADD COLUMN last INTEGER NOT NULL DEFAULT 0
"""

#: Before this step no task waited for others.
_SEVENTH = "ALTER TABLE tasks ADD COLUMN waits NOT NULL DEFAULT 0"

#: Before this step nobody noted when a world was used last.
_EIGHTH = "CREATE TABLE uses (world TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID"

#: Before this step all of the journal was added up each time something was written to it. What is
#: of no world is of all together. Whoever drops entries, the trigger counts it.
_NINTH = """
DROP INDEX journal_size;
CREATE TABLE journal_sums (
    world TEXT PRIMARY KEY, exchanges INTEGER, acts INTEGER, size INTEGER
) WITHOUT ROWID;
INSERT INTO journal_sums
    SELECT world, count(*) - count(act), count(act), sum(size) FROM journal GROUP BY world;
INSERT INTO journal_sums
    SELECT '', coalesce(sum(exchanges), 0), coalesce(sum(acts), 0), coalesce(sum(size), 0)
    FROM journal_sums;
CREATE INDEX journal_sums_size ON journal_sums (size);
CREATE TRIGGER journal_dropped AFTER DELETE ON journal BEGIN
    UPDATE journal_sums SET exchanges = exchanges - (old.act IS NULL),
        acts = acts - (old.act IS NOT NULL), size = size - old.size
        WHERE world IN (old.world, '');
    DELETE FROM journal_sums WHERE world = old.world AND exchanges + acts = 0;
END
"""


def _counted(table: str, size: str = "0") -> str:
    """The statements by which a table is counted from then on, and what is dropped is taken off."""
    return f"""
INSERT INTO holdings SELECT '{table}', world, count(*), sum({size}) FROM {table} GROUP BY world;
INSERT INTO holdings SELECT '{table}', '', coalesce(sum(rows), 0), coalesce(sum(size), 0)
    FROM holdings WHERE what = '{table}';
CREATE TRIGGER {table}_dropped AFTER DELETE ON {table} BEGIN
    UPDATE holdings SET rows = rows - 1{"" if size == "0" else f", size = size - old.{size}"}
        WHERE what = '{table}' AND world IN (old.world, '');
END"""


#: Before this step all uploads were added up each time a piece of one was written, and deliveries
#: were counted likewise. Whoever drops them, triggers take them off.
_TENTH = f"""
CREATE TABLE holdings (
    what TEXT, world TEXT, rows INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (what, world)
) WITHOUT ROWID;
{_counted("uploads", "size")};
{_counted("deliveries")};
CREATE INDEX upload_world ON uploads (world)
"""


def _held(what: str, table: str, *, sized: bool = False, where: str = "") -> str:
    """A table of what each world holds of another table, and of all as that of no world.

    A trigger takes off what is dropped; a world that has nothing left has no row. `where` is a
    column that is there in the rows that are counted, if not all are.
    """
    size, old = ("sum(size)", "old.size") if sized else ("0", "0")
    some, when = (f"WHERE {where} NOT NULL", f"WHEN old.{where} NOT NULL") if where else ("", "")
    less = f"UPDATE {what}_held SET rows = rows - 1, size = size - {old}"
    return f"""
CREATE TABLE {what}_held (
    world TEXT PRIMARY KEY, rows INTEGER NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO {what}_held SELECT world, count(*), {size} FROM {table} {some} GROUP BY world;
INSERT INTO {what}_held SELECT '', coalesce(sum(rows), 0), coalesce(sum(size), 0) FROM {what}_held;
CREATE TRIGGER {what}_dropped AFTER DELETE ON {table} {when} BEGIN
    {less} WHERE world = old.world;
    {less} WHERE world = '';
    DELETE FROM {what}_held WHERE world = old.world AND rows = 0;
END"""


#: Before this step the journal was counted in another way than uploads and deliveries (see
#: `sqlite_holdings`). Only in the journal no row is small, so that an index on sizes finds few.
_ELEVENTH = f"""
DROP TABLE journal_sums;
DROP TABLE holdings;
DROP TRIGGER journal_dropped;
DROP TRIGGER uploads_dropped;
DROP TRIGGER deliveries_dropped;
{_held("journal", "journal", sized=True)};
{_held("acts", "journal", where="act")};
{_held("uploads", "uploads", sized=True)};
{_held("deliveries", "deliveries")};
CREATE INDEX journal_held_size ON journal_held (size)
"""

#: What has to be done to a file of version n - 1 so that it becomes one of version n.
STEPS = (
    _FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH, _EIGHTH, _NINTH, _TENTH, _ELEVENTH,
)  # fmt: skip
VERSION = len(STEPS)


def prepare(db: Connection, file: Path) -> None:
    """Bring the file up to date, inside a transaction; raises StoreError if it cannot be."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        version = 0
        db.execute(f"PRAGMA application_id = {APPLICATION}")
    elif application != APPLICATION:
        raise StoreError(f"{file}: is a database of another program; name another file")
    elif version > VERSION:
        raise StoreError(
            f"{file}: was written by a newer mock-mindvideo (its tables have version {version},"
            f" this one knows those up to {VERSION}); use that one, or another file"
        )
    for number in range(version + 1, VERSION + 1):
        for statement in _statements(STEPS[number - 1]):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")


def _statements(text: str) -> Iterator[str]:
    """The statements of a step, of which triggers have more semicolons than the one between."""
    statement = ""
    for piece in text.split(";"):
        statement += f"{piece};"
        if complete_statement(statement):
            yield statement
            statement = ""
