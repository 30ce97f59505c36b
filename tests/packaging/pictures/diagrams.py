"""Diagrams: who reaches the mock, the states of a task, the moments of faults."""

from collections.abc import Iterator

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.lifecycle import Lifecycle
from tests.packaging.pictures.svg import arrow, box, picture, text

_USERS = (
    ("Frontend", "a browser, curl, any language"),
    ("Test suite", "the fixture mindvideo"),
    ("CI", "verify, check-traffic, drift"),
)
_DOORS = (
    ("Server", "HTTP on a real socket"),
    ("In process", "httpx without a socket"),
    ("Contracts", "workflows over OpenAPI"),
)
_COLUMNS = {122: "who", 347: "door", 560: "mock-mindvideo", 760: "memory or SQLite"}


def overview() -> str:
    """Three users, their doors, one application, and the worlds behind it."""
    return picture(860, 330, "Three users, three doors, one application", _overview())


def _overview() -> Iterator[str]:
    for row, (user, door) in enumerate(zip(_USERS, _DOORS, strict=True)):
        y = 60 + row * 80
        yield box(20, y, 205, 56, *user)
        yield arrow((225, y + 28), (257, y + 28))
        yield box(260, y, 175, 56, *door)
        yield arrow((435, y + 28), (477, y + 28))
    application = ("One application", "same checks,", "same answers,", "same faults")
    yield box(480, 60, 160, 216, *application, kind="main")
    yield arrow((640, 168), (677, 168))
    world = ("A world", "for each API key:", "tasks, clock, credit,", "scripts, journal,", "ledger")
    yield box(680, 60, 160, 216, *world)
    for x, words in _COLUMNS.items():
        yield text(x, 40, words, kind="small")
    yield text(430, 310, "no network, no waiting, no cost", kind="small")


def lifecycle() -> str:
    """The states and moves of `lifecycle.json`."""
    return picture(760, 250, "The states of a task", _states(builtin_catalog().lifecycle))


def _states(states: Lifecycle) -> Iterator[str]:
    places = {state: (30 + 270 * column, 30) for column, state in enumerate(_main_line(states))}
    others = [state for state in states.transitions if state not in places]
    places |= {state: (165 + 270 * index, 165) for index, state in enumerate(others)}
    for state, (x, y) in places.items():
        ends = not states.transitions[state]
        good = ends and state == states.outcome
        kind = "good" if good else "bad" if state == "failed" else "box" if ends else "main"
        yield box(x, y, 160, 56, state, _seconds(states, state), kind=kind)
        for after in states.transitions[state]:
            yield _move(places[state], places[after])


def _main_line(states: Lifecycle) -> list[str]:
    return [state for state, _ in states.plan] + [states.outcome]


def _seconds(states: Lifecycle, state: str) -> str:
    planned = dict(states.plan)
    return f"{planned[state] / 1_000_000:g} s by default" if state in planned else "terminal"


def _move(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    if y == to_y:
        return arrow((x + 160, y + 28), (to_x - 3, to_y + 28))
    return arrow((x + 80, y + 56), (to_x + 80, to_y - 3))


_MOMENTS = (
    ("request read", "checks in their order", "main"),
    ("before it is carried out", "status · limit · delay · drop@before-commit", "bad"),
    ("the atomic step", "task, hold and key are stored", "main"),
    ("on the answer", "drop@after-commit · truncate · malformed · drip", "bad"),
    ("on the stream", "cut · duplicate · heartbeats", "bad"),
)


def faults() -> str:
    """A request from top to bottom, and what can happen where."""
    return picture(620, 400, "The moments at which faults happen", _moments())


def _moments() -> Iterator[str]:
    for row, (name, words, kind) in enumerate(_MOMENTS):
        y = 20 + row * 74
        yield box(150, y, 320, 52, name, words, kind=kind)
        if row:
            yield arrow((310, y - 22), (310, y - 3))
    yield text(75, 120, "nothing stored", kind="small")
    yield text(545, 268, "stored, and paid for", kind="small")
