"""Whether a Redis can be this store: reached, new enough, not another program's, and no cache."""

from typing import Any

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores.base import StoreError
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import FORMAT

#: The version of what is written; one of a later version is refused.
VERSION = 1

_NAME = "mock-mindvideo worlds"

#: What the format's key holds.
MARK = f"{_NAME} {VERSION}"

#: The first Redis that has all commands of the scripts.
OLDEST = (6, 2)


def check(engine: Engine) -> None:
    """Raises StoreError, which says what is in the way and what to do."""
    try:
        for told in engine.told():
            _check_version(engine, told)
            _check_eviction(engine, told)
        _check_format(engine)
    except Unavailable as problem:
        raise StoreError(str(problem)) from None


def mark(engine: Engine) -> None:
    """Say whose the data are; again where somebody has emptied the server."""
    engine.ask("SETNX", FORMAT, MARK)


def _check_version(engine: Engine, told: dict[str, Any]) -> None:
    version = str(told.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise engine.unusable(f"it is Redis {version}, and {wanted} or newer is needed")


def _check_eviction(engine: Engine, told: dict[str, Any]) -> None:
    """A server that forgets what it was given makes a liar of everybody on it."""
    policy = str(told.get("maxmemory_policy", "noeviction"))
    if int(told.get("maxmemory", 0)) and policy.startswith("allkeys"):
        raise engine.unusable(
            f"it drops keys when it is full (maxmemory-policy {policy}), and so what was answered;"
            " set noeviction"
        )


def _check_format(engine: Engine) -> None:
    for look in range(2):  # another process may have made it new between the two questions
        kind = engine.ask("TYPE", FORMAT)
        if kind not in (b"none", b"string"):
            raise engine.unusable(f"{FORMAT} is not this project's; name another database")
        found = engine.ask("GET", FORMAT)
        if found is not None:
            _check_mark(engine, found.decode("utf-8", "replace"))
            return
        keys = engine.size()
        if keys == 0:
            return
        if look:
            raise engine.unusable(
                f"it holds data of another program ({keys} keys); name another database, as in"
                " redis://HOST:PORT/1"
            )


def _check_mark(engine: Engine, mark: str) -> None:
    name, _, version = mark.rpartition(" ")
    if name != _NAME or not version.isdigit():
        raise engine.unusable(f"{FORMAT} is not this project's; name another database")
    if int(version) > VERSION:
        raise engine.unusable(
            f"it was written by a newer mock-mindvideo (its data have version {version}, this one"
            f" knows {VERSION}); use that one, or another database"
        )
