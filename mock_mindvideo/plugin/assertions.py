"""What a test can assert about its world. Each failure says what there was instead."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.records import LedgerEntry, RecordedRequest, RecordedTask
from mock_mindvideo.plugin.steering import ALL, Steering
from mock_mindvideo.system.frames import hidden
from mock_mindvideo.system.later import Later

if TYPE_CHECKING:
    from mock_mindvideo.plugin import failure, politeness, wanted
else:
    failure = Later("mock_mindvideo.plugin.failure")
    politeness = Later("mock_mindvideo.plugin.politeness")
    wanted = Later("mock_mindvideo.plugin.wanted")

__tracebackhide__ = hidden
__unittest = True

#: Refusals that a correct client provokes as well: by its credit, its luck, or the clock.
LAWFUL = frozenset(
    (
        "insufficient_credit",
        "disabled_api_key",
        "task_not_found",
        "idempotency_in_progress",
        "rate_limited",
        "internal_error",
        "unavailable",
        "dropped",
    )
)


class Assertions(Steering):
    """The assertions of the handle."""

    base_url: str

    @property
    def stray_lines(self) -> list[str]:
        """What is told of requests that landed elsewhere."""
        return []

    def assert_requested(
        self,
        line: str,
        *,
        times: int | None = None,
        json: object = None,
        exactly: object = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> tuple[RecordedRequest, ...]:
        """There was such a request, or exactly `times`; returns them.

        `line` is `POST /api/v1/tasks` or a full URL, its method in any case or left out; a `*` or
        `{task_id}` stands for one segment. `json` is contained in the body, `exactly` is all of it,
        `headers` are among the headers.
        """
        meant = wanted.Wanted(line, json, exactly, headers or {}, status)
        requests = self.requests
        lacks = [(each, meant.lacks(each)) for each in requests if meant.is_like(each)]
        found = tuple(each for each, missing in lacks if not missing)
        unseen = self.forgotten_requests if times is not None or not found else 0
        if not unseen and (len(found) == times or (times is None and found)):
            return found
        near = min((each for each in lacks if each[1]), key=wanted.distance, default=None)
        details = near[1] if near and not found else []
        raise AssertionError(
            self._report(
                f"expected {meant}{_wanted_times(times)}, found {len(found)}{_beside(unseen)}",
                details,
                requests=requests,
                nearest=near[0] if near else wanted.nearest(line, requests) if not found else None,
            )
        )

    def assert_not_requested(
        self,
        line: str,
        *,
        json: object = None,
        exactly: object = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        """There was no such request; the words are those of `assert_requested`."""
        meant = wanted.Wanted(line, json, exactly, headers or {}, status)
        requests = self.requests
        found = [each for each in requests if meant.is_like(each) and not meant.lacks(each)]
        unseen = self.forgotten_requests
        if found or unseen:
            raise AssertionError(
                self._report(
                    f"expected no {meant}, found {len(found)}{_beside(unseen)}",
                    failure.folded(map(failure.summary, found)),
                    requests=requests,
                )
            )

    def assert_charged(self, amount: str | float | Decimal) -> None:
        """Ended tasks have cost so many US dollars altogether."""
        ledger = self.ledger
        if ledger.charged == Decimal(str(amount)):
            return
        also = f", {ledger.held} USD are still held" if ledger.held else ""
        raise AssertionError(
            self._report(
                f"expected {amount} USD charged, it is {ledger.charged} USD{also}",
                map(_entry, ledger.entries),
            )
        )

    def assert_charged_once(self, task_id: str | None = None) -> None:
        """The task was charged exactly once; without an id: the only task that exists was."""
        tasks, entries = self.tasks, self.ledger.entries
        if task_id is None and len(tasks) != 1:
            raise AssertionError(self._report(f"expected one task, there are {len(tasks)}"))
        wanted = task_id or tasks[0].id
        charges = [each for each in entries if (each.task_id, each.kind) == (wanted, "charge")]
        if len(charges) == 1:
            return
        status = next((each.status for each in tasks if each.id == wanted), "unknown")
        raise AssertionError(
            self._report(
                f"expected one charge for {wanted}, found {len(charges)}; the task is {status}",
                [_entry(each) for each in entries if each.task_id == wanted],
            )
        )

    def assert_polled_politely(self, min_interval: float = 1.0) -> None:
        """Between two requests about one task lie at least `min_interval` seconds of the world's
        clock, and before a request is repeated at least what its Retry-After said.

        Refused where the clock jumps by itself: there, intervals say nothing of the client.
        """
        if self.progress == POLLS:
            raise AssertionError(
                "assert_polled_politely would measure nothing: with progress='polls' the clock"
                " jumps at every poll; use virtual_time=True, progress='manual' or 'time'"
            )
        requests = self.requests
        found = list(politeness.impatient(requests, min_interval, self._speed))
        if found:
            raise AssertionError(
                self._report(
                    f"polled impatiently {_times(len(found))}",
                    failure.folded(found),
                    requests=requests,
                )
            )

    def assert_stream_complete(self, task_id: str | None = None) -> None:
        """Over all its streams, each event of the task was delivered once, in order, to the end.

        An event that a script duplicated counts once.
        """
        wanted = task_id or self.tasks[-1].id
        deliveries = self._control.call("GET", f"/deliveries{ALL}")["deliveries"]
        given = [each["sequence"] for each in deliveries if each["task_id"] == wanted]
        due = list(range(1, len(self.task(wanted).timeline) + 1))
        ended = PLATFORM.members.cost in self.task(wanted).raw
        if given == due and ended:
            return
        details = [f"delivered: {given}, expected: {due}"]
        details += [f"event {each} was never delivered" for each in due if each not in given]
        counted = Counter(given)
        details += [f"event {each} was delivered {n} times" for each, n in counted.items() if n > 1]
        details += [] if ended else ["the task has not ended"]
        raise AssertionError(self._report(f"the stream of {wanted} is not complete", details))

    def assert_no_violations(self, *, allow: Sequence[str] = ()) -> None:
        """No request broke the API's rules; `allow` names error codes that are expected.

        What a script caused is no violation, nor is a refusal that a correct client meets too.
        """
        if problem := self._objection(self.violations(allow)):
            raise AssertionError(problem)

    def complaint(self, since: str = "") -> str | None:
        """What `assert_no_violations` would say of the requests after `since`; None if nothing."""
        broken = self.violations()
        ids = [each.request_id for each in self.requests] if since and broken else []
        if since in ids:
            later = set(ids[ids.index(since) + 1 :])
            broken = tuple(each for each in broken if each.request_id in later)
        return self._objection(broken)

    def violations(self, allow: Sequence[str] = ()) -> tuple[RecordedRequest, ...]:
        """The requests that broke the API's rules, see `assert_no_violations`."""
        fine = {None, *LAWFUL, *allow}
        return tuple(
            each
            for each in self.requests
            if each.code not in fine
            and not (each.fault and each.status >= 500)
            and f"a script says so: {each.fault}" not in str(each.raw["answer"])
        )

    def told(self, headline: str, details: Sequence[str] = ()) -> str:
        """A failure's text: the headline, details, and what happened in the world."""
        return self._report(headline, details)

    def _objection(self, violations: Sequence[RecordedRequest]) -> str | None:
        if not violations:
            return None
        count = len(violations)
        return self._report(
            f"{count} request{'s' * (count != 1)} broke the rules of the API",
            failure.folded(map(failure.summary, violations)),
            nearest=violations[0],
        )

    @property
    def _speed(self) -> float:
        return float(self._control.call("GET", "/clock")["speed"])

    def _report(
        self,
        headline: str,
        details: Any = (),
        *,
        requests: Sequence[RecordedRequest] | None = None,
        nearest: RecordedRequest | None = None,
    ) -> str:
        return failure.report(
            headline,
            details,
            requests=self.requests if requests is None else requests,
            nearest=nearest,
            tasks=self.tasks,
            base_url=self.base_url,
            seed=self.seed,
            forgotten=self.forgotten_requests,
            strays=self.stray_lines,
        )


def _times(count: int) -> str:
    return f"{count} time{'s' * (count != 1)}"


def _wanted_times(times: int | None) -> str:
    return "" if times is None else f" {_times(times)}"


def _beside(unseen: int) -> str:
    """That a count is not the whole of it."""
    return f" among those that are kept; {unseen} older ones are forgotten" if unseen else ""


def _entry(entry: LedgerEntry) -> str:
    return f"{entry.kind} {entry.amount} USD  {entry.task_id}"


__all__ = ["Assertions", "RecordedTask"]
