"""Names of other libraries that are replaced, and put back."""

from collections.abc import Callable
from typing import Any

#: Makes what stands in the place of the original.
Make = Callable[[Any], Any]


class Patches:
    """What was replaced, in order."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any, bool]] = []

    def put(self, owner: Any, name: str, make: Make) -> None:
        """Replace `owner.name` by what `make` makes of it."""
        original = getattr(owner, name)
        replacement = make(original)
        replacement.__wrapped__ = original
        self._replaced.append((owner, name, original, name in vars(owner)))
        setattr(owner, name, replacement)

    def undo(self) -> None:
        """Put everything back, unless somebody has patched over it; that one then passes on."""
        while self._replaced:
            owner, name, original, own = self._replaced.pop()
            if getattr(vars(owner).get(name), "__wrapped__", None) is not original:
                continue
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
