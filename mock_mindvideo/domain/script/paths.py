"""Paths with stars, matched in time that grows with their length and no faster.

A `*` stands for any characters of one segment, none included. Nothing here backtracks: a star takes
as little as it can, and what follows it is looked for from there on.
"""


def matches(pattern: str, path: str) -> bool:
    """Whether `path` is one that `pattern` speaks of."""
    if "*" not in pattern:
        return pattern == path
    wanted, found = pattern.split("/"), path.split("/")
    return len(wanted) == len(found) and all(map(_fits, wanted, found))


def reaches(pattern: str, template: str) -> bool:
    """Whether `pattern` matches any path of a template such as `/api/v1/tasks/{task_id}`.

    What stands in braces is any segment that is not empty.
    """
    wanted, found = pattern.split("/"), template.split("/")
    return len(wanted) == len(found) and all(
        bool(part) if segment.startswith("{") else _fits(part, segment)
        for part, segment in zip(wanted, found, strict=True)
    )


def _fits(pattern: str, segment: str) -> bool:
    if "*" not in pattern:
        return pattern == segment
    first, *between, last = pattern.split("*")
    at, end = len(first), len(segment) - len(last)
    if at > end or not segment.startswith(first) or not segment.endswith(last):
        return False
    for piece in between:
        found = segment.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
