"""Writing HAR 1.2: a file that is whole after each entry, without keys in it."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from mock_mindvideo.contract.problems import TargetError
from mock_mindvideo.domain.masking import mask, mask_header, mask_text
from mock_mindvideo.platform import PLATFORM

#: Headers that hold credentials beside those that every log masks.
_SECRET = frozenset(("set-cookie", "x-api-key", "api-key", "x-auth-token"))

_END = "\n]}}\n"

#: What of a token is still told of by a mask; a shorter one might be a word of the body.
_SHORTEST = 8

HeaderPairs = Iterable[tuple[str, str]]


class HarMessage(NamedTuple):
    """A request or an answer: its headers as they came, and its body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


class HarExchange(NamedTuple):
    """What passed: `began` is in seconds since 1970, `seconds` how long it took.

    `whole` unless the answer broke off, or was too long to be kept.
    """

    method: str
    url: str
    request: HarMessage
    status: int
    answer: HarMessage
    began: float
    seconds: float
    whole: bool = True


class HarFile:
    """A new file; each entry is in it, masked, once `add` returns. Raises TargetError."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.count = 0
        try:
            self._out: IO[str] = file.open("x", encoding="utf-8")
        except FileExistsError:
            raise TargetError(f"{file} is there already; name a new file with --out") from None
        except OSError as problem:
            raise TargetError(f"{file} cannot be written: {problem.strerror}") from None
        creator = {"name": "mock-mindvideo", "version": version("mock-mindvideo")}
        head = {"version": "1.2", "creator": creator}
        self._out.write(f'{{"log": {json.dumps(head)[:-1]}, "entries": [')
        self._end()

    def add(self, exchange: HarExchange) -> None:
        """Write an entry in front of the end."""
        self._out.seek(self._last)
        self._out.write(",\n" if self.count else "\n")
        self._out.write(json.dumps(entry_of(exchange), ensure_ascii=False))
        self.count += 1
        self._end()

    def close(self) -> None:
        self._out.close()

    def _end(self) -> None:
        self._last = self._out.tell()
        self._out.write(_END)
        self._out.flush()


def entry_of(exchange: HarExchange) -> dict[str, Any]:
    """An exchange as an entry, with every key in it masked."""
    hiding = _Hiding(exchange.request.headers)
    url = hiding.url(exchange.url)
    began = datetime.fromtimestamp(exchange.began, UTC).isoformat(timespec="milliseconds")
    milliseconds = round(1000 * exchange.seconds, 3)
    return {
        "startedDateTime": began.replace("+00:00", "Z"),
        "time": milliseconds,
        "request": {
            "method": exchange.method,
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": hiding.headers(exchange.request.headers),
            "queryString": [
                {"name": name, "value": value}
                for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
            ],
            **({"postData": _post(exchange.request, hiding)} if exchange.request.body else {}),
            "headersSize": -1,
            "bodySize": len(exchange.request.body),
        },
        "response": _response(exchange, hiding),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _response(exchange: HarExchange, hiding: "_Hiding") -> dict[str, Any]:
    answer, known = exchange.answer, exchange.status in set(HTTPStatus)
    content = {
        "size": len(answer.body),
        "mimeType": _media_type(answer.headers),
        **hiding.body(answer.body),
        **({} if exchange.whole else {"comment": "broke off, or was too long to be kept"}),
    }
    return {
        "status": exchange.status,
        "statusText": HTTPStatus(exchange.status).phrase if known else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": hiding.headers(answer.headers),
        "content": content,
        "redirectURL": dict(answer.headers).get("location", ""),
        "headersSize": -1,
        "bodySize": len(answer.body),
    }


def _post(request: HarMessage, hiding: "_Hiding") -> dict[str, Any]:
    return {"mimeType": _media_type(request.headers), **hiding.body(request.body)}


def _media_type(headers: HeaderPairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


class _Hiding:
    """Masks what looks like a key, and the token of a request wherever it stands again."""

    def __init__(self, headers: HeaderPairs) -> None:
        self._tokens = [
            token
            for name, value in headers
            if name.lower() in _SECRET or name.lower() == "authorization"
            for token in [_token(value)]
            if len(token) >= _SHORTEST
        ]

    def text(self, text: str) -> str:
        """A text without keys."""
        for token in self._tokens:
            text = text.replace(token, mask(token))
        return mask_text(text)

    def headers(self, headers: HeaderPairs) -> list[dict[str, str]]:
        """The headers as HAR has them."""
        return [{"name": name, "value": self._header(name, value)} for name, value in headers]

    def url(self, url: str) -> str:
        """A URL; values of its query that are called a key or a token are masked."""
        parts = urlsplit(url)
        shown = [
            f"{name}={'…' if _is_secret(name) else value}" if sign else name
            for name, sign, value in (each.partition("=") for each in parts.query.split("&"))
        ]
        return self.text(urlunsplit(parts._replace(query="&".join(shown))))

    def body(self, body: bytes) -> Mapping[str, str]:
        """`text`, as base64 where it is no UTF-8."""
        try:
            return {"text": self.text(body.decode())}
        except UnicodeDecodeError:
            return {"text": base64.b64encode(body).decode(), "encoding": "base64"}

    def _header(self, name: str, value: str) -> str:
        if name.lower() in _SECRET:
            return "…"
        return self.text(mask_header(name, value))


def _is_secret(name: str) -> bool:
    return any(each in name.lower() for each in ("key", "token", "secret", "sign", "password"))


def _token(value: str) -> str:
    scheme, _, token = value.strip().partition(" ")
    return token.strip() if scheme.lower() == PLATFORM.keys.scheme.lower() else value.strip()
