"""The addresses that are answered for, as a suite names them: hosts, with or without a port.

Nothing is imported here but what every Python has loaded: the guard needs it in suites that never
ask for a fixture.
"""

from collections.abc import Iterable

#: What begins a pattern for every name under a domain.
ANY = "*."


class Addresses:
    """Patterns like `api.mindvideo.ai`, `api.mindvideo.ai:8443`, `*.mindvideo.ai`, `[::1]:80`.

    A pattern without a port stands for every port. `*.` stands for one label or more.
    """

    __slots__ = ("_names", "_patterns", "_suffixes")

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = frozenset(patterns)
        self._names: set[tuple[str, int | None]] = set()
        self._suffixes: set[tuple[str, int | None]] = set()
        for pattern in self._patterns:
            name, port = split(pattern)
            wild = name.startswith(ANY)
            (self._suffixes if wild else self._names).add((name[1:] if wild else name, port))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Addresses) and self._patterns == other._patterns

    def __hash__(self) -> int:
        return hash(self._patterns)

    def have(self, host: str, port: int | None) -> bool:
        """Whether an address is among them; a `port` of None is one that goes without saying."""
        name = plain(host)
        return (
            (name, None) in self._names
            or (name, port) in self._names
            or any(
                name.endswith(suffix) and known in (None, port) for suffix, known in self._suffixes
            )
        )


def split(text: str) -> tuple[str, int | None]:
    """A pattern's name and its port, None for every one."""
    head, bracket, rest = text.rpartition("]")
    name, colon, port = rest.rpartition(":")
    if not (colon and port.isdecimal()) or (":" in name and not bracket):
        return plain(text), None
    return plain(head + bracket + name), int(port)


def plain(host: str) -> str:
    """A host as it is compared: in lower case, without brackets and without a final dot."""
    return host.lower().strip("[]").removesuffix(".")
