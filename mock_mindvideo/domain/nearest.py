"""What was probably meant by a name that is not known."""

from collections.abc import Iterable

#: Characters of a name that are looked at, and shown.
LONGEST = 40

#: How alike two names are, from 0 to 1, so that one may be meant by the other.
ALIKE = 0.6


def nearest(name: str, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """The known name most like `name`, if any is like it."""
    import difflib  # noqa: PLC0415 - only who is wrong waits for it

    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=alike)), None)


def meant(name: str, known: Iterable[str]) -> str:
    """What follows an unknown name in a message: the nearest known one, or all of them."""
    known = list(known)
    near = nearest(name[:LONGEST].lower(), known)
    return f" (did you mean '{near}'?)" if near else f"; known are {', '.join(known)}"
