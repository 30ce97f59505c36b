"""Metrics in Prometheus' text form, written by its own client library."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mock_mindvideo.web.metrics.tally import BUCKETS, Durations, Tally

_NAME = "mock_mindvideo"
_BOUNDS = [*map(str, BUCKETS), "+Inf"]
_DROPPED = "dropped_"


class Measured(NamedTuple):
    """What metrics are made of.

    `store` is the kind of store, `counts` are its own, `states` how many tasks are in each state,
    `money` amounts in US dollars, `look` the seconds that a look into the store took.
    """

    version: str
    tally: Tally
    store: str
    counts: Mapping[str, int]
    states: Mapping[str, int]
    money: Mapping[str, float]
    look: float


class _Everything(Collector):
    def __init__(self, seen: Measured) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        yield from _traffic(self._seen.tally)
        yield _store(self._seen)
        yield from _kept(self._seen)
        about = InfoMetricFamily(_NAME, "The server.")
        about.add_metric([], {"version": self._seen.version})
        yield about


def exposition(seen: Measured, accept: str) -> tuple[bytes, str]:
    """The text that a client which accepts that reads best, and its media type."""
    encode, media_type = choose_encoder(accept)
    return encode(_Everything(seen)), media_type


def _traffic(tally: Tally) -> Iterator[Metric]:
    durations = HistogramMetricFamily(
        f"{_NAME}_request_duration_seconds",
        "Requests, until the answer began; the status 0 is an answer that was never given.",
        labels=["endpoint", "status"],
    )
    for (endpoint, status), each in sorted(tally.answers.items()):
        durations.add_metric([endpoint, str(status)], _buckets(each), each.seconds)
    yield durations
    yield _family(CounterMetricFamily, "faults", "Answers disturbed.", "word", tally.faults)


def _store(seen: Measured) -> Metric:
    durations = HistogramMetricFamily(
        f"{_NAME}_store_duration_seconds",
        "What was asked of the store; one in memory is not timed.",
        labels=["store", "operation"],
    )
    for operation, each in sorted(seen.tally.operations.items()):
        durations.add_metric([seen.store, operation], _buckets(each), each.seconds)
    return durations


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    return list(zip(_BOUNDS, map(float, accumulate(durations.counts)), strict=True))


def _kept(seen: Measured) -> Iterator[Metric]:
    counts = dict(seen.counts)
    streams = counts.pop("streams", 0)
    dropped = {name for name in counts if name.startswith(_DROPPED)}
    gone = {name.removeprefix(_DROPPED): counts.pop(name) for name in dropped}
    yield _gauge("open_streams", "Event streams that are open.", streams)
    yield _gauge("store_look_seconds", "How long a look into the store took.", seen.look)
    family, why = CounterMetricFamily, "What was dropped for lack of room."
    yield _family(GaugeMetricFamily, "kept", "What the store keeps.", "what", counts)
    yield _family(family, "dropped", why, "what", gone)
    yield _family(GaugeMetricFamily, "tasks", "Tasks by state.", "state", seen.states)
    money = "What tasks hold and were charged, in US dollars."
    yield _family(GaugeMetricFamily, "spend_usd", money, "kind", seen.money)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_NAME}_{name}", about, value=value)


def _family(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    about: str,
    label: str,
    values: Mapping[str, float],
) -> Metric:
    """A value for each of a label's few values."""
    family = kind(f"{_NAME}_{name}", about, labels=[label])
    for each, value in sorted(values.items()):
        family.add_metric([each], value)
    return family
