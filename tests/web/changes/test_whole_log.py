"""Whatever is done to a world, the feed tells all of it, each thing once and in order."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo import Settings
from mock_mindvideo.domain.errors import IllegalMove
from mock_mindvideo.domain.work import whole
from mock_mindvideo.web.app import App, create_app
from mock_mindvideo.web.changes.feed import Bookmark, Feed
from tests.conftest import TASKS, client_of, example

PLANS = ("", "outcome=failed", "queued=0; processing=0", "outcome=stuck", "queued=0", "status=503")
MOVES = ("start", "succeed", "fail", "cancel")

#: One thing that is done: a submit, a repeated one, a move, a poll, time that passes, a look.
Deed = tuple[str, Any]
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("submit"), st.sampled_from(PLANS)),
    st.tuples(st.just("again"), st.just(None)),
    st.tuples(st.just("move"), st.tuples(st.integers(0, 9), st.sampled_from(MOVES))),
    st.tuples(st.just("poll"), st.integers(0, 9)),
    st.tuples(st.just("pass"), st.sampled_from([0.5, 2, 8, 100])),
    st.tuples(st.just("look"), st.just(None)),
)


class Life:
    """A world that is lived in, and what its feed told."""

    def __init__(self, progress: str) -> None:
        self.app: App = create_app(Settings(progress=progress, seed=7))
        self.client = client_of(self.app)
        self.world = self.app.worlds.open("default")
        self.tasks: list[str] = []
        self.told: list[tuple[str, bytes]] = []
        app = self.app
        self.feed = Feed(app.service, app.worlds, app.store, app.settings.bounds, "default")
        self.place = Bookmark(0)
        self.look()

    def look(self) -> None:
        whole(self.feed.catch_up())
        changes, self.place = self.feed.read(self.place, 10_000)
        assert self.place.gap is None
        self.told += changes

    def do(self, deed: Deed) -> None:
        getattr(self, f"_{deed[0]}")(deed[1])

    def _submit(self, script: str) -> None:
        headers = {"X-Mock-Script": script} if script else {}
        made = self.client.post(TASKS, json=example(), headers=headers).json()
        if "task_id" in made:
            self.tasks.append(made["task_id"])

    def _again(self, _: None) -> None:
        made = self.client.post(TASKS, json=example(), headers={"Idempotency-Key": "k"}).json()
        self.tasks = list(dict.fromkeys([*self.tasks, made["task_id"]]))

    def _move(self, which: tuple[int, str]) -> None:
        if self.tasks:
            try:
                task_id = self.tasks[which[0] % len(self.tasks)]
                self.app.service.steer(self.world, task_id, which[1], None, None)
            except IllegalMove:
                """It had ended."""

    def _poll(self, which: int) -> None:
        if self.tasks:
            self.client.get(f"{TASKS}/{self.tasks[which % len(self.tasks)]}")

    def _pass(self, seconds: float) -> None:
        self.world.advance(seconds)

    def _look(self, _: None) -> None:
        self.look()


@given(st.sampled_from(["manual", "polls"]), st.lists(DEEDS, max_size=30))
def test_each_state_request_and_posting_is_told_once(progress: str, deeds: list[Deed]) -> None:
    life = Life(progress)
    for deed in deeds:
        life.do(deed)
    life.look()
    told: dict[str, list[Any]] = {"task": [], "request": [], "ledger": []}
    for kind, data in life.told:
        told.setdefault(kind, []).append(orjson.loads(data))

    states: dict[str, list[str]] = {task: [] for task in life.tasks}
    for each in told["task"]:
        states[each["task_id"]].append(each["status"])
    shown = life.client.get("/_mock/tasks?limit=10000").json()["tasks"]
    assert states == {
        each["task_id"]: [step["status"] for step in each["timeline"]] for each in shown
    }
    recorded = life.client.get("/_mock/requests?limit=10000").json()["requests"]
    assert told["request"] == recorded
    ledger = life.client.get("/_mock/ledger?limit=10000").json()["entries"]
    assert sorted(map(str, told["ledger"])) == sorted(map(str, ledger))
    moments = [each["at"] for each in told["task"]]
    assert moments == sorted(moments)
    life.app.store.close()
