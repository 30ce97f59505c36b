"""Several workers, one of which tells webhooks: the others take over when it is gone."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.web.receiving import Receiver, hooked

from .client import order
from .conftest import Serve
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

AT_ONCE = {"X_Mock_Script": "queued=0; processing=0"}
TASKS = 20


def test_of_two_workers_one_tells_each_task_once_and_the_other_when_it_is_killed(
    serve: Serve, db: str, tmp_path: Path
) -> None:
    with closing(Receiver()) as receiver:
        folder = str(hooked(tmp_path / "hooks", receiver.url))
        server = serve("--db", db, "--schemas", folder, "--workers", "2", "--progress", "manual")
        told: list[str] = []
        for _ in range(2):  # whichever of them tells, one of the two kills takes it away
            with client_of_each(server) as clients:
                for number in range(TASKS):
                    name = f"{len(told)}"
                    answer = clients[number % 2].submit(order(name), **AT_ONCE)
                    told.append(answer.body["task_id"])
                owner = server.owner(clients[0].socket)
            assert until(lambda: len({each.task_id for each in receiver.got}) == len(told))
            if len(told) == TASKS:
                assert max(Counter(each.task_id for each in receiver.got).values()) == 1
            server.kill_one(owner)
        assert {each.task_id for each in receiver.got} == set(told)
