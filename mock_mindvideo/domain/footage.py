"""How long the files are that an input names; the mock never downloads them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

#: What stands at the end of a URL that names a part of a clip: W3C Media Fragments, in seconds.
_FRAGMENT = re.compile(
    r"[^#]*#(?:.*&)?t=(?:npt:)?([0-9]{1,6}(?:\.[0-9]{1,3})?)?(?:,([0-9]{1,6}(?:\.[0-9]{1,3})?))?"
    r"(?:&.*)?"
)


@dataclass(frozen=True, slots=True)
class Footage:
    """The properties of an input that name clips, by a URL or a list of them.

    A clip is taken to be `seconds` long, unless its URL ends with a media fragment such as
    `#t=0,12`; none is longer than `most`. Where the property `duration` is 0, the output is as
    long as they are.
    """

    properties: tuple[str, ...]
    seconds: Decimal
    most: Decimal
    duration: str | None = None

    def length(self, given: Mapping[str, object]) -> Decimal:
        """The seconds of all clips in an input."""
        return sum(map(self._seconds, self.clips(given)), Decimal(0))

    def clips(self, given: Mapping[str, object]) -> Iterator[str]:
        """The URLs of the clips in an input."""
        for name in self.properties:
            value = given.get(name)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, str):
                    yield each

    def settled(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """The input with the length of its clips where its duration is 0."""
        name = self.duration
        if name is None or not _is_zero(given.get(name)):
            return given
        return {**given, name: float(self.length(given) or self.seconds)}

    def _seconds(self, url: str) -> Decimal:
        found = _FRAGMENT.fullmatch(url)
        if found is None or found[2] is None:
            return self.seconds
        return min(self.most, max(Decimal(0), Decimal(found[2]) - Decimal(found[1] or 0)))


def _is_zero(value: object) -> bool:
    return value in (0, "0", "0s") and not isinstance(value, bool)
