"""`@pytest.mark.mindvideo_faults`: a test once for each outcome and fault."""

from dataclasses import fields, replace
from typing import Any

import pytest

from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.domain.world import MANUAL, POLLS
from mock_mindvideo.plugin.faults import FaultCase, Survival, chosen
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import OptionError, Options
from mock_mindvideo.plugin.stash import FAULT

MARKER = "mindvideo_faults"
DOORS = ("mindvideo", "mindvideo_live")
_SELECTION = ("only", "without")
_SURVIVAL = tuple(each.name for each in fields(Survival))
_WORDS = (*_SELECTION, *_SURVIVAL, "virtual_time")


def spread(metafunc: pytest.Metafunc, mark: pytest.Mark) -> None:
    """Parametrise the test's world by the cases of its marker."""
    door = next((name for name in DOORS if name in metafunc.fixturenames), None)
    where = metafunc.definition.nodeid
    if door is None:
        raise pytest.UsageError(f"{where}: {MARKER} needs the fixture mindvideo or mindvideo_live")
    try:
        words = _read(mark)
        cases = chosen(**{name: words[name] for name in _SELECTION if name in words})
    except OptionError as problem:
        raise pytest.UsageError(f"{where}: @pytest.mark.{MARKER}: {problem}") from None
    metafunc.parametrize(door, cases, indirect=True, ids=str)


def refuse(item: pytest.Item) -> None:
    """Methods of a unittest.TestCase cannot be parametrised."""
    raise pytest.UsageError(
        f"{item.nodeid}: {MARKER} cannot repeat a method of unittest.TestCase; use a function, or a"
        " class without that base"
    )


def fault_of(request: pytest.FixtureRequest) -> FaultCase | None:
    """The case that the requesting world is for, if there is one."""
    case = getattr(request, "param", None)
    return case if isinstance(case, FaultCase) else None


def with_fault(options: Options, request: pytest.FixtureRequest) -> Options:
    """A world's options with what its case adds: scripts, and virtual time unless told not to."""
    fault = fault_of(request)
    if fault is None:
        return options
    request.node.stash[FAULT] = fault
    options = replace(options, script=(*options.script, *fault.scripts))
    mark = request.node.get_closest_marker(MARKER)
    if options.progress == POLLS and (mark is None or mark.kwargs.get("virtual_time", True)):
        options = replace(options, progress=MANUAL, virtual_time=True)
    return options


def judge_survival(item: pytest.Item, handle: MindVideo) -> None:
    """Fail a test that passed although its client did not survive; skip one that met no fault."""
    fault = item.stash.get(FAULT, None)
    if fault is None:
        return
    if not fault.met(handle):
        pytest.skip(f"no request met it: {'; '.join(fault.scripts)}")
    request: pytest.FixtureRequest = item._request  # type: ignore[attr-defined]
    survival = request.getfixturevalue("mindvideo_survival")
    mark = item.get_closest_marker(MARKER)
    words = {} if mark is None else mark.kwargs
    changed = {name: words[name] for name in _SURVIVAL if name in words}
    try:
        replace(survival, **changed).check(handle, fault)
    except AssertionError as problem:
        said = str(problem)
    else:
        return
    pytest.fail(said, pytrace=False)


def _read(mark: pytest.Mark) -> dict[str, Any]:
    if mark.args:
        raise OptionError("it takes keyword arguments only, such as only='lost-answer'")
    for name in mark.kwargs:
        if name not in _WORDS:
            raise OptionError(f"unknown option '{name}'{meant(name, _WORDS)}")
    return dict(mark.kwargs)
