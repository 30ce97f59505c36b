"""GitHub's workflow commands, which put a finding at its line in a pull request."""

from collections.abc import Iterator

from mock_mindvideo.contract.report.sarif import Place


def annotation(place: Place) -> str:
    """One command, on one line."""
    level = "notice" if place.level == "note" else place.level
    where = f"file={_property(place.file)}" + (f",line={place.line}" if place.line else "")
    return f"::{level} {where},title={_property(place.rule)}::{_escaped(place.message)}"


def annotations(places: Iterator[Place]) -> Iterator[str]:
    """A command for each place."""
    return map(annotation, places)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
