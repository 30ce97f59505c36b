"""The rows of the table, one file for each thing measured; `ROWS` names them for `--only`."""

from collections.abc import Callable, Mapping

from tests.benchmarks.report import Row
from tests.benchmarks.rows import flood, get, kept, plugin, post, start
from tests.benchmarks.schedule import Schedule

ROWS: Mapping[str, Callable[[Schedule], list[Row]]] = {
    "start": start.measure,
    "post": post.measure,
    "get": get.measure,
    "kept": kept.measure,
    "plugin": plugin.measure,
    "flood": flood.measure,
}
