"""Values to put into a store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.instant import LAST, SECOND
from mock_mindvideo.domain.journal import Entry, Note, entry_of
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.script import Script, parse
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.upload import PIECE, Upload
from mock_mindvideo.domain.world import MANUAL, PROGRESSES, VIRTUAL_START, WorldState
from mock_mindvideo.stores import Ground, Payload, Store
from mock_mindvideo.stores.base import Admit
from mock_mindvideo.stores.sqlite import SqliteStore
from tests.effort import examples

#: Each example opens a store.
BRIEFLY = settings(max_examples=examples(40))

CATALOG = builtin_catalog()
LIFECYCLE = CATALOG.lifecycle
PAYLOAD = Payload("wan2-7-r2v", b'{"prompt":"a"}')
OTHER = Payload("wan2-7-r2v", b'{"prompt":"b"}')

#: When a task of the default plan ends.
ENDED = VIRTUAL_START + 10 * SECOND


def start(name: str = "default", **more: Any) -> WorldState:
    given = {
        "seed": 1,
        "progress": MANUAL,
        "speed": 1.0,
        "anchor": VIRTUAL_START,
        "anchored": VIRTUAL_START,
    }
    return WorldState(name=name, **(given | more))


def task(number: int, payload: Payload = PAYLOAD, **more: Any) -> Task:
    given = {
        "id": f"task_{number:024x}",
        "request_id": f"req_{number:024x}",
        "created_at": VIRTUAL_START,
        "stays": LIFECYCLE.plan,
        "outcome": "succeeded",
        "error_code": "generation_failed",
        "error_message": "The model could not generate a result.",
        "estimate": "0.6165",
        "charge_on": "succeeded",
    }
    return Task(number=number, model=payload.model, input=payload.input, **(given | more))


def admitting(
    idempotency_key: str | None = None,
    payload: Payload = PAYLOAD,
    change: Callable[[WorldState], WorldState] = lambda state: state,
    **more: Any,
) -> Admit:
    def admit(ground: Ground) -> tuple[WorldState, Task]:
        return change(ground.state), task(
            ground.number, payload, idempotency_key=idempotency_key, **more
        )

    return admit


def create(
    store: Store,
    world: WorldState,
    idempotency_key: str | None = None,
    payload: Payload = PAYLOAD,
    **more: Any,
) -> Task:
    created, replayed = store.create(
        world, idempotency_key, payload, admitting(idempotency_key, payload, **more)
    )
    assert not replayed
    return created


def change(
    store: Store, world: WorldState, change: Callable[[WorldState], WorldState]
) -> WorldState:
    """The world as it is after `change`."""

    def turn(ground: Ground) -> tuple[WorldState, WorldState]:
        state = change(ground.state)
        return state, state

    return store.change(world, turn)


def key(number: int, world: str = "default", **more: Any) -> Key:
    return Key(f"key_{number}", world, f"{number:064x}", "mv_live_…xx", VIRTUAL_START, **more)


def put_file(store: Store, world: str, name: str, size: int = 10) -> None:
    """An uploaded file, which is all zeros."""
    upload = Upload(f"{name}.png", "image/png", 0, VIRTUAL_START)
    store.files.begin(world, upload)
    for start in range(0, size, PIECE):
        store.files.add(world, upload.id, bytes(min(PIECE, size - start)))
    store.files.finish(world, upload.id)


def size_of_file(store: Store, world: str, name: str) -> int | None:
    """Its size, None if it is not there; its pieces are as many as it says."""
    found = store.files.find(world, f"{name}.png")
    if found is None:
        return None
    pieces = [store.files.piece(world, found.id, n) for n in range(-(-found.size // PIECE))]
    assert b"".join(piece or b"" for piece in pieces) == bytes(found.size)
    return found.size


def note(number: int, size: int = 0) -> Note:
    return Note(number, f"req_{number}", "GET", "/", (), bytes(size), 200, None, None, b"", 1.5)


def entry(number: int, size: int = 0) -> Entry:
    """What the store gives of the note."""
    return entry_of(note(number, size))


_AMOUNTS = st.decimals(0, 10**12, places=9, allow_nan=False)
_SCRIPTS: st.SearchStrategy[Script] = st.sampled_from(
    ("outcome=stuck; times=2", "queued=0.5; method=POST", "error=x; message=a b; probability=0.5")
).map(parse)


def worlds(name: str) -> st.SearchStrategy[WorldState]:
    """Any state a world can be in."""
    return st.builds(
        WorldState,
        name=st.just(name),
        seed=st.integers(),
        progress=st.sampled_from(PROGRESSES),
        speed=st.floats(min_value=1e-9, max_value=1e6),
        anchor=st.integers(0, LAST),
        anchored=st.integers(0, LAST),
        credit=st.none() | _AMOUNTS,
        credit_from=st.integers(0, 1 << 40),
        committed=_AMOUNTS.map(Decimal),
        scripts=st.lists(_SCRIPTS, max_size=3).map(tuple),
        scripted=st.integers(0, 1 << 40),
    )


@contextmanager
def opened(file: Path) -> Iterator[SqliteStore]:
    """A store on that file, closed at the end."""
    store = SqliteStore(file, LIFECYCLE)
    try:
        yield store
    finally:
        store.close()
