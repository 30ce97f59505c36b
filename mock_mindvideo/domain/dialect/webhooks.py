"""Webhooks as a dialect has them, signed as Standard Webhooks 1.0 says."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from mock_mindvideo.domain.instant import Instant, microseconds

#: What a secret begins with; the rest is base64.
SECRET = "whsec_"  # noqa: S105 - what every one begins with


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """Where webhooks go, and when one that was not taken is sent again.

    `pauses` are microseconds of the world's clock between two attempts, `timeout` the real seconds
    that a receiver may take.
    """

    url: str
    secret: bytes
    pauses: tuple[Instant, ...]
    timeout: float

    @property
    def attempts(self) -> int:
        """How often a message is sent until it is taken."""
        return len(self.pauses) + 1

    def signed(self, message_id: str, second: int, body: bytes) -> dict[str, str]:
        """The headers of a message that is sent at a Unix time."""
        content = b".".join((message_id.encode(), b"%d" % second, body))
        digest = hmac.new(self.secret, content, sha256).digest()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(second),
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


def webhook_form(raw: Mapping[str, Any]) -> WebhookForm | None:
    """`extensions/webhooks` in the platform's file; None where they are off."""
    if not raw["on"]:
        return None
    secret = base64.b64decode(raw["secret"].removeprefix(SECRET))
    pauses = tuple(microseconds(seconds) for seconds in raw["retries"])
    return WebhookForm(raw["url"], secret, pauses, raw["timeout"])
