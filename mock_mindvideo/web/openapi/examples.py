"""Examples, made by the very functions that make the answers."""

from collections.abc import Iterator
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.errors import Detail, InvalidModelInput, InvalidRequest, MockError
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.payload import canonical
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.representation import Output, event_body
from mock_mindvideo.domain.task import Task, timeline
from mock_mindvideo.domain.world import VIRTUAL_START
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.answers import envelope
from mock_mindvideo.web.demo import REQUEST_ID, TASK_ID
from mock_mindvideo.web.event_stream import RETRY, frame
from mock_mindvideo.web.links import EXTENSIONS, MEDIA
from mock_mindvideo.web.openapi.words import words


class Examples:
    """The examples for one catalog, with links that begin with `base`."""

    def __init__(self, catalog: Catalog, base: str) -> None:
        self._catalog = catalog
        self._base = base

    @property
    def _lifecycle(self) -> Lifecycle:
        return self._catalog.lifecycle

    def bodies(self) -> dict[str, Any]:
        """A body to submit for each model."""
        names = PLATFORM.members
        return {
            model.slug: {
                "summary": model.title,
                "value": {names.model: model.slug, names.input: model.example},
            }
            for model in self._catalog.models.values()
        }

    def submitted(self) -> dict[str, Any]:
        """The answer to each of those bodies."""
        return {
            model.slug: {"value": next(self._events(model, self._lifecycle.outcome))["task"]}
            for model in self._catalog.models.values()
        }

    def tasks(self) -> dict[str, Any]:
        """A task in each of its states."""
        return {
            event["task"][PLATFORM.members.status]: {"value": event["task"]}
            for outcome in self._lifecycle.terminal
            for event in self._events(self._first, outcome)
        }

    def events(self) -> dict[str, Any]:
        """The events of a task that followed the plan."""
        return {"ended": {"value": {"events": list(self._planned())}}}

    def stream(self) -> dict[str, Any]:
        """The same events as a client reads them."""
        sent = RETRY + b"".join(frame(event) for event in self._planned())
        return {"ended": {"value": sent.decode()}}

    def refusal(self, kind: type[MockError]) -> dict[str, Any]:
        """What a refusal looks like; its words are those of the error's class."""
        error = kind(words(kind), details=tuple(self._details(kind)))
        return {"summary": words(kind), "value": envelope(error, REQUEST_ID)}

    @property
    def _first(self) -> Model:
        return next(iter(self._catalog.models.values()))

    def _planned(self) -> Iterator[dict[str, Any]]:
        return self._events(self._first, self._lifecycle.outcome)

    def _events(self, model: Model, outcome: str) -> Iterator[dict[str, Any]]:
        task = self._task(model, outcome)
        output = self._output(model)
        for number, step in enumerate(timeline(task, self._lifecycle), 1):
            yield event_body(task, number, step, self._lifecycle, output)

    def _task(self, model: Model, outcome: str) -> Task:
        lifecycle = self._lifecycle
        return Task(
            id=TASK_ID,
            request_id=REQUEST_ID,
            number=1,
            model=model.slug,
            input=canonical(model.example),
            created_at=VIRTUAL_START,
            stays=lifecycle.plan,
            outcome=outcome,
            error_code=lifecycle.error,
            error_message=lifecycle.error_message(lifecycle.error),
            estimate=text(model.estimate(model.example)),
            charge_on=" ".join(model.pricing.charge_on),
        )

    def _output(self, model: Model) -> Output:
        file = f"{TASK_ID}/1.{EXTENSIONS[model.output]}"
        return {model.output: [{"url": f"{self._base}{MEDIA}/default/{file}"}]}

    def _details(self, kind: type[MockError]) -> Iterator[Detail]:
        """What an empty object breaks, for the refusals that tell of rules."""
        if kind is InvalidRequest:
            broken, root = self._catalog.envelope.violations({}), ""
        elif kind is InvalidModelInput:
            broken, root = self._first.violations({}), "/input"
        else:
            return
        for each in broken:
            yield Detail(root + each.pointer, each.keyword, each.message)
