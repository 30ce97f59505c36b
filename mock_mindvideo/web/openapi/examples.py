"""Examples, made by the very functions that make the answers."""

from collections.abc import Iterable, Iterator
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.dialect import EventForm, ToldEvent, filled
from mock_mindvideo.domain.dialect.extensions import CANCEL, Extension
from mock_mindvideo.domain.errors import Detail, InvalidModelInput, InvalidRequest, MockError
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.payload import canonical
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.domain.representation import Output
from mock_mindvideo.domain.task import Task, timeline
from mock_mindvideo.domain.world import VIRTUAL_START
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.demo import demo_ids
from mock_mindvideo.web.event_stream import closing, frame, opening
from mock_mindvideo.web.extensions import described_model
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
            model.slug: {"value": next(self._tasks(model, self._lifecycle.outcome))[1]}
            for model in self._catalog.models.values()
        }

    def tasks(self) -> dict[str, Any]:
        """A task in each of its states."""
        return {
            status: {"value": task}
            for outcome in self._lifecycle.terminal
            for status, task in self._tasks(self._first, outcome)
        }

    def events(self) -> dict[str, Any]:
        """The events of a task that followed the plan."""
        return {"ended": {"value": self._form.listed(self._ids[0], list(self._planned()))}}

    def stream(self) -> dict[str, Any]:
        """The same events as a client reads them."""
        frames = b"".join(frame(event, self._form) for event in self._planned())
        sent = opening(self._form) + frames + closing(self._form)
        return {"ended": {"value": sent.decode()}}

    def refusal(self, kind: type[MockError]) -> dict[str, Any]:
        """What a refusal looks like; its words are those of the error's class."""
        error = kind(words(kind), details=tuple(self._details(kind)))
        said = self._catalog.dialect.refusals
        return {"summary": words(kind), "value": said.body(error, self._ids[1])}

    def extension(self, each: Extension) -> Any:
        """What an extension answers: the task of the other examples, and no other."""
        outcome = "cancelled" if each.name == CANCEL else self._lifecycle.outcome
        status, task = list(self._tasks(self._first, outcome))[-1]
        task_id, request_id = self._ids
        model = each.said.get("model")
        values = {
            "request_id": request_id,
            "task": task,
            "task_id": task_id,
            "status": self._catalog.dialect.tasks.word(status),
            "tasks": [task],
            **{"page": 1, "size": 20, "total": 1, "pages": 1, "more": False},
            **dict.fromkeys(("first", "last"), task_id),
            **{"balance": 12.5, "held": 0.0, "charged": 0.6165},
            "models": [filled(model, described_model(each)) for each in self._models],
        }
        return filled(each.body, values, nulls=True)

    @property
    def _models(self) -> Iterable[Model]:
        return self._catalog.models.values()

    @property
    def _form(self) -> EventForm:
        return self._catalog.dialect.events

    @property
    def _ids(self) -> tuple[str, str]:
        return demo_ids(self._catalog.dialect.ids)

    @property
    def _first(self) -> Model:
        return next(iter(self._catalog.models.values()))

    def _planned(self) -> Iterator[ToldEvent]:
        model = self._first
        task, output = self._task(model, self._lifecycle.outcome), self._output(model)
        for number, step in enumerate(timeline(task, self._lifecycle), 1):
            yield self._form.told(task, number, step, self._lifecycle, output)

    def _tasks(self, model: Model, outcome: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each state that a task comes through, and the task as it is then."""
        task, output = self._task(model, outcome), self._output(model)
        shown = self._catalog.dialect.tasks.shown
        for step in timeline(task, self._lifecycle):
            yield step.status, shown(task, step.status, self._lifecycle, output)

    def _task(self, model: Model, outcome: str) -> Task:
        lifecycle = self._lifecycle
        task_id, request_id = self._ids
        return Task(
            id=task_id,
            request_id=request_id,
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
        file = f"{self._ids[0]}/1.{EXTENSIONS[model.output]}"
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
