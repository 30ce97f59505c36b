"""No body of the largest size, whatever it holds, keeps the process busy for long."""

import time

import orjson
import pytest

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.payload import MAX_VALUES
from mock_mindvideo.settings import MIB, Bounds
from mock_mindvideo.worlds.orders import Orders
from tests.effort import cpu_seconds

BODY = Bounds().body
FEW = MAX_VALUES - 10

#: Seconds of the processor. A quiet machine needs a tenth of it; what was unbounded took seconds.
MOST = 0.4


def member(name, value):
    return b'{"model":"wan2-7-r2v","input":{"prompt":"x","%s":%s}}' % (name, value)


def filled(unit):
    """An array of as many units as a body can hold."""
    return b"[" + (unit + b",") * (BODY // (len(unit) + 1) - 20) + unit + b"]"


def many(unit, count=FEW):
    """An array of as many as are read."""
    return b"[" + (unit + b",") * (count - 1) + unit + b"]"


def keys(count):
    return b"{" + b",".join(b'"k%d":1' % each for each in range(count)) + b"}"


#: Made when they are wanted: together they take 350 MB.
BODIES = {
    "numbers beyond 64 bits": lambda: member(b"seed", filled(b"1e300")),
    "numbers at the root": lambda: filled(b"1e300"),
    "fractions": lambda: member(b"seed", filled(b"1.5")),
    "integers of 300 digits": lambda: member(b"seed", filled(b"1" * 300)),
    "one integer": lambda: member(b"seed", b"1" * (BODY - 100)),
    "one fraction": lambda: member(b"seed", b"0." + b"1" * (BODY - 100)),
    "a large exponent": lambda: member(b"seed", b"1e1000000"),
    "a small exponent": lambda: member(b"seed", b"1e-1000000"),
    "members": lambda: member(b"x", keys(700_000)),
    "members of the input": lambda: b'{"model":"wan2-7-r2v","input":' + keys(700_000) + b"}",
    "members of the body": lambda: keys(700_000),
    "one member many times": lambda: b"{" + b'"a":1,' * (BODY // 6 - 2) + b'"a":1}',
    "arrays": lambda: member(b"x", filled(b"[]")),
    "objects": lambda: member(b"x", filled(b"{}")),
    "nulls": lambda: filled(b"null"),
    "texts": lambda: member(b"video_urls", filled(b'"a"')),
    "images": lambda: member(b"image_with_roles", filled(b'{"url":"a","role":"b"}')),
    "nesting": lambda: b"[" * BODY,
    "objects nested": lambda: b'{"a":' * (BODY // 5),
    "escapes": lambda: member(b"prompt", b'"' + rb"\u0041" * (BODY // 6 - 20) + b'"'),
    "escaped quotes": lambda: member(b"prompt", b'"' + b'\\"' * (BODY // 2 - 50) + b'"'),
    "backslashes": lambda: member(b"prompt", b'"' + b"\\\\" * (BODY // 2 - 50) + b'"'),
    "wide characters": lambda: member(b"prompt", b'"' + "图".encode() * (BODY // 3 - 50) + b'"'),
    "a long name of a model": lambda: b'{"model":"' + b"x" * (BODY - 100) + b'","input":{}}',
    "brackets in a text": lambda: member(b"prompt", b'"' + b"[{," * (BODY // 3 - 50) + b'"'),
    "no UTF-8": lambda: b'"' + b"\xff" * (BODY - 10),
    "no end": lambda: filled(b"1")[:-1],
    "white space": lambda: b" " * BODY,
    "just as many large numbers": lambda: member(b"seed", many(b"1e300")),
    "just as many long fractions": lambda: member(b"seed", many(b"0." + b"1" * 390)),
    "just as many members": lambda: member(b"x", keys(FEW)),
    "just as many images": lambda: member(
        b"image_with_roles", many(b'{"url":"a","role":"b"}', FEW // 3)
    ),
    "just as many long texts": lambda: member(b"video_urls", many(b'"' + b"x" * 1000 + b'"')),
    "just as many nested arrays": lambda: member(b"x", many(b"[" * 60 + b"]" * 60, FEW // 61)),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused_soon_and_with_a_bounded_answer(name):
    body, orders = BODIES[name](), Orders(builtin_catalog())
    spent = []
    for _ in range(2):
        began = time.thread_time()
        with pytest.raises(MockError) as refused:
            orders.read(body)
        spent.append(time.thread_time() - began)

    assert min(spent) < MOST
    assert refused.value.status in (400, 404, 413, 422)
    assert len(refused.value.details) <= 100
    assert len(str(refused.value)) + sum(map(len, map(str, refused.value.details))) < 100_000


def test_ten_megabytes_of_data_uris_are_taken(monkeypatch):
    uri = "data:image/png;base64," + "A" * (5 * MIB - 200)
    images = [{"url": uri, "role": "reference_image"}] * 2
    given = {**builtin_catalog().model("wan2-7-r2v").example, "image_with_roles": images}
    body = orjson.dumps({"model": "wan2-7-r2v", "input": given})
    orders = Orders(builtin_catalog(), strict=True)

    assert orders.read(body).advice == ()
    assert cpu_seconds(lambda: orders.read(body), 2 * MOST) < 2 * MOST
