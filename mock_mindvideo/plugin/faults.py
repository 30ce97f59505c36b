"""What a client must survive: every outcome and fault, and what surviving means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin import failure
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import OptionError
from mock_mindvideo.plugin.records import RecordedRequest
from mock_mindvideo.plugin.words import TaskOutcome

ENDED = frozenset(("succeeded", "failed", "cancelled"))


@dataclass(frozen=True, slots=True)
class FaultCase:
    """One case of the matrix: its `name`, what it does, and how the task ends."""

    name: str
    scripts: tuple[str, ...] = ()
    outcome: TaskOutcome = "succeeded"
    expired_links: bool = False

    def __str__(self) -> str:
        return self.name

    def met(self, handle: MindVideo) -> bool:
        """Whether any request has met each of its scripts."""
        return not set(self.scripts) & set(handle.unused_scripts)


def _disturbed(name: str, *scripts: str) -> FaultCase:
    return FaultCase(name, scripts)


_POLL = f"method=GET; path={PLATFORM.paths.show_of('*')}"

#: Every case by its name.
FAULTS = {
    each.name: each
    for each in (
        FaultCase("succeeded"),
        FaultCase("failed", ("outcome=failed; error=content_policy",), "failed"),
        FaultCase("cancelled", ("outcome=cancelled",), "cancelled"),
        FaultCase("stuck", ("outcome=stuck",), "stuck"),
        FaultCase("slow-task", ("queued=90; processing=300",)),
        _disturbed("lost-request", "drop@before-commit; method=POST; times=1"),
        _disturbed("lost-answer", "drop@after-commit; method=POST; times=1"),
        _disturbed("lost-poll", f"drop@before-commit; {_POLL}; times=1"),
        _disturbed("rate-limited-submit", "status=429; retry-after=7; method=POST; times=2"),
        _disturbed("rate-limited-poll", f"status=429; retry-after=7; {_POLL}; times=2"),
        _disturbed("error-500-submit", "status=500; method=POST; times=1"),
        _disturbed("error-502-poll", f"status=502; {_POLL}; times=1"),
        _disturbed("unavailable-submit", "status=503; retry-after=3; method=POST; times=1"),
        _disturbed("unavailable-poll", f"status=503; retry-after=3; {_POLL}; times=1"),
        _disturbed("malformed-submit", "malformed; method=POST; times=1"),
        _disturbed("malformed-poll", f"malformed; {_POLL}; times=1"),
        _disturbed("truncated-submit", "truncate=20; method=POST; times=1"),
        _disturbed("truncated-poll", f"truncate=20; {_POLL}; times=1"),
        _disturbed("slow-answer", "delay=2; times=3"),
        _disturbed("cut-stream", "cut=1; times=1"),
        _disturbed("duplicate-event", "duplicate=1; times=1"),
        _disturbed("silent-stream", "heartbeats=20; times=1"),
        FaultCase("expired-link", expired_links=True),
    )
}


def chosen(
    only: str | Iterable[str] = (), without: str | Iterable[str] = ()
) -> tuple[FaultCase, ...]:
    """The cases of a selection; raises OptionError."""
    wanted, unwanted = _names(only), _names(without)
    for name in (*wanted, *unwanted):
        if name not in FAULTS:
            raise OptionError(f"there is no fault '{name}'{meant(name, FAULTS)}")
    kept = [each for each in FAULTS.values() if not wanted or each.name in wanted]
    kept = [each for each in kept if each.name not in unwanted]
    if not kept:
        raise OptionError("nothing is left of the faults; only= and without= exclude each other")
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Survival:
    """What a client must have done by the end of a test; any of it can be changed.

    `tasks` is how many tasks it makes at most, each of which would be paid for; `polite` are the
    seconds between two polls of one task, None for no matter; `after_end` allows requests about a
    task whose end it was told.
    """

    tasks: int = 1
    polite: float | None = 1.0
    after_end: bool = False

    def check(self, handle: MindVideo, fault: FaultCase) -> None:
        """Raises AssertionError, with what happened."""
        tasks = handle.tasks
        if len(tasks) > self.tasks:
            problem = f"{fault}: {len(tasks)} tasks were made, and each is paid for"
            raise AssertionError(handle.told(f"{problem}; expected {self.tasks} at most"))
        charged = [each for each in handle.ledger.entries if each.kind == "charge"]
        if len(charged) > self.tasks:
            raise AssertionError(handle.told(f"{fault}: charged {len(charged)} times"))
        handle.assert_no_violations()
        if self.polite is not None and handle.progress != "polls":
            handle.assert_polled_politely(self.polite)
        late = [] if self.after_end or fault.expired_links else list(_late(handle.requests))
        if late:
            lines = failure.folded(late)
            raise AssertionError(handle.told(f"{fault}: it asked on after the end", lines))


def _late(requests: Iterable[RecordedRequest]) -> Iterator[str]:
    """Requests about a task after an answer that told of its end, and came whole."""
    over: set[str] = set()
    for each in requests:
        if each.method != "GET" or each.task_id is None:
            continue
        if each.task_id in over:
            yield failure.summary(each)
        answer = each.answer
        if isinstance(answer, dict) and each.status == 200 and each.fault is None:
            over |= {each.task_id} if answer.get(PLATFORM.members.status) in ENDED else set()


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
