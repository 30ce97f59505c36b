"""The rows of the table, one file for each thing measured; `ROWS` names them for `--only`."""

from collections.abc import Callable, Mapping

from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Row
from tests.benchmarks.rows import get, kept, plugin, post, start

ROWS: Mapping[str, Callable[[Plan], list[Row]]] = {
    "start": start.measure,
    "post": post.measure,
    "get": get.measure,
    "kept": kept.measure,
    "plugin": plugin.measure,
}
