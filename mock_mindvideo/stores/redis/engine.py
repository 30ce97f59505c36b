"""What the store asks of Redis, and what it answers when Redis cannot be asked."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar
from weakref import finalize

import redis.exceptions as problems
from redis.sentinel import MasterNotFoundError

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.domain.place import CLUSTER, RedisAddress
from mock_mindvideo.stores.base import StoreError
from mock_mindvideo.stores.redis.connecting import Connected, connect
from mock_mindvideo.stores.redis.scripts import script

Result = TypeVar("Result")

#: Seconds after which a client is told to try again.
RETRY_AFTER = 1

#: Seconds for which nobody else is let wait for a server that did not answer in time.
AWAY = 0.25


class Engine:
    """One Redis, its sentinels or its cluster. Safe to call from any thread.

    Raises Unavailable, with the server's name and never its password, where it is away, slow,
    loading, full, read-only or not what it was; the next call tries again.
    """

    def __init__(self, address: RedisAddress) -> None:
        self.address = address
        self._connected: Connected | None = None
        self._lock = Lock()
        self._away_until = 0.0

    def client(self) -> Any:
        """What redis-py has for it; raises RedisError."""
        with self._lock:
            if self._connected is None:
                self._connected = connect(self.address)
                finalize(self, self._connected.close)  # for stores that nobody closes
            return self._connected.client

    def run(self, name: str, keys: Sequence[str], *arguments: Any) -> Any:
        """The answer of a script."""
        found = script(name)
        with self.translated():
            client = self.client()
            try:
                return client.execute_command("EVALSHA", found.sha, len(keys), *keys, *arguments)
            except problems.NoScriptError:  # the server is new, or was restarted
                return client.execute_command("EVAL", found.text, len(keys), *keys, *arguments)

    def ask(self, *command: Any) -> Any:
        """The answer to a command."""
        with self.translated():
            return self.client().execute_command(*command)

    def ask_all(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """The answers to several commands, each by itself."""
        with self.translated():
            pipeline = self.client().pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            return list(pipeline.execute())

    def told(self) -> list[dict[str, Any]]:
        """What the server, or each master of the cluster, says of itself."""
        with self.translated():
            if self.address.kind != CLUSTER:
                return [self.client().info()]
            told = self.client().info(target_nodes="primaries")
            return [told] if "redis_version" in told else list(told.values())

    def size(self) -> int:
        """How many keys there are."""
        with self.translated():
            return int(self.client().dbsize())

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            if self._connected is not None:
                self._connected.close()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What can befall a server, as the refusal that a client can retry."""
        if time.monotonic() < self._away_until:
            raise self.unavailable("it did not answer in time a moment ago")
        try:
            yield
        except problems.TimeoutError as problem:
            self._away_until = time.monotonic() + AWAY
            raise self.unavailable(problem) from problem
        except MasterNotFoundError as problem:  # it describes each sentinel at length
            named = f"no sentinel names a master of '{self.address.service}' that it can reach"
            raise self.unavailable(named) from problem
        except problems.RedisError as problem:
            raise self.unavailable(problem) from problem

    def read(self, reading: Callable[[Any], Result], raw: Any) -> Result:
        """What `raw` says; raises Unavailable where it is not what the store has written."""
        try:
            return reading(raw)
        except (LookupError, TypeError, ValueError, ArithmeticError) as problem:
            raise self.unavailable(f"what is in it is damaged: {problem}") from problem

    def unavailable(self, problem: object) -> Unavailable:
        """The refusal that names the store."""
        said = f"{self.address}: the store cannot be used just now: {self._hidden(problem)}"
        return Unavailable(said, headers=(("Retry-After", str(RETRY_AFTER)),))

    def unusable(self, problem: object) -> StoreError:
        """The refusal of this Redis as a store, when it is opened."""
        return StoreError(f"{self.address}: cannot be used as a store: {problem}")

    def _hidden(self, problem: object) -> str:
        """What a library says in one line, and without a password, should it ever say one."""
        said = " ".join(str(problem).split())
        for secret in self.address.secrets:
            said = said.replace(secret, "***")
        return said
