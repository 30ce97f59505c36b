"""The pictures of docs/images/, drawn from the code: `python -m tests.packaging.pictures`."""

from collections.abc import Callable, Mapping

from tests.packaging.documents import DOCS
from tests.packaging.pictures import diagrams, terminal

FOLDER = DOCS / "images"

#: How each picture is drawn.
PICTURES: Mapping[str, Callable[[], str]] = {
    "overview.svg": diagrams.overview,
    "lifecycle.svg": diagrams.lifecycle,
    "faults.svg": diagrams.faults,
    "session.svg": terminal.session,
}
