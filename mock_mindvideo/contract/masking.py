"""Showing an exchange without a key in it."""

import json
from typing import Any

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Roundtrip
from mock_mindvideo.contract.results import Shown
from mock_mindvideo.domain.masking import mask, mask_header, mask_text

#: Characters of a body that are shown.
LONGEST = 2000


class Masking:
    """Masks what looks like a key, and `key` itself, whatever it looks like.

    `hidden` is left out too: an address where nothing listens.
    """

    def __init__(self, key: str, hidden: str = "") -> None:
        self._key = key
        self._hidden = hidden

    def text(self, text: str) -> str:
        """`text` without keys."""
        if self._hidden:
            text = text.replace(self._hidden, "").replace(self._hidden.partition("//")[2], "")
        return mask_text(text.replace(self._key, mask(self._key)) if self._key else text)

    def shown(self, exchange: Roundtrip) -> Shown:
        """An exchange for a person to read."""
        return Shown(self._request(exchange.request), self._response(exchange.response))

    def _request(self, request: HttpRequest) -> str:
        return self._message(
            f"{request.method} {request.url}", request.headers, request.body or b""
        )

    def _response(self, response: HttpResponse) -> str:
        return self._message(str(response.status), response.headers, response.body)

    def _message(self, first: str, headers: Any, body: bytes) -> str:
        lines = [f"{name}: {mask_header(name, value)}" for name, value in headers.items()]
        text = "\n".join([first, *lines])
        if body:
            text += f"\n\n{_cut(body.decode('utf-8', 'replace'))}"
        return self.text(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def shown_value(value: Any) -> str:
    """A value on one line, cut."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:199] + "…"
