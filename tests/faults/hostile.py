"""Requests that each try to hold up a server, as bytes; the body of some comes in pieces."""

from collections.abc import Iterator, Mapping

import orjson

TASKS = "/api/v1/tasks"
MIB = 1024 * 1024
KEY = "mv_test_hostile"

Pieces = Iterator[bytes]


def request(method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    """One request with its whole body."""
    named = {
        "Host": "127.0.0.1",
        "Authorization": f"Bearer {KEY}",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Content-Type": "application/json",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def submit(given: bytes, **headers: str) -> bytes:
    """A submit with that input."""
    return request("POST", TASKS, b'{"model":"wan2-7-r2v","input":%s}' % given, **headers)


def script(text: str) -> bytes:
    """A script for the control plane."""
    return request("POST", "/_mock/scripts", orjson.dumps({"script": text}))


def _filled(pattern: bytes, size: int = 10 * MIB - 200) -> bytes:
    return pattern * (size // len(pattern))


def _members(count: int) -> bytes:
    return b"{" + b",".join(b'"%x":0' % n for n in range(count)) + b"}"


STARS = "/api/v1/tasks/" + "*" * 15 + "Z"
LONG = "/api/v1/tasks/" + "a" * 26
VALID = b'{"prompt":"x","video_urls":["https://a.example/b.mp4"]}'

#: What each of them tries, by name.
HOSTILE: Mapping[str, bytes] = {
    "stars in a script": request("GET", LONG, X_Mock_Script=f"delay=0; path={STARS}"),
    "stars between letters": request("GET", LONG, X_Mock_Script="delay=0; path=" + "*a" * 20 + "Z"),
    "a stored script with stars": script(f"delay=0; path={STARS}"),
    "a script of 60,000 characters": request("GET", LONG, X_Mock_Script="delay=0;" * 7500),
    "numbers beyond a double": submit(b"[" + _filled(b"1e300,") + b"1]"),
    "numbers of many digits": submit(b"[" + _filled(b"9" * 4000 + b",") + b"1]"),
    "one number of millions of digits": submit(_filled(b"9")),
    "small numbers": submit(b"[" + _filled(b"1,") + b"1]"),
    "fractions": submit(b"[" + _filled(b"0.1,") + b"1]"),
    "exponents": submit(b'{"seed":1e999999999}'),
    "many members": submit(_members(850_000)),
    "many empty arrays": submit(b"[" + _filled(b"[],") + b"1]"),
    "many strings": submit(b"[" + _filled(b'"",') + b"1]"),
    "deep arrays": submit(_filled(b"[")),
    "deep objects": submit(_filled(b'{"a":')),
    "escapes": submit(b'{"prompt":"' + _filled(b"\\u0041") + b'"}'),
    "surrogates": submit(b'{"prompt":"' + _filled(b"\\ud83d\\ude00") + b'"}'),
    "a long prompt": submit(b'{"prompt":"' + _filled("图".encode()) + b'"}'),
    "many references": submit(
        b'{"prompt":"x","image_with_roles":[' + _filled(b'{"url":"","role":"x"},') + b"1]}"
    ),
    "many unknown members of references": submit(
        b'{"prompt":"x","image_with_roles":[' + _members(400_000) + b"]}"
    ),
    "many magic hosts": submit(
        b'{"prompt":"x","video_urls":[' + _filled(b'"https://x.mock.invalid/",') + b'""]}'
    ),
    "one host of many labels": submit(
        b'{"prompt":"x","video_urls":["https://' + _filled(b"a.", MIB) + b'mock.invalid/x"]}'
    ),
    "a data URI of ten megabytes": submit(
        b'{"prompt":"x","video_urls":["data:video/mp4;base64,' + _filled(b"AAAA") + b'"]}'
    ),
    "white space": submit(b" " * (10 * MIB - 200)),
    "no JSON": request("POST", TASKS, _filled(b"\x00")),
    "a long range": request("GET", "/media/x/y/1.mp4", Range="bytes=" + "0-0," * 15_000 + "1-"),
    "a long Accept": request("GET", LONG, Accept="a/b;q=0.1," * 6000),
    "a long list of entity tags": request("GET", "/media/x/y/1.mp4", If_None_Match='"a",' * 15_000),
    "a long Last-Event-ID": request("GET", f"{LONG}/events", Last_Event_ID="9" * 60_000),
    "a long key": request("GET", LONG, Authorization="Bearer mv_test_" + "a" * 60_000),
    "many cookies": request("GET", LONG, Cookie="a=b;" * 15_000),
    "a long path": request("GET", "/api/v1/tasks/" + "%2F" * 20_000),
    "a long query": request("GET", "/_mock/requests?" + "a=b&" * 15_000),
    "a long forwarded chain": request("GET", "/_mock/tasks", X_Forwarded_For="127.0.0.1," * 6000),
    "a form of ten megabytes": request("POST", "/_mock/scripts", b'{"script":"' + _filled(b"a=1;")),
    "a clock far ahead": request("POST", "/_mock/clock", b'{"advance":1e300}'),
    "a world's whole journal": request("GET", "/_mock/requests?limit=10000"),
    "a world's whole ledger": request("GET", "/_mock/ledger?limit=10000"),
    "all tasks of a world": request("GET", "/_mock/tasks?limit=10000"),
    "every event of a world": request("GET", "/_mock/deliveries?limit=10000"),
    "an advance of a world": request("POST", "/_mock/clock", b'{"advance":1}'),
    "a reset of a world": request("POST", "/_mock/reset", b"{}"),
    "a document": request("GET", "/_mock/openapi.json"),
    "rules": request("GET", "/_mock/rules"),
    "the control plane's document": request("GET", "/_mock/control-openapi.json"),
    "metrics": request("GET", "/_mock/metrics"),
    "a long query of metrics": request("GET", "/_mock/metrics?" + "a=b&" * 15_000),
    "a readiness probe with a long Accept": request(
        "GET", "/_mock/ready", Accept="a/b;q=0.1," * 6000
    ),
    "a page with many languages": request(
        "GET", "/_mock/ui/", Accept_Language="zh-Hans;q=0.1," * 4000
    ),
    "a page with a long list of entity tags": request(
        "GET", "/_mock/ui/app.js", If_None_Match='"a",' * 15_000
    ),
    "a page with a long range": request(
        "GET", "/_mock/ui/app.js", Range="bytes=" + "0-0," * 15_000 + "1-"
    ),
    "a page behind many dots": request("GET", "/_mock/ui/" + "../" * 20_000),
    "documents with a long query": request("GET", "/docs?" + "%41" * 20_000, Accept="text/html"),
    "an estimate of many members": request(
        "POST", "/_mock/estimate", b'{"model":"wan2-7-r2v","input":%s}' % _members(850_000)
    ),
    "an estimate of ten megabytes": request(
        "POST",
        "/_mock/estimate",
        b'{"model":"wan2-7-r2v","input":{"prompt":"%s"}}' % _filled("图".encode()),
    ),
    "an upload of ten megabytes": request(
        "POST", "/_mock/uploads", _filled(b"a"), Content_Type="video/mp4"
    ),
    "a form of many parts": request(
        "POST",
        "/_mock/uploads",
        _filled(b"--x\r\nA:b\r\n\r\n\r\n"),
        Content_Type="multipart/form-data; boundary=x",
    ),
}
