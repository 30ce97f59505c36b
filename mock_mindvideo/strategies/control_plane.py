"""The backstage of a running mock, over its control plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ControlPlane:
    """Drives the world of a client's key; any HTTP client will do that works like `httpx.Client`.

    The client needs the server's base URL, and the key in `Authorization`.
    """

    def __init__(self, http: Any) -> None:
        """Use this client for `/_mock/` alone."""
        self._http = http

    def advance(self, seconds: float) -> None:
        """Let time pass in the world."""
        self._post("/_mock/clock", {"advance": seconds})

    def cancel(self, task_id: str) -> None:
        """Cancel a task; one that has ended, unknown to the client, stays as it is."""
        answer = self._http.post(f"/_mock/tasks/{task_id}/cancel", json={})
        if answer.status_code != 409:
            answer.raise_for_status()

    def drop(self) -> None:
        """Let the answer to the next submit get lost, after the task is stored."""
        self._post("/_mock/scripts", {"script": "drop@after-commit; method=POST; times=1"})

    def charged(self) -> Sequence[str]:
        """Give the task id of every charge, one for each time that money was held."""
        entries = self._get("/_mock/ledger")["entries"]
        return [str(entry["task_id"]) for entry in entries if entry["kind"] == "hold"]

    def task(self, task_id: str) -> Mapping[str, Any]:
        """Give a task as the API shows it, with the `input` and `idempotency_key` that arrived."""
        found: Mapping[str, Any] = self._get(f"/_mock/tasks/{task_id}")
        return found

    def requests(self) -> Sequence[Mapping[str, Any]]:
        """Give the latest requests that the world took, newest last."""
        found: Sequence[Mapping[str, Any]] = self._get("/_mock/requests")["requests"]
        return found

    def _get(self, path: str) -> Any:
        answer = self._http.get(path)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, body: object) -> None:
        self._http.post(path, json=body).raise_for_status()
