"""The scope of a request, as ASGI has it."""

from urllib.parse import unquote

from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.headers import Headers

#: In `scope["extensions"]`: the client can only take an answer that ends.
IN_ONE = "mock_mindvideo.in_one"

#: A host and a port.
Address = tuple[str, int]


def scope_of(
    method: str,
    target: bytes,
    headers: Headers,
    *,
    scheme: str = "http",
    client: Address | None = None,
    server: Address | None = None,
) -> Scope:
    """The scope of a request over HTTP/1.1.

    `target` is the path as it is sent, and the query; names of `headers` are in lower case.
    """
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": client,
        "server": server,
    }
