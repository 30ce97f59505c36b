"""How keys are called in Redis.

The part in braces decides the shard of a cluster: all of a world is on one, so that one script can
see it all; what belongs to no world is under `*`, which no world can be called.
"""

from typing import NamedTuple

PREFIX = "mock-mindvideo"

#: What a Redis that holds worlds says of itself, and the channel on which changes are told.
FORMAT = f"{PREFIX}:{{*}}:format"
CHANNEL = f"{PREFIX}:changes"

CLOCK = f"{PREFIX}:{{*}}:clock"
USES = f"{PREFIX}:{{*}}:uses"
WORLDS = f"{PREFIX}:{{*}}:worlds"
PROCESSES = f"{PREFIX}:{{*}}:processes"


class WorldKeys(NamedTuple):
    """The keys of one world that its scripts are given, in their order."""

    world: str
    scripts: str
    tasks: str
    ids: str
    keyed: str
    ends: str
    refunds: str

    @classmethod
    def of(cls, name: str) -> "WorldKeys":
        """Those of the world `name`."""
        return cls(*(of_world(name, field) for field in cls._fields))


def of_world(name: str, what: str) -> str:
    """A key of the world `name`."""
    return f"{PREFIX}:{{{name}}}:{what}"


def of_all(what: str) -> str:
    """A key that belongs to no world."""
    return of_world("*", what)


def of_digest(digest: str) -> str:
    """The key under which an API key is found, before its world is known."""
    return f"{PREFIX}:{{{digest}}}:key"
