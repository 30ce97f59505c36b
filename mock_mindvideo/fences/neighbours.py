"""Where other mocks of HTTP let requests through that they know nothing of.

Each has a public way for its own user to say so, beforehand and for each of its instances; for all
of them at once there is none. Where a name is gone, that tool refuses what it does not know.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

from mock_mindvideo.fences.fence import Gone, look_for, member, warn


class Tool(NamedTuple):
    """A tool, the versions that were read, what is needed of it, and what its user can do."""

    read_in: str
    names: tuple[tuple[str, str], ...]
    instead: str


TOOLS: Mapping[str, Tool] = {
    "respx": Tool(
        "0.22",
        (
            ("respx.mocks", "Mocker.handler"),
            ("respx.mocks", "Mocker.async_handler"),
            ("respx.models", "AllMockedAssertionError"),
            ("respx.models", "PassThrough"),
        ),
        "use router.route(host=…).pass_through()",
    ),
    "pytest_httpx": Tool(
        "0.35 and 0.36",
        tuple(
            ("pytest_httpx", f"HTTPXMock.{name}")
            for name in ("_request_not_matched", "_handle_request", "_handle_async_request")
        ),
        "use the marker httpx_mock(should_mock=…)",
    ),
    "responses": Tool(
        "0.25 and 0.26",
        (("responses", "RequestsMock._on_request"), ("responses", "RequestsMock.add_passthru")),
        "use responses.add_passthru()",
    ),
    "requests_mock": Tool(
        "1.12",
        (
            ("requests_mock.mocker", "MockerCore.__init__"),
            ("requests_mock.adapter", "Adapter.add_matcher"),
            ("requests_mock.adapter", "_RunRealHTTP"),
        ),
        "use real_http=True",
    ),
    "aioresponses": Tool(
        "0.7",
        (
            ("aioresponses.core", "aioresponses.match"),
            ("aioresponses.core", "aioresponses._request_mock"),
        ),
        "use aioresponses(passthrough=[…])",
    ),
    "vcr": Tool(
        "6 to 9",
        tuple(
            ("vcr.cassette", f"Cassette.{name}") for name in ("append", "filter_request", "_load")
        ),
        "use VCR(ignore_hosts=[…])",
    ),
}


def can_be_patched(library: ModuleType) -> bool:
    """Whether the tool can be made to let requests through."""
    tool = TOOLS[library.__name__]
    try:
        for module, path in tool.names:
            name, _, rest = path.partition(".")
            found = member(module, name)
            if rest:
                look_for(found, rest, of=f"{module}.{name}")
    except Gone as gone:
        warn(library.__name__, tool.read_in, str(gone), tool.instead)
        return False
    return True
