"""The keys and the uploads in the SQLite file."""

from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders


class KeyTable:
    """API keys by the digest of their secret."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: Key) -> None:
        with self._database.writing() as db:
            db.execute(
                f"INSERT INTO keys ({columns(Key)}) VALUES ({placeholders(Key)})"
                " ON CONFLICT (digest) DO UPDATE SET world = excluded.world,"
                " disabled = excluded.disabled, deleted = excluded.deleted",
                key,
            )

    def get(self, digest: str) -> Key | None:
        with self._database.reading() as db:
            found = db.execute(
                f"SELECT {columns(Key)} FROM keys WHERE digest = ?", (digest,)
            ).fetchone()
        return _key(found) if found else None

    def of(self, world: str) -> tuple[Key, ...]:
        with self._database.reading() as db:
            found = db.execute(
                f"SELECT {columns(Key)} FROM keys WHERE world = ? ORDER BY rowid",
                (world,),
            ).fetchall()
        return tuple(map(_key, found))


class UploadTable:
    """Uploaded files, `most` bytes of them at most."""

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._most = most

    def put(self, world: str, upload: Upload) -> None:
        """Store a file; the oldest ones make room, it stays in any case."""
        with self._database.writing() as db:
            db.execute(
                f"INSERT INTO uploads (world, {columns(Upload)})"
                f" VALUES (?, {placeholders(Upload)})",
                (world, *upload),
            )
            sizes = db.execute("SELECT rowid, length(body) FROM uploads ORDER BY rowid").fetchall()
            total = sum(size for _, size in sizes)
            for row, size in sizes[:-1]:
                if total <= self._most:
                    break
                total -= size
                db.execute("DELETE FROM uploads WHERE rowid = ?", (row,))
                db.execute("UPDATE dropped SET count = count + 1 WHERE what = 'uploads'")

    def get(self, world: str, upload_id: str) -> Upload | None:
        with self._database.reading() as db:
            found = db.execute(
                f"SELECT {columns(Upload)} FROM uploads WHERE world = ? AND id = ?",
                (world, upload_id),
            ).fetchone()
        return Upload._make(found) if found else None


def _key(row: tuple[object, ...]) -> Key:
    key = Key._make(row)
    return key._replace(disabled=bool(key.disabled), deleted=bool(key.deleted))
