"""What an answer does otherwise than expected."""

from typing import NamedTuple


class Deviation(NamedTuple):
    """One thing that an answer does and that is not promised, or goes against what was promised.

    `check` is status, media-type, header, schema, history or events; `pointer` leads into the
    body; `proves` are the behaviours that are broken by it.
    """

    check: str
    pointer: str
    message: str
    proves: tuple[str, ...]

    @property
    def documented(self) -> bool:
        """Whether it goes against what the vendor documents."""
        return any(fact.startswith("D") for fact in self.proves)
