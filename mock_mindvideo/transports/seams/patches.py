"""Names of other libraries that are replaced, and put back."""

from collections.abc import Callable
from typing import Any

#: Makes what stands in the place of the original.
Make = Callable[[Any], Any]


class Patches:
    """What was replaced, in order."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def put(self, owner: Any, name: str, make: Make) -> None:
        """Replace `owner.name` by what `make` makes of it."""
        replacement = make(getattr(owner, name))
        self._replaced.append((owner, name, vars(owner).get(name), replacement))
        setattr(owner, name, replacement)

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
