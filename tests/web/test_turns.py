"""Long steps of many requests at once: between any two of them the others have their turn."""

import asyncio

import orjson
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.dialect import own_dialect
from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.web.answers import Message
from mock_mindvideo.web.asgi import AsgiClient, drive
from mock_mindvideo.web.listing import PIECE, Listing
from mock_mindvideo.web.steps import Handling, NeedBody, Steps, Whole


def test_long_bodies_that_come_at_once_are_worked_on_one_in_a_turn_of_the_loop() -> None:
    happened: list[str] = []

    def handle() -> Steps[Whole | None]:
        yield NeedBody()
        happened.append("body")
        return Whole(200, [], b"")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * (LONG + 1)}

    async def send(message: Message) -> None:
        """To nobody."""

    async def others() -> None:
        while True:
            happened.append("others")
            await asyncio.sleep(0)

    async def run() -> None:
        watching = asyncio.create_task(others())
        clients = [AsgiClient({}, receive, send, 10 * LONG, own_dialect()) for _ in range(16)]
        await asyncio.gather(*(drive(Handling(handle()), each) for each in clients))
        watching.cancel()

    asyncio.run(run())
    turns = [turn.count("body") for turn in _between(happened, "others")]
    assert happened.count("body") == 16
    assert max(turns) == 1


def _between(happened: list[str], mark: str) -> list[list[str]]:
    turns: list[list[str]] = [[]]
    for each in happened:
        if each == mark:
            turns.append([])
        else:
            turns[-1].append(each)
    return turns


@given(st.lists(st.integers(0, 3 * PIECE), max_size=12), st.dictionaries(st.text(), st.text()))
def test_a_list_of_any_length_is_the_same_json_made_no_sooner_than_it_is_read(
    sizes: list[int], beside: dict[str, str]
) -> None:
    beside.pop("items", None)
    taken = 0

    def items() -> object:
        nonlocal taken
        for size in sizes:
            taken += size + 2
            yield orjson.dumps("x" * size)

    sent = bytearray()
    lengths: list[bytes] = []

    async def send(message: Message) -> None:
        headers = dict(message.get("headers", ()))
        lengths.extend(value for name, value in headers.items() if name == b"content-length")
        piece = message.get("body", b"")
        ahead = taken - len(sent) - len(piece)
        # Two pieces are ready before the first is sent, and each may end in a long item.
        assert ahead <= 2 * (PIECE + max(sizes, default=0) + 3)
        sent.extend(piece)

    async def receive() -> Message:
        raise AssertionError("nothing is asked of the client")

    listing = Listing("items", items(), beside)  # type: ignore[arg-type]
    asyncio.run(listing({"type": "http"}, receive, send))
    assert orjson.loads(sent) == beside | {"items": ["x" * size for size in sizes]}
    assert lengths in ([], [str(len(sent)).encode()])
