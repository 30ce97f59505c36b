"""Record, learn, serve, check: what is left of a server's differences once the mock has learned."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import Catalog, load
from mock_mindvideo.checking.in_process import BASE_URL
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport
from mock_mindvideo.contract.own_words import OwnWords
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.contract.results import Report
from mock_mindvideo.contract.traffic.checking import check_traffic
from mock_mindvideo.contract.traffic.reading import read_recording
from mock_mindvideo.contract.traffic.recorded import TrafficFinding
from mock_mindvideo.learning.har import HarExchange, HarFile, HarMessage
from mock_mindvideo.learning.learned import Learned, learn
from mock_mindvideo.learning.writing import write_folder
from mock_mindvideo.web.openapi import openapi
from tests.contract.running import in_process, run

#: Money enough for everything that is asked of a server.
ENOUGH = {"is_mock": False, "budget": Decimal(100)}


class Recorder:
    """A transport that writes down what passes it, as `record` does; a second goes by each time."""

    def __init__(self, inner: Transport, file: Path) -> None:
        self._inner = inner
        self._file = HarFile(file)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        answer = self._inner.send(request, timeout)
        asked = HarMessage(tuple(request.headers.items()), request.body or b"")
        told = HarMessage(tuple(answer.headers.items()), answer.body)
        began = 1_767_225_600.0 + self._file.count
        self._file.add(
            HarExchange(request.method, request.url, asked, answer.status, told, began, 0.1)
        )
        return answer

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True)
class Loop:
    """One turn: what was learned of a recording, and the folder that says it."""

    file: Path
    learned: Learned
    folder: Path

    @property
    def catalog(self) -> Catalog:
        return load([self.folder])

    def answers_found(self) -> list[TrafficFinding]:
        """What `check-traffic --schemas` finds wrong with the answers that were recorded."""
        found = check_traffic(read_recording(self.file), self.catalog, document(self.catalog))
        return [each for each in found if each.side in ("answer", "history")]

    def found(self, server: Transport) -> set[tuple[Any, ...]]:
        """What `verify --schemas` finds on a server, but for words that differ by chance."""
        catalog = self.catalog
        report: Report = run(
            server,
            **ENOUGH,
            documents={"mindvideo": document(catalog)},
            words=OwnWords(catalog.dialect),
            prices=WorstPrices(catalog),
            lifecycle=catalog.lifecycle,
        )
        return {
            (outcome.id, each.step, each.check, each.expected, each.proves)
            for outcome in report.outcomes
            for each in outcome.findings
        }

    def found_on_the_mock(self) -> set[tuple[Any, ...]]:
        """The same of the mock, with the folder."""
        with in_process(schemas=(self.folder,)) as inside:
            return self.found(inside)


def document(catalog: Catalog) -> dict[str, Any]:
    """The OpenAPI document of a catalog, as a file has it."""
    made: dict[str, Any] = json.loads(json.dumps(openapi(catalog, BASE_URL)))
    return made


def recorded(server: Transport, file: Path) -> Path:
    """A HAR file of everything that `verify` asks of a server."""
    recorder = Recorder(server, file)
    try:
        run(recorder, **ENOUGH)
    finally:
        recorder.close()
    return file


def written(recording: Any, file: Path) -> Path:
    """A recording as a file."""
    file.write_text(json.dumps(recording), "utf-8")
    return file


def learned_of(file: Path) -> Learned:
    """What a file teaches."""
    return learn({file: read_recording(file)})


def turn(server: Transport, place: Path) -> Loop:
    """Record a server, learn, and write the folder."""
    file = recorded(server, place / "recording.har")
    learned = learned_of(file)
    write_folder(learned, place / "learned")
    return Loop(file, learned, place / "learned")
