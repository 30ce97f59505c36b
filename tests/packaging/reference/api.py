"""What is reached over HTTP: the emulated API, its refusals, the control plane."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.pointer import unescaped
from mock_mindvideo.web.index import ABOUT
from mock_mindvideo.web.openapi import openapi
from tests.packaging.reference.markdown import about, code, sentence, table
from tests.web.test_fidelity import endpoints, subclasses

_OPERATIONS = """# Emulated API

The OpenAPI 3.1 document says all of this to machines: `mock-mindvideo openapi` prints it, and
`GET /_mock/openapi.json` serves it. [Errors](errors.md) lists every refusal.
"""

_FILES = """## Files

Results and uploads need no key: the link is the permission. They answer HEAD, conditions (ETag) and
ranges, several at once too.
"""

_ERRORS = """# Errors

Every refusal has the same body, whoever refuses: the HTTP parser, the router, a schema, a script.

```json
{
  "request_id": "req_…",
  "error": {
    "code": "invalid_input",
    "message": "…",
    "details": [{"pointer": "/input/duration", "keyword": "maximum", "message": "…"}]
  }
}
```

`details` has one entry for each rule that is violated; `pointer` is a JSON Pointer from the root of
the body. Nothing is stored for a request that is refused. The vendor documents only the 409 of a
reused key; the other codes are the mock's ([fidelity](fidelity.md)).
"""

_TASK_ERRORS = """## Errors of tasks

A task that failed shows `error` with one of these codes, or with the code that a script names.
"""

_CONTROL = """# Control plane

JSON under `/_mock/`, for tools and tests; the real API has nothing of it. It acts on the world of
the bearer key, or on `default` without one. `?limit=` sets how many tasks, requests or entries are
shown (100). Who may use it: [Deploy](../guides/deployment.md#who-may-steer-the-mock).
"""


def operations() -> str:
    """Each operation of the OpenAPI document, and the paths of files."""
    document = openapi(builtin_catalog(), "http://127.0.0.1:8080")
    parts = [_OPERATIONS]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "head"):
                parts += _operation(document, method.upper(), path, operation)
    files = sorted(each for each in endpoints() if " /media/" in each)
    return "\n".join([*parts, _FILES, *(f"- {code(each)}" for each in files)])


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> Iterator[str]:
    yield f"## {code(f'{method} {path}')}\n"
    yield sentence(operation.get("description") or operation["summary"]) + "\n"
    parameters = [_resolved(document, each) for each in operation.get("parameters", ())]
    if parameters:
        yield table(("parameter", "in", ""), map(_parameter, parameters))
    rows = [
        (code(status), _answer(_resolved(document, answer)["description"]))
        for status, answer in operation["responses"].items()
    ]
    yield table(("status", ""), rows)


def _answer(description: str) -> str:
    """What it means, or the codes of a refusal."""
    codes = re.findall(r"^- (`\w+`):", description, re.MULTILINE)
    return ", ".join(codes) or sentence(description)


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, str, str]:
    required = " Required." if parameter.get("required") else ""
    described = sentence(parameter.get("description", ""))
    return code(parameter["name"]), parameter["in"], described + required


def _resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` within the document leads to."""
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[unescaped(part)]
        value = found
    return value


def errors() -> str:
    """The codes of refusals, then those of tasks."""
    kinds = sorted({MockError, *subclasses(MockError)} - {MockError}, key=_by_status)
    rows = [(code(each.status), code(each.code), about(each)) for each in kinds]
    listed = table(("status", "code", ""), rows)
    words = builtin_catalog().lifecycle.errors.items()
    of_tasks = table(("code", "message"), ((code(name), text) for name, text in words))
    return "\n".join([_ERRORS, listed, _TASK_ERRORS, of_tasks])


def _by_status(kind: type[MockError]) -> tuple[int, str]:
    return kind.status, kind.code


def control_plane() -> str:
    """Each path."""
    rows = [
        (code(f"{method} /_mock{path}"), sentence(words)) for (method, path), words in ABOUT.items()
    ]
    return "\n".join([_CONTROL, table(("request", ""), rows)])
