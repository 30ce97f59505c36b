"""Clients for the tests, right and wrong ones, with the application behind them in process."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import httpx2

from mock_mindvideo import Settings, create_app
from mock_mindvideo.strategies import Conflict
from mock_mindvideo.strategies.control_plane import ControlPlane
from tests.in_process import client_in_process

APP = create_app(Settings(progress="manual", seed=7))
WORLDS = count(1)
TASKS = "/api/v1/tasks"


class LosingControlPlane(ControlPlane):
    """A control plane whose `drop` makes the client's own line lose the answer."""

    def __init__(self, http: httpx2.Client) -> None:
        super().__init__(http)
        self.losing = False

    def drop(self) -> None:
        self.losing = True

    def lost(self) -> bool:
        """Whether this answer gets lost; the next one does not."""
        losing, self.losing = self.losing, False
        return losing


class GoodClient:
    """A plain client: it retries a lost submit once, under its key."""

    def __init__(self) -> None:
        self.http = client_in_process(APP, f"mv_test_machine-{next(WORLDS)}")
        self.backstage = LosingControlPlane(self.http)

    def submit(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        try:
            return self.post(given, {"Idempotency-Key": idempotency_key})
        except ConnectionError:
            return self.retry(given, idempotency_key)

    def retry(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        return self.post(given, {"Idempotency-Key": idempotency_key})

    def post(self, given: Mapping[str, Any], headers: dict[str, str]) -> Any:
        body = {"model": "wan2-7-r2v", "input": given}
        answer = self.http.post(TASKS, json=body, headers=headers)
        if self.backstage.lost():
            raise ConnectionError
        if answer.status_code == 409:
            raise Conflict
        answer.raise_for_status()
        return answer.json()

    def get(self, task_id: str) -> Any:
        return self.http.get(f"{TASKS}/{task_id}").json()

    def follow(self, task_id: str, after: int) -> Iterable[Any]:
        headers = {"Accept": "application/json", "Last-Event-ID": str(after)}
        return iter(self.http.get(f"{TASKS}/{task_id}/events", headers=headers).json()["events"])


class ForgetsItsKey(GoodClient):
    """Retries a lost submit without its key, so that it is a new one."""

    def retry(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        return self.post(given, {})


class LeavesTheRetryToOthers(GoodClient):
    """Reports a lost submit instead of retrying it."""

    def retry(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        raise ConnectionError


class MakesUpKeys(GoodClient):
    """Sends a new key with each attempt."""

    attempts = count(1)

    def submit(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        return super().submit(given, f"{idempotency_key}-{next(self.attempts)}"[-200:])


class HidesConflicts(GoodClient):
    """Takes a conflict for a replay, and gives the first task it knows."""

    first: Any = None

    def post(self, given: Mapping[str, Any], headers: dict[str, str]) -> Any:
        try:
            answer = super().post(given, headers)
        except Conflict:
            return self.first
        self.first = self.first or answer
        return answer


class DoublesAnEvent(GoodClient):
    """Reads the last event it knew once more when it resumes."""

    def follow(self, task_id: str, after: int) -> Iterable[Any]:
        return super().follow(task_id, max(0, after - 1))


class LosesAnEvent(GoodClient):
    """Swallows the first event after a resume."""

    def follow(self, task_id: str, after: int) -> Iterable[Any]:
        events = list(super().follow(task_id, after))
        return events[1:] if after else events


class RemembersTooMuch(GoodClient):
    """Answers polls from a cache, but only now and then: a status can go back."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, Any] = {}
        self.polls = 0

    def get(self, task_id: str) -> Any:
        self.polls += 1
        found = super().get(task_id)
        return self.cache.setdefault(task_id, found) if self.polls % 2 else found


class DropsWhatIsFalsy(GoodClient):
    """Leaves out members that are false, zero or empty."""

    def post(self, given: Mapping[str, Any], headers: dict[str, str]) -> Any:
        return super().post({name: each for name, each in given.items() if each}, headers)


class CutsItsKey(GoodClient):
    """Has a column of 64 characters for its keys."""

    def submit(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        return super().submit(given, idempotency_key[:64])


class StripsItsKey(GoodClient):
    """Takes dashes off its keys."""

    def submit(self, given: Mapping[str, Any], idempotency_key: str) -> Any:
        return super().submit(given, idempotency_key.replace("-", "") or idempotency_key)


class PollsOnceTooOften(GoodClient):
    """Asks for an ended task's result once more."""

    def get(self, task_id: str) -> Any:
        task = super().get(task_id)
        return super().get(task_id) if task["status"] == "succeeded" else task


class WaitsTooLong(GoodClient):
    """Sees the end only with the next poll."""

    def wait(self, task_id: str) -> Any:
        polls = [self.get(task_id) for _ in range(2)]
        return polls[-1]


class WaitsWell(GoodClient):
    """Waits until the task has ended."""

    def wait(self, task_id: str) -> Any:
        while True:
            task = self.get(task_id)
            if task["status"] in ("succeeded", "failed", "cancelled"):
                return task


class CallsCancelledFailed(GoodClient):
    """Knows two ends only."""

    def get(self, task_id: str) -> Any:
        task = super().get(task_id)
        return {**task, "status": "failed"} if task["status"] == "cancelled" else task


class SendsAWrongSize(GoodClient):
    """Writes the size as the API does not have it."""

    def post(self, given: Mapping[str, Any], headers: dict[str, str]) -> Any:
        return super().post({**given, "size": "1x1"}, headers)
