"""Reads the feed with an SSE client of others, and tells what one world is known to have done."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import httpx_sse

CHANGES = "/_mock/changes"


class Told(NamedTuple):
    """One event as the client gave it."""

    id: str
    kind: str
    data: dict[str, Any]


@contextmanager
def following(client: httpx.Client, seen: str | None = None) -> Iterator[Iterator[Told]]:
    """The events after `seen`; when the block begins, the stream is open."""
    headers = {"Last-Event-ID": seen} if seen else {}
    with httpx_sse.connect_sse(client, "GET", CHANGES, headers=headers) as source:
        events = (
            Told(each.id, each.event, json.loads(each.data))
            for each in source.iter_sse()
            if each.data
        )
        yield events


def news(client: httpx.Client, seen: str | None) -> list[Told]:
    """What there is after `seen`, where streams end: in process."""
    with following(client, seen) as events:
        return list(events)


def steps_of(changes: list[Told]) -> dict[str, list[tuple[str, str]]]:
    """The states of each task as they were told: when, and which."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for change in changes:
        if change.kind == "task":
            found[change.data["task_id"]].append((change.data["at"], change.data["status"]))
    return dict(found)


def of_kind(changes: list[Told], kind: str) -> list[dict[str, Any]]:
    return [change.data for change in changes if change.kind == kind]
