"""What contracts are checked against, and the job for it: the mock in this process, or a server.

The one place below the command line where contracts and the mock meet.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mock_mindvideo.catalog import ALL, Catalog, builtin_catalog, every_model
from mock_mindvideo.checking.in_process import BASE_URL, InProcess
from mock_mindvideo.contract.events import has_ended
from mock_mindvideo.contract.exchange import HttpResponse, Transport
from mock_mindvideo.contract.own_words import OwnWords
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.contract.retrying import Persistent
from mock_mindvideo.contract.runner import Pace
from mock_mindvideo.contract.target import check_base_url, check_key, is_loopback, is_mock
from mock_mindvideo.contract.verify import Due, Job
from mock_mindvideo.domain.dialect.extensions import Extension
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.openapi import openapi

#: Seconds between two tries on a mock that this process does not run, whatever the file says.
MOCK_WAIT = 0.1

#: Seconds for one workflow: the mock is quick, the real service takes minutes.
MOCK_TIMEOUT, TIMEOUT = 60.0, 900.0


#: What the mock of this process is called: it has no address.
INSIDE = "the mock in this process"


class CheckTarget(NamedTuple):
    """Something that answers. `longest_wait` bounds the seconds between two tries, if anything.

    `name` is what it is called if its address leads nowhere.
    """

    transport: Transport
    url: str
    is_mock: bool
    longest_wait: float | None
    name: str = ""


@contextmanager
def open_target(
    base_url: str | None,
    cacert: Path | None = None,
    schemas: Sequence[Path] = (),
    models: Sequence[str] = (),
) -> Iterator[CheckTarget]:
    """The server at `base_url`, or without one the mock in this process.

    `cacert` is a file of certificates to trust; `schemas` are folders for the mock in this
    process, `models` what it offers of the packaged models.
    Raises TargetError and Unreachable.
    """
    if base_url is None:
        inside = InProcess(create_app(_inside(schemas, models)))
        try:
            yield CheckTarget(inside, BASE_URL, is_mock=True, longest_wait=0.0, name=INSIDE)
        finally:
            inside.close()
        return
    from mock_mindvideo.contract.http_transport import HttpTransport  # noqa: PLC0415 - an extra

    url = check_base_url(base_url)
    outside = HttpTransport(direct=is_loopback(url), cacert=cacert, ended=_ended)
    try:
        known = is_mock(Persistent(outside), url)
        yield CheckTarget(outside, url, known, MOCK_WAIT if known else None)
    finally:
        outside.close()


def _inside(schemas: Sequence[Path], models: Sequence[str]) -> Settings:
    return Settings(
        progress="polls", log_level="critical", schemas=tuple(schemas), models=tuple(models)
    )


def _ended(response: HttpResponse) -> bool:
    lifecycle = builtin_catalog().lifecycle
    return has_ended(response, lifecycle.terminal, lifecycle.states)


def shipped_contracts(
    models: Sequence[str] = (), extensions: Iterable[Extension] = ()
) -> tuple[Path, ...]:
    """The contracts that come with the mock, as paths from the working directory if they can be.

    Where `models` asks for all of the platform's, those of the others come along. Each extension
    that is on has one of its own.
    """
    folder = data_folder("contracts")
    with suppress(ValueError):
        folder = folder.relative_to(Path.cwd())
    others = sorted(folder.glob("models/*.arazzo.yaml")) if ALL in models else []
    own = (folder / "extensions" / f"{each.name}.arazzo.yaml" for each in extensions)
    return (*sorted(folder.glob("*.arazzo.yaml")), *others, *own)


def make_job(
    due: Sequence[Due],
    catalog: Catalog,
    target: CheckTarget,
    key: str | None = None,
    timeout: float | None = None,
    **more: Any,
) -> Job:
    """The job for a target; `more` are fields of the job. Raises TargetError for an unfit key."""
    timeout = timeout or (MOCK_TIMEOUT if target.is_mock else TIMEOUT)
    return Job(
        due=due,
        documents={"mindvideo": exported_document(catalog, target.url)},
        base_url=target.url,
        key=check_key(key or DOCUMENTED_KEY),
        run=secrets.token_hex(6),
        is_mock=target.is_mock,
        prices=WorstPrices(_with_others(catalog)),
        facts={each["id"]: each["statement"] for each in catalog.behaviours},
        lifecycle=catalog.lifecycle,
        name=target.name,
        pace=Pace(timeout, target.longest_wait),
        words=None if catalog == builtin_catalog() else OwnWords(catalog.dialect),
        **more,
    )


def _with_others(catalog: Catalog) -> Catalog:
    """The catalog with all models of the platform: a request for any of them can cost money."""
    return replace(catalog, models={**every_model().models, **catalog.models})


def exported_document(catalog: Catalog, url: str) -> dict[str, Any]:
    """The OpenAPI document as plain JSON values."""
    document: dict[str, Any] = json.loads(json.dumps(openapi(catalog, url)))
    return document
