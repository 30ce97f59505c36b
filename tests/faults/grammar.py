"""Hostile requests by grammar: each part of a request is right most of the time, or wrong in a way
that some parser in the world is known to read otherwise.

Left out is where h11 gives up and the mock goes on, both by right: a Host that is missing or there
twice, which the mock refuses without closing.
"""

import json
import random
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

Dice = random.Random

TASKS = "/api/v1/tasks"
_SECRET = "GET /_mock/reset HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW", "get", "P\tST", ""]
TARGETS = [
    TASKS, f"{TASKS}/", f"{TASKS}//x", f"{TASKS}/task_1", f"{TASKS}/task_1/events", f"{TASKS}/%2F",
    f"{TASKS}?a=b", f"{TASKS}/x?y=%00", f"http://127.0.0.1{TASKS}", "http://evil.example/_mock/tasks",
    "*", "127.0.0.1:80", "/", "//", "/_mock/health", "/media/default/x/1.mp4", f"{TASKS}/x y",
    f"{TASKS}/\x7f", f"{TASKS}#x", f"{TASKS}/图", TASKS + "/" + "a" * 900, "",
]  # fmt: skip
#: Beside the API: what is there for browsers, orchestrators and monitoring, and files.
BESIDE = [
    "/_mock/ui/", "/_mock/ui/app.js", "/_mock/ui/x/../../health", "/_mock/ui/%2e%2e/tasks", "/docs",
    "/docs?spec=%00", "/_mock/control-openapi.json", "/_mock/openapi.json", "/_mock/metrics",
    "/_mock/live", "/_mock/ready", "/_mock/live/", "/_mock", "/_mock/requests?limit=9e9", "/media",
    "/media/default/x/1.mp4", "/media/default/uploads/upl_x.mp4", "/media/%00/x/1.mp4",
    "/_mock/tasks/mv%5Flive%5Fxxx", "/_mock/metrics?" + "a=b&" * 2000, "/_mock/ui/?" + "%41" * 2000,
    "http://evil.example/_mock/ui/", "http://127.0.0.1/_mock/metrics", "http://[::1].evil/docs",
    "HTTP://LOCALHOST:80/_mock/live", "/_mock/uploads", "/_mock/estimate", "/_mock/scripts",
]  # fmt: skip
VERSIONS = [
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "HTTP/0.9",
    "HTTP/1.10",
    "http/1.1",
    "HTTP/1.1 ",
    "",
]
NAMES = [
    "X-A", "Accept", "Cookie", "Connection", "Upgrade", "Expect", "Content-Encoding", "Origin",
    "X-Mock-Script", "Idempotency-Key", "Last-Event-ID", "Range", "TE", "X A", "X\x00A", "",
    ":", "X-A ", "X-Forwarded-For", "Forwarded", "Via", "X-Forwarded-Host", "X-Mock-Admin-Token",
    "If-None-Match", "If-Range", "Accept-Encoding", "Authorization",
]  # fmt: skip
VALUES = [
    "1", "", " ", "a" * 300, "text/event-stream;q=0", "*/*", "close", "keep-alive", "upgrade",
    "h2c", "websocket", "100-continue", "gzip", "null", "bytes=0-", "\x00", "\x0b", "é", "a\rb",
    "status=503", "delay=0; path=" + "*" * 40 + "Z", "outcome=succeded", "drop@after-commit",
    "trailers", "bytes=1-,0-0,-5", "bytes=" + "0-0," * 500, "8.8.8.8", "for=127.0.0.1", "text/html",
    "https://evil.example", '"x", *', "localhost:80.evil",
]  # fmt: skip
LENGTHS = [
    "+5",
    "-1",
    "5, 5",
    "5,6",
    "0x5",
    "5 ",
    " 5",
    "",
    "99999999999999999999",
    "5\t",
    "٥",
    "1_0",
]
CODINGS = [
    "chunked", "Chunked", "chunked ", "\tchunked", "identity", "gzip, chunked", "chunked, gzip",
    "chunked, chunked", "xchunked", "chunked;a=b", "", "\x0bchunked",
]  # fmt: skip
SIZES = [
    "{:x}",
    "{:X}",
    "0{:x}",
    "{:x};a=b",
    "{:x} ",
    " {:x}",
    "+{:x}",
    "0x{:x}",
    "{:x};\x00",
    "-{:x}",
]
ENDS = ["\r\n", "\n", "\r", "\r\r\n"]


def stream(dice: Dice, key: str) -> bytes:
    """What one client sends on one connection: one to four requests, some of them hostile."""
    return b"".join(request(dice, key) for _ in range(dice.choice([1, 1, 2, 3, 4])))


def request(dice: Dice, key: str) -> bytes:
    """One request under an API key."""
    end = _mostly(dice, "\r\n", ENDS)
    method = _mostly(dice, dice.choice(["GET", "POST"]), METHODS)
    line = f"{method} {_target(dice, method)} {_mostly(dice, 'HTTP/1.1', VERSIONS)}"
    if dice.random() < 0.02:
        line = dice.choice([" ", "\x00", line.replace(" ", "  ")]) + line
    headers = [_mostly(dice, "Host: 127.0.0.1", ["Host: evil.example", "Host:"])]
    headers.append(_mostly(dice, f"Authorization: Bearer {key}", ["", "Authorization: Basic x"]))
    headers += [_header(dice) for _ in range(dice.choice([0, 0, 1, 2]))]
    framing, body = _body(dice, method)
    headers += framing
    dice.shuffle(headers)
    head = end.join([line, *filter(None, headers), "", ""])
    return head.encode("utf-8") + body


def cuts(dice: Dice, sent: bytes) -> list[bytes]:
    """The bytes in the pieces that TCP may make of them."""
    places = sorted(dice.randrange(len(sent) + 1) for _ in range(dice.choice([0, 0, 1, 2, 5])))
    bounds = [0, *places, len(sent)]
    return [sent[a:b] for a, b in pairwise(bounds) if a < b]


def _target(dice: Dice, method: str) -> str:
    if dice.random() < 0.3:
        return dice.choice(BESIDE)
    return _mostly(dice, TASKS if method == "POST" else f"{TASKS}/task_1", TARGETS)


def _header(dice: Dice) -> str:
    separator = _mostly(dice, ": ", [":", " : ", ":\t", "", ":\r\n "])
    return f"{dice.choice(NAMES)}{separator}{dice.choice(VALUES)}"


def _body(dice: Dice, method: str) -> tuple[list[str], bytes]:
    """The headers that frame a body, and the body; sometimes they do not fit each other."""
    if method != "POST" and dice.random() < 0.9:
        return [], b""
    body = _content(dice)
    frame: Callable[[Dice, bytes], tuple[list[str], bytes]] = dice.choice(
        [_sized, _sized, _chunked]
    )
    framing, framed = frame(dice, body)
    if dice.random() < 0.05:
        framing += [f"Transfer-Encoding: {dice.choice(CODINGS)}"]
    if dice.random() < 0.05:
        framing += [f"Content-Length: {dice.choice(LENGTHS)}"]
    kind = _mostly(dice, "Content-Type: application/json", ["", "Content-Type: text/plain"])
    return [kind, *framing], framed


def _content(dice: Dice) -> bytes:
    given = {
        "prompt": dice.choice(["图1", _SECRET, "x" * 300]),
        "video_urls": ["https://a.example/b.mp4"],
    }
    whole = json.dumps({"model": "wan2-7-r2v", "input": given}, ensure_ascii=False).encode()
    return _mostly(dice, whole, [b"", b"{", _SECRET.encode(), b"\x00" * 20, b"[" * 500, whole[:-9]])


def _sized(dice: Dice, body: bytes) -> tuple[list[str], bytes]:
    right = str(len(body))
    wrong = [
        *LENGTHS,
        str(len(body) + 1),
        str(max(0, len(body) - 1)),
        f"{right}\r\nContent-Length: 0",
    ]
    return [f"Content-Length: {_mostly(dice, right, wrong)}"], body


def _chunked(dice: Dice, body: bytes) -> tuple[list[str], bytes]:
    coding = f"Transfer-Encoding: {_mostly(dice, 'chunked', CODINGS)}"
    pieces = cuts(dice, body) or [b""]
    sized = [_mostly(dice, "{:x}", SIZES).format(len(piece)).encode() for piece in pieces if piece]
    chunks = b"".join(
        size + b"\r\n" + piece + _mostly(dice, b"\r\n", [b"", b"\n", b"xx"])
        for size, piece in zip(sized, filter(None, pieces), strict=True)
    )
    trailers = dice.choice(
        [
            "",
            "",
            "",
            "X-T: 1\r\n",
            "Authorization: Bearer mv_live_xxx\r\n",
            "Host: evil\r\n",
            "Origin: https://evil.example\r\n",
            "Content-Length: 5\r\n",
            "Range: bytes=0-0\r\n",
        ]
    )
    last = _mostly(dice, b"0\r\n", [b"", b"00\r\n", b"0;x\r\n", b"0\n"])
    return [coding], chunks + last + trailers.encode() + b"\r\n"


def _mostly(dice: Dice, right: T, wrong: list[T]) -> T:
    return dice.choice(wrong) if dice.random() < 0.06 else right
