"""From what one request costs to what a number of nodes and shards can do."""

from collections.abc import Iterator
from typing import NamedTuple

#: What a task is taken to be: so many polls; and the shards of a cluster.
POLLS, SHARDS = 10, 10


class Cost(NamedTuple):
    """What one request takes: of Redis, of the network to it, and of a node (in seconds)."""

    commands: float
    received: float
    sent: float
    redis: float
    node: float = 0.0

    def __str__(self) -> str:
        node = f" {self.node * 1e6:6.0f} µs" if self.node else ""
        redis = f"{self.received:7,.0f} B {self.sent:7,.0f} B {self.redis * 1e6:6.0f} µs"
        return f"{self.commands:8.1f} {redis}{node}"


def limits(submit: Cost, poll: Cost, journal: Cost) -> Iterator[str]:
    """The tasks a second that these costs allow, a task being a submit and POLLS polls."""
    requests = 1 + POLLS
    node = submit.node + POLLS * poll.node
    redis = submit.redis + POLLS * poll.redis
    journals = requests * journal.redis
    yield f"tasks a second, each polled {POLLS} times, and what limits them:"
    for nodes in (1, 10, 100):
        of = {f"{nodes} nodes": nodes / node, "Redis": 1 / redis}
        cluster = {
            f"{nodes} nodes": nodes / node,
            f"{SHARDS} shards": SHARDS / (redis - journals),
            "the shard of the journal": 1 / journals,
        }
        shown = (min(each.items(), key=lambda at: at[1]) for each in (of, cluster))
        (one, first), (many, second) = shown
        yield f"{nodes:3} nodes: {first:6,.0f} ({one}); on {SHARDS} shards {second:6,.0f} ({many})"
