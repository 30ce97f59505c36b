"""Traces for OpenTelemetry, where whoever runs the server names an exporter for them.

Unless OTEL_TRACES_EXPORTER names one, nothing is imported and nothing is sent: an endpoint alone,
which many environments set for everything in them, opens no connection.
"""

import logging
import os
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mock_mindvideo.settings import SettingsError

if TYPE_CHECKING:
    from mock_mindvideo.web.spans import Spans

#: The variables that decide, of those that OpenTelemetry's specification names.
EXPORTER = "OTEL_TRACES_EXPORTER"
DISABLED = "OTEL_SDK_DISABLED"

#: By what installed exporters are found, and what the specification calls one of them.
GROUP = "opentelemetry_traces_exporter"
_CALLED = {"otlp": "otlp_proto_http"}

_NOBODY = ("", "none")

logger = logging.getLogger("mock_mindvideo")


def exporters(environ: Mapping[str, str] = os.environ, *, tell: bool = False) -> list[EntryPoint]:
    """The exporters that are named.

    None without the extra, which the log is told with `tell`. Raises SettingsError for one that is
    not there.
    """
    said = [each.strip() for each in environ.get(EXPORTER, "").split(",")]
    names = [each for each in said if each not in _NOBODY]
    if not names or environ.get(DISABLED, "").strip().lower() == "true":
        return []
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        if tell:
            told = "%s is set, and there are no traces: pip install 'mock-mindvideo[otel]'"
            logger.warning(told, EXPORTER)
        return []
    return [_exporter(each) for each in names]


def _exporter(name: str) -> EntryPoint:
    known = {each.name: each for each in entry_points(group=GROUP)}
    found = known.get(_CALLED.get(name, name))
    if found is None:
        there = ", ".join(sorted({*known, *(each for each in _CALLED if _CALLED[each] in known)}))
        raise SettingsError(f"{EXPORTER} names {name!r}, which is not installed; there are {there}")
    return found


def spans() -> "Spans | None":
    """What writes a span for each request; None where nobody wants any."""
    found = exporters()
    if not found:
        return None
    from mock_mindvideo.web.spans import Spans  # noqa: PLC0415 - few want it, and it is large

    return Spans([each.load()() for each in found])
