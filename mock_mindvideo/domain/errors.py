"""Every refusal of the emulated API, with its HTTP status and code.

The codes and the envelope are invented (the vendor documents only the 409); `errors` in
`schemas/platform/http.json` says what they are called and which status they have, by these codes.
Each class is one row of the table of errors in docs/.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from mock_mindvideo.domain.instant import Instant


class Detail(NamedTuple):
    """One violated rule: JSON Pointer from the body's root, JSON Schema keyword, words."""

    pointer: str
    keyword: str
    message: str


class MockError(Exception):
    """A request that is refused; nothing was stored for it.

    `said` is the status that a script asked for, which no dialect changes, 0 for none; `window`
    what else is known of a limit that was reached: `limit`, `window` in seconds, `remaining`.
    """

    said: int = 0
    window: Mapping[str, Any] = {}

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        message: str,
        *,
        details: tuple[Detail, ...] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.headers = headers


class InternalError(MockError):
    """A bug of the mock, or a fault that a script asks for."""


class Unavailable(MockError):
    """The mock is full or stopping, its store cannot be reached, or a script asks for it."""

    status = 503
    code = "unavailable"


class InvalidHttp(MockError):
    """The HTTP parser gave up."""

    status = 400
    code = "invalid_http"


class InvalidJson(MockError):
    """The body is not UTF-8, not JSON, nested too deeply, or has a number of too many digits."""

    status = 400
    code = "invalid_json"


class InvalidIdempotencyKey(MockError):
    """The idempotency key is empty, too long, or not printable ASCII."""

    status = 400
    code = "invalid_idempotency_key"


class MissingApiKey(MockError):
    """There is no Authorization header, or it is not Bearer."""

    status = 401
    code = "missing_api_key"


class InvalidApiKey(MockError):
    """The API key is unknown or deleted."""

    status = 401
    code = "invalid_api_key"


class InsufficientCredit(MockError):
    """The estimate is more than the credit left."""

    status = 402
    code = "insufficient_credit"


class DisabledApiKey(MockError):
    """The API key is known, and disabled."""

    status = 403
    code = "disabled_api_key"


class Forbidden(MockError):
    """The control plane's guard, or a script from a page that may not steer the mock."""

    status = 403
    code = "forbidden"


class NotFound(MockError):
    """No such path."""

    status = 404
    code = "not_found"


class TaskNotFound(MockError):
    """No such task in this world; a task of another world is answered alike."""

    status = 404
    code = "task_not_found"


class UnknownModel(MockError):
    """No model folder of that slug."""

    status = 404
    code = "unknown_model"


class MethodNotAllowed(MockError):
    """The path exists, the method does not; `Allow` names those that do."""

    status = 405
    code = "method_not_allowed"


class IdempotencyKeyReused(MockError):
    """The idempotency key was used for another payload (documented)."""

    status = 409
    code = "idempotency_key_reused"


class IdempotencyInProgress(MockError):
    """The first request under that key is still held by a gate or a delay."""

    status = 409
    code = "idempotency_in_progress"


class TaskNotCancellable(MockError):
    """The task is in none of the states in which it can be cancelled."""

    status = 409
    code = "task_not_cancellable"


class IllegalMove(MockError):
    """The control plane asked for a move that the lifecycle does not have."""

    status = 409
    code = "illegal_move"


class RequestTimeout(MockError):
    """The head or the body of a request came too slowly, or not at all."""

    status = 408
    code = "request_timeout"


class PreconditionFailed(MockError):
    """A condition such as If-Match does not hold for the file."""

    status = 412
    code = "precondition_failed"


class RangeNotSatisfiable(MockError):
    """The file has none of the bytes that were asked for."""

    status = 416
    code = "range_not_satisfiable"


class PayloadTooLarge(MockError):
    """The body is over a bound, of bytes or of members and items, and was not read."""

    status = 413
    code = "payload_too_large"


class UnsupportedMediaType(MockError):
    """The Content-Type is not application/json in UTF-8."""

    status = 415
    code = "unsupported_media_type"


class InvalidRequest(MockError):
    """The envelope's schema is violated."""

    status = 422
    code = "invalid_request"


class InvalidModelInput(MockError):
    """The model's schema is violated."""

    status = 422
    code = "invalid_input"


class RateLimited(MockError):
    """Too many requests in a window, or too many unfinished tasks.

    `until` is the moment of the world's time from which on it would be admitted, if one is known.
    """

    status = 429
    code = "rate_limited"

    def __init__(self, message: str, *, until: Instant | None = None, **more: Any) -> None:
        super().__init__(message, **more)
        self.until = until
