"""API keys in Redis: each under its digest, since it is known before its world is."""

import orjson

from mock_mindvideo.domain.keys import Key
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import of_digest, of_world


class KeyIndex:
    """API keys by the digest of their secret, and the list of each world's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, key: Key) -> None:
        """The list first: a digest in it that leads nowhere yet harms nobody."""
        self._engine.run("keys", (_list(key.world),), key.digest)
        self._engine.ask("SET", of_digest(key.digest), orjson.dumps(list(key)))

    def get(self, digest: str) -> Key | None:
        """The key of that digest."""
        return self.read(self._engine.ask(*self.query(digest)))

    @staticmethod
    def query(digest: str) -> tuple[str, ...]:
        """The command whose answer `read` takes."""
        return "GET", of_digest(digest)

    def read(self, found: bytes | None) -> Key | None:
        """The key in an answer."""
        return self._engine.read(lambda raw: Key(*orjson.loads(raw)), found) if found else None

    def of(self, world: str) -> tuple[Key, ...]:
        digests = self._engine.ask("ZRANGE", _list(world), 0, -1)
        found = self._engine.ask_all([self.query(each.decode()) for each in digests])
        keys = [self.read(each) for each in found]
        return tuple(key for key in keys if key is not None and key.world == world)

    def forget(self, world: str) -> None:
        """Drop all that the world has."""
        names = [of_digest(key.digest) for key in self.of(world)]
        self._engine.ask_all([("DEL", name) for name in names])
        self._engine.ask("DEL", _list(world))


def _list(world: str) -> str:
    return of_world(world, "apikeys")
