"""Interception: code that makes its own client talks to the mock, unchanged.

Where a library would open a connection to a known address (see `seams`), the mock answers in this
process. All other addresses go on to the network, or to whoever else has patched the library.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.transports.addresses import Addresses
from mock_mindvideo.transports.answering import Interception, registered
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.seams import installed

__tracebackhide__ = hidden
__unittest = True


@contextmanager
def intercepting(
    embedded: Embedded, hosts: Sequence[str] = (PLATFORM.host,), name: str = ""
) -> Iterator[None]:
    """While inside, answer requests to `hosts`, the innermost one of several for an address.

    `name` is the test's, for messages.
    """
    with installed(), registered(Interception(Addresses(hosts), embedded, name)):
        yield
