"""Tokens that open the control plane for some worlds only: those whose names begin alike."""

import hmac
from collections.abc import Callable, Iterable
from typing import Any

from starlette.types import Scope

from mock_mindvideo.domain.errors import Forbidden
from mock_mindvideo.domain.keys import credential

#: Where the scope of a request holds the beginning that its token is for.
NAMESPACE = "mock_mindvideo.namespace"

#: What concerns no world, and may be asked for without a key; the list of worlds is cut.
_OF_NO_WORLD = frozenset(
    f"/_mock{path}"
    for path in (
        "", "/", "/ui", "/health", "/rules", "/models", "/openapi.json", "/control-openapi.json",
        "/worlds", "/estimate", "/live", "/ready",
    )
)  # fmt: skip

#: What tells of all worlds together.
_OF_ALL = frozenset(("/_mock/metrics",))


class Namespaces:
    """Which token is for which worlds. `given` are texts like `team-a-=TOKEN`.

    `world_of` gives the name of the world of an Authorization header, `default` without one.
    """

    def __init__(self, given: Iterable[str], world_of: Callable[[str | None], str]) -> None:
        pairs = (each.split("=", 1) for each in given)
        self._prefixes = {token: prefix for prefix, token in pairs}
        self._world_of = world_of

    def beginning(self, token: str) -> str | None:
        """How the names of a token's worlds begin, None for one that is no namespace's."""
        found = None
        for known, prefix in self._prefixes.items():  # each is compared, so that none is timed
            if hmac.compare_digest(known.encode(), token.encode()):
                found = prefix
        return found

    def enter(self, scope: Scope, prefix: str, authorization: str | None) -> None:
        """Let a request with a namespace's token go on; raises Forbidden for another world's."""
        scope[NAMESPACE] = prefix
        path: str = scope["path"]
        if path in _OF_ALL:
            raise Forbidden(f"this token is for worlds that begin with {prefix!r}, not for all")
        if authorization is None and (path in _OF_NO_WORLD or path.startswith("/_mock/ui/")):
            return
        name = self._world_of(authorization)
        if not name.startswith(prefix):
            raise Forbidden(
                f"this token is for worlds that begin with {prefix!r}, not for {name!r}:"
                " send the API key of one"
            )


def check_own_key(scope: Any, world: str, secret: str | None) -> None:
    """Raise Forbidden where a namespace's caller would have a key that stands for another world."""
    if NAMESPACE in scope and secret is not None:
        named = credential(secret).world
        if named not in (None, world):
            raise Forbidden("this token cannot give away a key that stands for another world")


def within(scope: Any, name: str) -> bool:
    """Whether a request may be told of the world of that name."""
    return name.startswith(scope.get(NAMESPACE, ""))
