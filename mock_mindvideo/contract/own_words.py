"""Answers in another dialect, read back into the words of the packaged one.

Criteria about what the mock had to invent name its own statuses, codes and members. A target that
speaks another dialect keeps them if what it says means the same. Where a dialect has one word for
several things, each of them is a reading; what it does not say at all cannot be read.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mock_mindvideo.contract.exchange import JSON, HttpResponse
from mock_mindvideo.domain.dialect import Dialect, own_dialect
from mock_mindvideo.domain.dialect.tasks import ERROR_NAMES, MEMBERS
from mock_mindvideo.domain.dialect.template import read_back


class OwnWords:
    """Reads the answers of a target that speaks `dialect`."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._own = own_dialect()

    def readings(self, response: HttpResponse) -> Iterator[HttpResponse]:
        """What the answer may mean, as the packaged dialect would have it."""
        headers = self._headers(response.headers)
        value = response.value
        for name, said in self._refusals(response.status, value):
            status = self._own.refusals.kinds[name]["status"]
            yield _answer(response, status, headers, self._refusal(name, said))
        if response.status < 300:
            yield _answer(response, 200, headers, self._shown(value))

    def _headers(self, sent: Mapping[str, str]) -> dict[str, str]:
        said, own = self.dialect.answers, self._own.answers
        names = {said.request_id.lower(): own.request_id.lower()}
        for name, template in self.dialect.refusals.headers.items():
            if template == "{retry_after}":
                names[name.lower()] = "retry-after"
        found = {names.get(name, name): value for name, value in sent.items()}
        if said.replayed is not None and own.replayed is not None:
            name, mark = (each.decode() for each in said.replayed)
            if found.get(name) == mark:
                found[own.replayed[0].decode()] = own.replayed[1].decode()
        return found

    def _refusals(self, status: int, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """The kinds of refusal that an answer may be, and the values in its envelope."""
        said = self.dialect.refusals
        values = read_back(said.envelope, value)
        if values is None:
            return
        for name, kind in said.kinds.items():
            known = kind["status"] == status and values.get("code", kind["code"]) == kind["code"]
            if known and values.get("type", kind.get("type")) == kind.get("type"):
                yield name, values

    def _refusal(self, name: str, said: Mapping[str, Any]) -> Any:
        blank = {"request_id": "req_", "message": "", "details": []}
        known = {part: said.get(part, other) for part, other in blank.items()}
        error = {"code": name, "message": known["message"], "details": known["details"]}
        return {"request_id": known["request_id"], "error": error}

    def _shown(self, value: Any) -> Any:
        """A task, or a list of events, with the documented members."""
        listed = read_back(self.dialect.events.list, value)
        if listed is not None and isinstance(listed.get("events"), list):
            return {"events": [self._event(each) for each in listed["events"]]}
        return self._task(value)

    def _event(self, value: Any) -> Any:
        said = read_back(self.dialect.events.event, value)
        if said is None:
            return value
        own = {name: said[name] for name in self._own.events.event if name in said}
        if "task" in own:
            own["task"] = self._task(own["task"])
            own["type"] = f"task.{own['task'].get(MEMBERS['status'])}"
        return own

    def _task(self, value: Any) -> Any:
        form = self.dialect.tasks
        known = (read_back(each, value) for each in (*form.bodies.values(), form.body))
        said = next((each for each in known if each and each.get("status")), None)
        if said is None:
            return value
        states = {word: state for state, word in form.states.items()}
        said["status"] = states.get(said.get("status", ""), said.get("status"))
        if (error := read_back(form.error, said.get("error"))) is not None:
            codes = {word: code for code, word in form.codes.items()}
            error["code"] = codes.get(error.get("code", ""), error.get("code"))
            said["error"] = {name: error.get(name) for name in ERROR_NAMES}
        own = {member: said[name] for name, member in MEMBERS.items() if name in said}
        return {member: each for member, each in own.items() if each is not None}


def _answer(
    response: HttpResponse, status: int, headers: dict[str, str], value: Any
) -> HttpResponse:
    kept = response.body if isinstance(value, str) else json.dumps(value).encode()
    named = headers if isinstance(value, str) else {**headers, "content-type": JSON}
    return replace(response, status=status, headers=named, body=kept)
