"""What is imported: the package's own names, and the strategies."""

import dataclasses
import inspect
from collections.abc import Iterator

import mock_mindvideo
from mock_mindvideo import strategies as drawn
from tests.packaging.reference.markdown import code, doc, untyped

_PACKAGE = """# Python

```text
from mock_mindvideo import MindVideo, MockServer, Settings, World, create_app, mock, mock_live
```

These names, and those of the [pytest plugin](pytest.md) and the [strategies](strategies.md), are
what a [version](../project/versions.md) promises. Everything else in the package is its inside.
"""

_STRATEGIES = """# Strategies

`mock_mindvideo.strategies`, with the extra `pytest`. [Property tests](../guides/strategies.md)
shows them at work.
"""


def package() -> str:
    """The names of the package."""
    return "\n".join([_PACKAGE, *_names(mock_mindvideo)])


def strategies() -> str:
    """The names of the strategies."""
    return "\n".join([_STRATEGIES, *_names(drawn)])


def _names(module: object) -> Iterator[str]:
    for name in getattr(module, "__all__"):  # noqa: B009 - of two modules
        thing = getattr(module, name)
        yield f"## {code(name)}\n"
        if callable(thing):
            yield f"```text\n{name}{_signature(thing)}\n```\n"
            yield doc(thing) + "\n"
        else:
            yield "Leaves a property out: `valid_inputs(seed=ABSENT)`.\n"


def _signature(thing: object) -> str:
    assert callable(thing)
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return ""
    if dataclasses.is_dataclass(thing):
        return f"({', '.join(inspect.signature(thing).parameters)})"
    return untyped(thing)
