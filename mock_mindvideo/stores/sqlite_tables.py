"""The API keys in the SQLite file."""

from mock_mindvideo.domain.keys import Key
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


def _key(row: tuple[object, ...]) -> Key:
    key = Key._make(row)
    return key._replace(disabled=bool(key.disabled), deleted=bool(key.deleted))
