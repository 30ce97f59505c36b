"""What `verify` talks to, and for how much."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from mock_mindvideo.cli.problems import fail

if TYPE_CHECKING:
    from mock_mindvideo.contract.exchange import Transport

#: Seconds between two tries on a mock that this process does not run, whatever the file says.
MOCK_WAIT = 0.1


class Target(NamedTuple):
    """Something that answers. `longest_wait` bounds the seconds between two tries, if anything."""

    transport: "Transport"
    url: str
    is_mock: bool
    longest_wait: float | None


@contextmanager
def open_target(base_url: str | None) -> Iterator[Target]:
    """The server at `base_url`, or without one the mock in this process.

    Raises TargetError and Unreachable.
    """
    if base_url is None:
        with _in_process() as target:
            yield target
        return
    from mock_mindvideo.contract.http_transport import HttpTransport  # noqa: PLC0415
    from mock_mindvideo.contract.target import check_base_url, is_loopback, is_mock  # noqa: PLC0415

    url = check_base_url(base_url)
    outside = HttpTransport(direct=is_loopback(url))
    try:
        known = is_mock(outside, url)
        yield Target(outside, url, known, MOCK_WAIT if known else None)
    finally:
        outside.close()


@contextmanager
def _in_process() -> Iterator[Target]:
    from mock_mindvideo.in_process import BASE_URL, InProcess  # noqa: PLC0415
    from mock_mindvideo.settings import Settings  # noqa: PLC0415
    from mock_mindvideo.web.app import create_app  # noqa: PLC0415

    inside = InProcess(create_app(Settings(progress="polls", log_level="critical")))
    try:
        yield Target(inside, BASE_URL, is_mock=True, longest_wait=0.0)
    finally:
        inside.close()


def read_budget(text: str | None) -> Decimal:
    """The amount in US dollars, 0 without one; misuse ends the command."""
    try:
        budget = Decimal(text or "0")
    except InvalidOperation:
        budget = Decimal(-1)
    if not (budget.is_finite() and budget >= 0):
        fail(f"--max-spend must be an amount in US dollars like 2.50; it is {text!r}")
    return budget
