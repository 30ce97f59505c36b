"""How long a busy target is waited for, and when it is given up as one that cannot be checked.

429 and 5xx say nothing about the contract: neither is a broken fact, unless a step asks for it.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mock_mindvideo.contract.arazzo.document import WorkflowStep
from mock_mindvideo.contract.exchange import HttpResponse

TOO_MANY = 429

#: Tries at one request: a limit of requests passes, a broken server rarely mends itself.
MOST_TRIES = {True: 100, False: 3}

#: Seconds between two tries where the target does not say, doubled from try to try.
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0

_NAMES_TROUBLE = re.compile(r"\$statusCode\s*(?:==|>=?)\s*(?:429|5[0-9]{2})\b")
_NOT_BUSY = frozenset((501, 505))


def is_busy(status: int) -> bool:
    """Whether the target could not, rather than would not, answer."""
    return status == TOO_MANY or (500 <= status < 600 and status not in _NOT_BUSY)


def asks_for_trouble(step: WorkflowStep) -> bool:
    """Whether a step is about such an answer itself."""
    return any(_NAMES_TROUBLE.search(each.condition) for each in step.criteria)


def seconds_to_wait(response: HttpResponse, tries: int) -> float | None:
    """Before the next try after `tries` of them; None where it is given up."""
    if tries >= MOST_TRIES[response.status == TOO_MANY]:
        return None
    asked = _retry_after(response.headers.get("retry-after", ""))
    return min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT) if asked is None else asked


def _retry_after(text: str) -> float | None:
    """Seconds or a date (RFC 9110 10.2.3); None for anything else."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
