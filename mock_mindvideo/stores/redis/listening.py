"""Changes that other processes made, as Redis tells them: one subscription for each process."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import redis.exceptions as problems

from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import CHANNEL

#: What stands between a process and the world that it changed.
_BETWEEN = " "

#: Seconds between two questions whether the connection is still there, and to wait for the answer.
PING, PATIENCE = 1.0, 2.0

#: How a change of many worlds is told.
_ANY = "*"


class Listener:
    """Reads what was told since it was last asked.

    Whatever may have been missed, because the connection was new or had to be made anew, is told as
    a change of any world: who follows one looks again, and loses nothing.
    """

    def __init__(self, engine: Engine, token: str, notice: Callable[[str | None], None]) -> None:
        self._engine = engine
        self._token = token
        self._notice = notice
        self._lock = Lock()
        self._subscription: Any = None
        self._pinged = self._answered = 0.0

    def saying(self, world: str | None) -> str:
        """What is told of a change of that world, or of any, by this process."""
        return f"{self._token}{_BETWEEN}{_ANY if world is None else world}"

    def begin(self) -> None:
        """Subscribe; raises Unavailable."""
        with self._lock:
            self._subscribe()

    def poll(self) -> None:
        """Give notice of what others changed; raises Unavailable."""
        with self._lock:
            new = self._subscription is None
            if new:
                self._subscribe()
            heard: set[str | None] = {None} if new else set(self._heard())
        for world in {None} if None in heard else heard:
            self._notice(world)

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._leave()

    def _subscribe(self) -> None:
        with self._engine.translated():
            subscription = self._engine.client().pubsub()
            try:
                subscription.subscribe(CHANNEL)
                subscription.get_message(timeout=2.0)  # that it is subscribed
            except problems.RedisError:
                subscription.close()
                raise
            self._subscription = subscription
            self._pinged = self._answered = time.monotonic()

    def _heard(self) -> list[str | None]:
        heard: list[str | None] = []
        with self._engine.translated():
            try:
                while (message := self._subscription.get_message(timeout=0.0)) is not None:
                    self._answered = time.monotonic()
                    if message["type"] == "message":
                        heard += self._read(message["data"].decode())
                self._ask_whether_it_is_there()
            except problems.RedisError:
                self._leave()
                raise
        return heard

    def _ask_whether_it_is_there(self) -> None:
        """A connection that was cut off without a word is silent, as one without news is."""
        now = time.monotonic()
        if now - max(self._pinged, self._answered) > PATIENCE and self._pinged > self._answered:
            raise problems.ConnectionError("it has gone silent")
        if now - self._pinged > PING and self._answered >= self._pinged:
            self._pinged = now
            self._subscription.ping()

    def _read(self, text: str) -> list[str | None]:
        token, _, world = text.partition(_BETWEEN)
        if token == self._token:
            return []
        return [None if world == _ANY else world]

    def _leave(self) -> None:
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
