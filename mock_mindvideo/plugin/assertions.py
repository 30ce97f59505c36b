"""What a test can assert about its world. Each failure says what there was instead."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mock_mindvideo.domain.world import POLLS
from mock_mindvideo.plugin import failure
from mock_mindvideo.plugin.comparison import differences, shown
from mock_mindvideo.plugin.records import LedgerEntry, RecordedRequest, RecordedTask
from mock_mindvideo.plugin.steering import ALL, Steering

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

#: Seconds by which an interval may fall short: the journal writes milliseconds.
ROUNDING = 0.002


class Assertions(Steering):
    """The assertions of the handle."""

    base_url: str

    def assert_requested(
        self,
        line: str,
        *,
        times: int | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> tuple[RecordedRequest, ...]:
        """There was such a request, or exactly `times`; returns them.

        `line` is `POST /api/v1/tasks`; a `*` or `{task_id}` stands for one segment. `json` is
        contained in the body, `headers` among the headers.
        """
        __tracebackhide__ = True
        requests = self.requests
        alike = [each for each in requests if _is_like(line, each)]
        lacks = [(each, _lacks(each, json, headers or {}, status)) for each in alike]
        found = tuple(each for each, missing in lacks if not missing)
        if len(found) == times or (times is None and found):
            return found
        wanted = "" if times is None else f" {_times(times)}"
        near = min((each for each in lacks if each[1]), key=_distance, default=None)
        nearest = near[0] if near else _nearest(line, requests) if not found else None
        raise AssertionError(
            self._report(
                f"expected {line}{_asked(json, headers, status)}{wanted}, found {len(found)}",
                near[1] if near and not found else (),
                requests=requests,
                nearest=nearest,
            )
        )

    def assert_charged(self, amount: str | float | Decimal) -> None:
        """Ended tasks have cost so many US dollars altogether."""
        __tracebackhide__ = True
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
        """The task was charged exactly once; without an id: there is one task only, and it was."""
        __tracebackhide__ = True
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
        clock, and after a Retry-After at least what it says.

        Refused where the clock jumps by itself: there, intervals say nothing of the client.
        """
        __tracebackhide__ = True
        if self.progress == POLLS:
            raise AssertionError(
                "assert_polled_politely would measure nothing: with progress='polls' the clock"
                " jumps at every poll; use virtual_time=True, progress='manual' or 'time'"
            )
        impatient = [*self._too_soon(min_interval), *self._unheeded()]
        if impatient:
            raise AssertionError(
                self._report(f"polled impatiently {_times(len(impatient))}", impatient)
            )

    def assert_stream_complete(self, task_id: str | None = None) -> None:
        """Over all its streams, each event of the task was delivered once, in order, to the end.

        An event that a script duplicated counts once.
        """
        __tracebackhide__ = True
        wanted = task_id or self.tasks[-1].id
        deliveries = self._control.call("GET", f"/deliveries{ALL}")["deliveries"]
        given = [each["sequence"] for each in deliveries if each["task_id"] == wanted]
        due = list(range(1, len(self.task(wanted).timeline) + 1))
        ended = "cost_actual" in self.task(wanted).raw
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
        __tracebackhide__ = True
        if problem := self._objection(self.violations(allow)):
            raise AssertionError(problem)

    def complaint(self, since: str = "") -> str | None:
        """What `assert_no_violations` would say of the requests after that id; None if nothing."""
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

    def _objection(self, violations: Sequence[RecordedRequest]) -> str | None:
        if not violations:
            return None
        count = len(violations)
        return self._report(
            f"{count} request{'s' * (count != 1)} broke the rules of the API",
            [failure.summary(each) for each in violations],
            nearest=violations[0],
        )

    def _too_soon(self, least: float) -> list[str]:
        polls: dict[str, RecordedRequest] = {}
        found = []
        for each in self.requests:
            if each.method != "GET" or each.task_id is None or each.is_stream:
                continue
            before = polls.get(each.task_id)
            polls[each.task_id] = each
            if before is not None and _between(before, each, self._speed) < least - ROUNDING:
                found.append(
                    f"{each.line}: {_between(before, each, self._speed):g} s after the one"
                    f" before, expected at least {least:g} s"
                )
        return found

    def _unheeded(self) -> list[str]:
        requests = self.requests
        found = []
        for told, after in pairwise(requests):
            wait = told.retry_after
            if wait is not None and _between(told, after, self._speed) < wait - ROUNDING:
                found.append(
                    f"{after.line}: {_between(told, after, self._speed):g} s after a {told.status}"
                    f" that said Retry-After: {wait}"
                )
        return found

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
        )


def _times(count: int) -> str:
    return f"{count} time{'s' * (count != 1)}"


def _is_like(wanted: str, request: RecordedRequest) -> bool:
    """Whether a request is the wanted one; its query counts only where one is wanted."""
    pattern = re.sub(r"\\\*|\\\{[a-z_]+\\\}", "[^/?]+", re.escape(wanted))
    line = request.line if "?" in wanted else request.line.partition("?")[0]
    return re.fullmatch(pattern, line) is not None


def _lacks(
    request: RecordedRequest, json: Any, headers: Mapping[str, str], status: int | None
) -> list[str]:
    found = [] if json is None else list(differences(json, request.json))
    for name, value in headers.items():
        sent = request.headers.get(name.lower())
        if sent != value:
            found.append(f"header {name}: expected {value!r}, it is {sent!r}")
    if status not in (None, request.status):
        found.append(f"status: expected {status}, it is {request.status}")
    return found


def _distance(lacking: tuple[RecordedRequest, list[str]]) -> tuple[int, int]:
    """How far a request is from the wanted one: what is missing is farther than what differs."""
    missing = sum(each.endswith("it is missing") for each in lacking[1])
    return len(lacking[1]), missing


def _nearest(line: str, requests: Sequence[RecordedRequest]) -> RecordedRequest | None:
    """The request whose line has the most in common with the wanted one."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only a failure needs it

    def likeness(request: RecordedRequest) -> float:
        return SequenceMatcher(None, line, request.line).ratio()

    return max(requests, key=likeness, default=None)


def _asked(json: Any, headers: Mapping[str, str] | None, status: int | None) -> str:
    parts = [] if json is None else [f"JSON {shown(json)}"]
    parts += [f"headers {shown(dict(headers))}"] if headers else []
    parts += [f"status {status}"] if status is not None else []
    return f" with {', '.join(parts)}" if parts else ""


def _between(one: RecordedRequest, other: RecordedRequest, speed: float) -> float:
    """Seconds from one request to another, as the client counts them."""
    return (other.at - one.at).total_seconds() / speed


def _entry(entry: LedgerEntry) -> str:
    return f"{entry.kind} {entry.amount} USD  {entry.task_id}"


__all__ = ["Assertions", "RecordedTask"]
