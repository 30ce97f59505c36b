"""An event that a client was given."""

from typing import NamedTuple


class Delivery(NamedTuple):
    """`request_id` names the stream."""

    world: str
    task_id: str
    request_id: str
    sequence: int
