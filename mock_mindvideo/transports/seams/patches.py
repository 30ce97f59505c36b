"""Names of other libraries that are replaced, and put back."""

from collections.abc import Callable, Iterator
from typing import Any

#: Makes what stands in the place of the original.
MakeReplacement = Callable[[Any], Any]


def family(kind: type[Any]) -> Iterator[type[Any]]:
    """A class and all its subclasses."""
    yield kind
    for each in kind.__subclasses__():
        yield from family(each)


class Patches:
    """What was replaced, in order."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def put(self, owner: Any, name: str, make: MakeReplacement) -> None:
        """Replace `owner.name` by what `make` makes of it."""
        replacement = make(getattr(owner, name))
        self._replaced.append((owner, name, vars(owner).get(name), replacement))
        setattr(owner, name, replacement)

    def put_in_family(self, kind: type[Any], name: str, make: MakeReplacement) -> None:
        """Replace a method of a class, and of each subclass that overrides it."""
        for each in family(kind):
            if name in vars(each):
                self.put(each, name, make)

    def undo(self) -> None:
        """Put everything back, unless somebody has patched over it; that one then passes on."""
        while self._replaced:
            owner, name, original, replacement = self._replaced.pop()
            if vars(owner).get(name) is not replacement:
                continue
            if original is None:  # it was inherited
                delattr(owner, name)
            else:
                setattr(owner, name, original)
