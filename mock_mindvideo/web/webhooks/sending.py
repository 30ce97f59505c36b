"""One attempt to tell a webhook: what is sent, and what is noted of it."""

import logging
import time
from typing import Any

from mock_mindvideo.domain.dialect.webhooks import WebhookForm
from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.domain.representation import SUCCEEDED
from mock_mindvideo.domain.task import Task
from mock_mindvideo.virtual.in_force import timeline
from mock_mindvideo.web.answers import json_bytes
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.webhooks.target import NotTaken, Sender
from mock_mindvideo.web.webhooks.waiting import ACT, HookMessage, Waiting, said_of
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service

logger = logging.getLogger("mock_mindvideo.webhooks")

#: Why nobody took what was not sent.
LOST = "a script lets it be lost"


class Attempts:
    """Makes attempts. `base` is where links begin in what is sent: as the last request came."""

    def __init__(self, service: Service, links: Links, hosts: tuple[str, ...]) -> None:
        self.sender = Sender(hosts)
        self.links = links
        self.base = "http://127.0.0.1:8080"
        self._service = service

    def make(
        self, world: World, waiting: Waiting, due: tuple[HookMessage, Task, str], form: WebhookForm
    ) -> None:
        """Send a message, and note whether it was taken, comes again, or is given up."""
        message, task, status = due
        said = said_of(task)
        problem: str | None = LOST
        if message.tried >= (said.webhook_drop or 0):
            problem = self._sent(world, task, status, form)
            if said.webhook_duplicate and problem is None:
                self._sent(world, task, status, form)
        if self.sender.over:  # it was cut off, and counts for nothing
            return
        over = problem is None or message.tried + 1 >= form.attempts
        note(world, message, problem, over=over)
        if over:
            waiting.end(message)
        else:
            waiting.put_off(message, (message.due or 0) + form.pauses[message.tried])

    def _sent(self, world: World, task: Task, status: str, form: WebhookForm) -> str | None:
        """Why nobody took it; None where somebody did."""
        body = json_bytes(self._shown(world, task, status))
        message_id = "msg_" + task.id.removeprefix(self._service.catalog.dialect.ids.task)
        headers = form.signed(message_id, _second(world), body)
        headers["Content-Type"] = "application/json"
        try:
            answered = self.sender.post(form.url, headers, body, form.timeout)
        except NotTaken as problem:
            return str(problem)
        return None if 200 <= answered < 300 else f"it was answered with {answered}"

    def _shown(self, world: World, task: Task, status: str) -> dict[str, Any]:
        """The task just as a request for it is answered."""
        output = self.links.output(self.base, world.name, task) if status == SUCCEEDED else {}
        catalog = self._service.catalog
        return catalog.dialect.tasks.shown(task, status, catalog.lifecycle, output)


def note(world: World, message: HookMessage, problem: str | None, *, over: bool) -> None:
    """Tell the journal of an attempt, and the log."""
    told = {
        "task_id": message.task_id,
        "attempt": message.tried + 1,
        "over": over,
        "problem": problem,
    }
    world.tell(ACT, told, message.task_id)
    logger.log(
        logging.INFO if problem is None else logging.WARNING,
        "webhook of %s, attempt %d: %s",
        message.task_id,
        message.tried + 1,
        problem or "taken",
    )


def _second(world: World) -> int:
    """The Unix time by the receiver's clock: the world's where the test's time is that."""
    return world.now() // SECOND if timeline() is not None else int(time.time())
