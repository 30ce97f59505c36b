"""What the API answers to a request that has come whole: submit, look at a task, list its events.

Nothing here waits, and nothing here disturbs: that is `emulation.py`'s part.
"""

from dataclasses import replace
from typing import Any

from mock_mindvideo.domain.advice import BROWSER
from mock_mindvideo.domain.dialect import ToldEvent
from mock_mindvideo.domain.errors import RateLimited
from mock_mindvideo.domain.representation import SUCCEEDED, Output
from mock_mindvideo.domain.script import in_header
from mock_mindvideo.web.answers import Answer, json_answer, json_bytes
from mock_mindvideo.web.cors import OPENED, expose
from mock_mindvideo.web.event_stream import after
from mock_mindvideo.web.exchange import Exchange
from mock_mindvideo.web.headers import SCRIPT, Headers, ascii_value, content_type
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.retry import limited
from mock_mindvideo.web.routes import SHOW, SUBMIT
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import View


class Endpoints:
    """The three endpoints, over the use cases."""

    def __init__(self, service: Service, links: Links) -> None:
        self._service = service
        self._links = links

    def answer(self, endpoint: str, exchange: Exchange, world: World) -> Answer:
        """The answer; a submit's order has been read already.

        Raises what the use cases do.
        """
        if endpoint == SUBMIT:
            return self._submit(exchange, world)
        # Who asks for the head alone does not see the task, so it does not count as a poll.
        look = self._service.glance if exchange.method == "HEAD" else self._service.task
        view = look(world, exchange.task_id or "", exchange.state)
        exchange.at = exchange.at or view.at
        if endpoint == SHOW:
            said = exchange.dialect.answers
            ended = view.lifecycle.ended(view.status)
            return self._shown(said.look if ended else said.waiting, exchange, world, view)
        return self._listed(exchange, world, view)

    def output(self, exchange: Exchange, world: World, view: View) -> Output:
        """The links to what the task makes, as this client reaches them."""
        return self._links.output(
            self._links.base(exchange.scope, exchange.fields), world.name, view.task
        )

    def _submit(self, exchange: Exchange, world: World) -> Answer:
        order = exchange.order
        assert order is not None  # noqa: S101 - it has been read before
        try:
            submitted = self._service.submit(
                world, order, exchange.idempotency_key, exchange.script, exchange.state
            )
        except RateLimited as refusal:
            raise limited(world, refusal) from None
        view, exchange.advice = submitted.view, order.advice
        exchange.task_id, exchange.at = view.task.id, exchange.at or view.at
        said = exchange.dialect.answers
        if submitted.replayed:
            exchange.script, exchange.replayed = None, True
            first = replace(view, status=view.lifecycle.initial) if said.first else view
            answer = self._shown(said.replay, exchange, world, first, is_new=said.first)
            if said.replayed is not None:
                answer.headers.append(said.replayed)
            return answer
        exchange.request_id = view.task.request_id
        exchange.plan = view.task.script
        return self._shown(said.submit, exchange, world, view, is_new=True)

    def _listed(self, exchange: Exchange, world: World, view: View) -> Answer:
        """The events so far, in one value."""
        said, form = exchange.dialect.answers, exchange.dialect.events
        value = form.listed(view.task.id, self._events(exchange, world, view))
        return json_answer(said.look, value, kind=content_type(form.list_type or said.media_type))

    def _events(self, exchange: Exchange, world: World, view: View) -> list[ToldEvent]:
        output, form = self.output(exchange, world, view), exchange.dialect.events
        seen = after(exchange.header(b"last-event-id"), view, form)
        return [
            form.told(view.task, number, step, view.lifecycle, output)
            for number, step in enumerate(view.steps[seen:], seen + 1)
        ]

    def shown(
        self, exchange: Exchange, world: World, view: View, *, is_new: bool = False
    ) -> dict[str, Any]:
        """The task; its links are made only where they are shown."""
        output = self.output(exchange, world, view) if view.status == SUCCEEDED else {}
        said, task = exchange.dialect.tasks, view.task
        if said.names_looks:
            task = task._replace(request_id=exchange.request_id)
        shown = said.submitted if is_new else said.shown
        return shown(task, view.status, view.lifecycle, output)

    def _shown(
        self, status: int, exchange: Exchange, world: World, view: View, *, is_new: bool = False
    ) -> Answer:
        body = self.shown(exchange, world, view, is_new=is_new)
        return Answer(status, json_bytes(body), [exchange.dialect.answers.content_type])


def common_headers(exchange: Exchange) -> Headers:
    """The headers of every answer."""
    said = exchange.dialect.answers
    headers = [*OPENED[said.cors]]
    if said.named:
        headers.append((said.named, exchange.request_id.encode()))
    advice = exchange.advice
    if exchange.fired is not None or exchange.plan:
        headers.append((SCRIPT, in_header(exchange.scripts or "").encode()))
    if b"origin" in exchange.fields:
        headers += [expose(exchange.dialect)] if said.cors else []
        advice = (BROWSER, *advice)
    if advice and said.advice:
        headers.append((b"x-mock-advice", ascii_value("; ".join(advice))))
    return headers
