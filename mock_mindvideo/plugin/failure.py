"""What a failing assertion prints: enough to see why, and to see it again."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import cast

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.records import RecordedRequest, RecordedTask

_IDEMPOTENCY_KEY = PLATFORM.headers.idempotency_key.lower()

#: Equal requests in a row that are still shown one by one.
FEW = 2

#: Lines of requests that are shown; the newest, since the failure is near the end.
MOST = 30


def report(
    headline: str,
    details: Iterable[str] = (),
    *,
    requests: Sequence[RecordedRequest] = (),
    nearest: RecordedRequest | None = None,
    tasks: Sequence[RecordedTask] = (),
    base_url: str = "",
    seed: int | None = None,
    forgotten: int = 0,
    strays: Iterable[str] = (),
) -> str:
    """The whole text: headline, what differs, the nearest request, the history, how to repeat."""
    lines = [headline, *(f"  {detail}" for detail in details)]
    if nearest is not None:
        lines += ["nearest request:", *(f"  {line}" for line in _nearest(nearest, base_url))]
    lines += [*history(requests, tasks, forgotten), *strays]
    if seed is not None:
        lines.append(seed_line(seed))
    return "\n".join(lines)


def seed_line(seed: int) -> str:
    """How to have the same ids and chances again."""
    return f"seed: {seed} (again with --mindvideo-seed {seed})"


def history(
    requests: Sequence[RecordedRequest], tasks: Sequence[RecordedTask], forgotten: int = 0
) -> list[str]:
    """Every request and every task in the world's time, counted from the first of them.

    What is refused has its reasons beneath; equal lines that follow each other are one.
    """
    moments = [request.at for request in requests]
    moments += [at for task in tasks for at, _ in task.timeline]
    if not moments:
        return ["requests: none reached the mock"]
    first = min(moments)
    lines = ["requests (virtual time):"]
    lines += [f"  … {forgotten} older ones are forgotten: the journal was full"] * bool(forgotten)
    lines += _newest(list(_exchanges(requests, first)))
    if tasks:
        lines.append("tasks (virtual time):")
        lines += [f"  … {len(tasks) - MOST} before"] * (len(tasks) > MOST)
    for task in tasks[-MOST:]:
        steps = ", ".join(f"{status} {offset(at, first)}" for at, status in task.timeline)
        lines.append(f"  {task.id}  {steps}" + (f"  [{task.script}]" if task.script else ""))
    return lines


def folded(lines: Iterable[str]) -> list[str]:
    """`lines`, of which those that repeat the one before become its count."""
    runs = [(line, len(list(run))) for line, run in groupby(lines)]
    return [line if count == 1 else f"{line}  ×{count}" for line, count in runs]


def _exchanges(
    requests: Sequence[RecordedRequest], first: datetime
) -> Iterator[tuple[int, list[str]]]:
    """For each run of equal requests: how many, and the lines about it."""
    for (said, *reasons), run in groupby(requests, lambda each: [summary(each), *_reasons(each)]):
        alike = list(run)
        parts = [alike] if len(alike) > FEW else [[each] for each in alike]
        for part in parts:
            times = f"  ×{len(part)}, to {offset(part[-1].at, first)}" if len(part) > 1 else ""
            head = f"  {offset(part[0].at, first)}  {said}{times}"
            yield len(part), [head, *(f"           {reason}" for reason in reasons)]


def _newest(runs: list[tuple[int, list[str]]]) -> list[str]:
    left = sum(count for count, _ in runs[:-MOST])
    lines = [f"  … {left} before"] if left else []
    return lines + [line for _, run in runs[-MOST:] for line in run]


def _reasons(request: RecordedRequest) -> list[str]:
    """Which rules of the input a request broke; other refusals are told by their code."""
    return list(problems(request)) if request.status == 422 else []


def summary(request: RecordedRequest) -> str:
    """`POST /api/v1/tasks -> 422 invalid_input`, with the script and the advice."""
    status = str(request.status) if request.status else "lost"
    code = f" {request.code}" if request.code and request.status else ""
    scripts = dict.fromkeys(each for each in (request.plan, request.fault) if each)
    script = "".join(f"  [{each}]" for each in scripts)
    advice = f"  advice: {request.advice}" if request.advice else ""
    return f"{request.line} -> {status}{code}{script}{advice}"


def offset(at: datetime, first: datetime) -> str:
    """Seconds since the first thing that happened, `+2.000s`."""
    return f"+{(at - first).total_seconds():.3f}s"


def curl(request: RecordedRequest, base_url: str) -> str:
    """The request as a command line; the key is left to the environment."""
    parts = [f"curl -X {request.method} {shlex.quote(base_url + request.target)}"]
    parts.append(f'-H "Authorization: {PLATFORM.keys.scheme} $MINDVIDEO_API_KEY"')
    for name in ("content-type", _IDEMPOTENCY_KEY, "accept", "last-event-id"):
        value = request.headers.get(name)
        if value is not None and value != "*/*":
            parts.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if request.text:
        parts.append(f"-d {shlex.quote(request.text)}")
    return " ".join(parts)


def _nearest(request: RecordedRequest, base_url: str) -> Iterator[str]:
    yield summary(request)
    yield from problems(request)
    yield curl(request, base_url)


def problems(request: RecordedRequest) -> Iterator[str]:
    """Why a request was refused, in the mock's words; each broken rule with its pointer."""
    error = request.error
    if error is None:
        return
    details = cast("list[dict[str, str]]", error.get("details") or [])
    if not details:
        yield str(error.get("message"))
    for each in details:
        yield f"{each['pointer'] or 'the body'}: {each['message']} ({each['keyword']})"
