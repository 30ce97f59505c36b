"""A server that is about to end: what has begun comes to its end, newcomers go elsewhere."""

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.web.answers import Answer, Scope, error_answer, new_request_id
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.entrance import readable

#: Seconds after which a newcomer may ask again: by then another node has its connections.
RETRY_AFTER = 1

_CLOSE = (b"connection", b"close")


class Draining:
    """Whether the server drains. The control plane stays open: it tells how far it has come."""

    __slots__ = ("begun",)

    def __init__(self) -> None:
        self.begun = False

    def refusal(self, scope: Scope, dialect: Dialect) -> Answer | None:
        """The answer to a request that came too late; None for one that is answered."""
        if not self.begun or scope["path"].startswith(f"{CONTROL}/"):
            return None
        request_id = new_request_id(dialect.ids)
        problem = Unavailable(
            "this server is about to stop; ask again, and another one or the next will answer",
            headers=(("Retry-After", str(RETRY_AFTER)),),
        )
        answer = error_answer(problem, request_id, dialect)
        answer.headers += [*readable(dialect), *dialect.answers.naming(request_id), _CLOSE]
        return answer
