"""An event that a client was given."""

from typing import NamedTuple

#: Deliveries that are remembered, over all worlds.
MOST_DELIVERIES = 10_000


class Delivery(NamedTuple):
    """`request_id` names the stream."""

    world: str
    task_id: str
    request_id: str
    sequence: int
