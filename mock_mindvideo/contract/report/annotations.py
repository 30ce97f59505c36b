"""GitHub's workflow commands, which put a finding at its line in a pull request."""

from collections.abc import Iterable, Iterator

from mock_mindvideo.contract.report.places import Placed, from_package
from mock_mindvideo.contract.report.sarif import help_uri


def annotation(place: Placed) -> str:
    """One command, on one line; a file of the package is named in the message alone."""
    level = "notice" if place.level == "note" else place.level
    title = f"title={_property(place.rule)}"
    if not from_package(place.file):
        line = f",line={place.line}" if place.line else ""
        return f"::{level} file={_property(place.file)}{line},{title}::{_escaped(place.message)}"
    message = f"{place.message}; {place.file}:{place.line}, see {help_uri(place.rule)}"
    return f"::{level} {title}::{_escaped(message)}"


def annotations(places: Iterable[Placed]) -> Iterator[str]:
    """A command for each error; for warnings one a rule, as GitHub shows ten of a kind."""
    warned: dict[str, list[Placed]] = {}
    for place in places:
        if place.level == "error":
            yield annotation(place)
        else:
            warned.setdefault(place.rule, []).append(place)
    for first, *more in warned.values():
        words = f"{first.message}; and {len(more)} more like it" if more else first.message
        yield annotation(first._replace(message=words))


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
