"""The platform's file is read whole or refused, with the place of what is wrong."""

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog, load
from mock_mindvideo.domain.pointer import followed, pointer, steps
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.platform.data import HTTP, platform_file
from mock_mindvideo.platform.host import vendor_host
from mock_mindvideo.platform.reading import PlatformError, read_platform

RAW = json.loads(platform_file().read_text())


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every member, however deep."""
    for name, child in value.items() if isinstance(value, dict) else ():
        yield (*path, name)
        yield from places(child, (*path, name))


#: What says how the API answers is checked where schemas are loaded.
DIALECT = ("answers", "errors", "tasks", "events", "lifetimes", "extensions")

PLACES = [
    pytest.param(path, id="/".join(path))
    for path in places(RAW)
    if path[0] not in DIALECT or len(path) == 1
]


def refused(file: Path, raw: Any) -> str:
    file.write_text(json.dumps(raw))
    with pytest.raises(PlatformError) as told:
        read_platform(file)
    return str(told.value)


def test_the_value_is_the_file() -> None:
    assert asdict(PLATFORM) == RAW
    assert vendor_host() == PLATFORM.host


def test_the_members_of_a_task_are_those_of_its_schema() -> None:
    described = builtin_catalog().schemas["task.schema.json"]["properties"]
    told = set(RAW["members"].values()) - {RAW["members"][name] for name in ("model", "input")}
    assert told == set(described)


@pytest.mark.parametrize("path", PLACES)
def test_a_member_that_is_missing_or_of_another_type_is_told_with_its_pointer(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    file, without, other = tmp_path / "http.json", deepcopy(RAW), deepcopy(RAW)
    del followed(without, pointer(path[:-1]))[path[-1]]
    assert refused(file, without) == f"{file}#{pointer(path)}: is missing"
    followed(other, pointer(path[:-1]))[path[-1]] = 5
    assert refused(file, other).startswith(f"{file}#{pointer(path)}: must be ")


def test_an_unknown_member_is_told(tmp_path: Path) -> None:
    words = refused(tmp_path / "http.json", RAW | {"pathes": {}})
    assert "#/pathes: is not known; there are origin, paths" in words


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000])
def test_what_is_no_json_is_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "http.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlatformError, match="is not JSON"):
        read_platform(file)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("paths", "submit"), "api"),
        (("paths", "show"), "/api/tasks"),
        (("headers", "request_id"), "X Request"),
        (("keys", "live"), "mv(live)"),
        (("origin",), "api.example"),
    ],
)
def test_a_text_of_the_wrong_form_is_refused_where_schemas_are_loaded(
    path: tuple[str, ...], value: str, tmp_path: Path
) -> None:
    raw = deepcopy(RAW)
    followed(raw, pointer(path[:-1]))[path[-1]] = value
    with pytest.raises(CatalogError, match=pointer(path)):
        load([folder_with(raw, tmp_path)])


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("/origin", "https://api.example"),
        ("/paths/show", "/api/v2/tasks/{task_id}"),
        ("/keys/live", "other_"),
        ("/members/status", "state"),
        ("/headers/idempotency_key", "X-Once"),
    ],
)
def test_what_requests_are_known_by_is_that_of_the_package(
    at: str, value: str, tmp_path: Path
) -> None:
    load([folder_with(RAW, tmp_path)])
    other = deepcopy(RAW)
    *path, name = steps(at)
    followed(other, pointer(path))[name] = value
    with pytest.raises(CatalogError, match=f"{at}: .*recognises requests by it"):
        load([folder_with(other, tmp_path)])


def test_the_command_tells_of_a_broken_file_without_a_traceback(tmp_path: Path) -> None:
    broken = tmp_path / "http.json"
    broken.write_text("{}")
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mock_mindvideo.platform import data\n"
        f"data.platform_file = lambda: Path({str(broken)!r})\n"
        "from mock_mindvideo.__main__ import run\n"
        "run()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == f"Error: {broken}#/origin: is missing\n"


def folder_with(raw: Any, folder: Path) -> Path:
    (folder / "platform").mkdir(exist_ok=True)
    (folder / "models").mkdir(exist_ok=True)
    (folder / "platform" / HTTP).write_text(json.dumps(raw))
    return folder
