"""What a task cost against what the model's price file says of its input."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.catalog.offer import DOCUMENTED
from mock_mindvideo.contract.traffic.answers import response
from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.payload import read_json
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

#: What estimates rest on where no row covers the rate: the mock's own price file.
_OWN = ("X27",)


class PriceCheck:
    """Remembers what each task was submitted with, and checks what it costs."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._expected: dict[str, tuple[Decimal, tuple[str, ...]]] = {}

    def faults(self, entry: Recorded) -> Iterator[TrafficFinding]:
        """A cost that is another than the model's price; each is told where it first shows."""
        if entry.answer is None or entry.disturbed or not 200 <= entry.status < 300:
            return
        task = response(entry).value
        if not isinstance(task, dict) or not isinstance(task.get(_NAMES.task_id), str):
            return
        if entry.submits and entry.body is not None:
            self._submitted(task[_NAMES.task_id], entry.body)
        known = self._expected.get(task[_NAMES.task_id])
        if known:
            yield from _wrong(entry, task, *known)

    def _submitted(self, task_id: str, body: str) -> None:
        try:
            value = read_json(body.encode("utf-8", "surrogatepass"))
            model = self._catalog.model(value[_NAMES.model])  # type: ignore[index]
            given = value[_NAMES.input]  # type: ignore[index]
            if model.violations(given):
                return
            price = model.estimate(given)
        except (MockError, LookupError, TypeError):
            return  # the checks of the request tell of it
        self._expected[task_id] = price, self._facts(model, given)

    def _facts(self, model: Model, given: Mapping[str, Any]) -> tuple[str, ...]:
        """What the price rests on: the documented example, or the row that covers the rate."""
        filled, example = model.fill(given), model.fill(model.example)
        if model.fidelity == DOCUMENTED and _priced(filled) == _priced(example):
            return ("D13",)
        rate = next(each for each in model.pricing.rates if each.applies(filled))
        name = f"rate:{model.slug}/{'/'.join(map(str, rate.when.values()))}"
        rows = self._catalog.behaviours
        return tuple(each["id"] for each in rows if name in each.get("covers", ())) or _OWN


def _priced(value: Any) -> Any:
    """An input without what no price can depend on: the prompt, and where references are."""
    if isinstance(value, Mapping):
        return {name: _priced(each) for name, each in value.items() if "prompt" not in name}
    if isinstance(value, list):
        return [_priced(each) for each in value]
    is_place = isinstance(value, str) and value.startswith(("http:", "https:", "data:"))
    return "" if is_place else value


def _wrong(
    entry: Recorded, task: Mapping[str, Any], price: Decimal, facts: tuple[str, ...]
) -> Iterator[TrafficFinding]:
    paid = task.get(_NAMES.status) == "succeeded"
    for member in (_NAMES.estimate, _NAMES.cost)[: 2 if paid else 1]:
        cost = task.get(member)
        is_number = isinstance(cost, int | float) and not isinstance(cost, bool)
        if is_number and Decimal(str(cost)) != price:
            words = f"/{member}: is {cost}, and the model's price for this input is {text(price)}"
            pointer = entry.pointer + entry.places["answer"]
            yield TrafficFinding(entry.number, pointer, "answer", words, facts)
