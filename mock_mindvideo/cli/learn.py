"""`learn`: what recorded traffic says otherwise than the schemas, as files that say it too."""

import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.options import JSON, SCHEMAS
from mock_mindvideo.cli.problems import clear_contract_problems, clear_problems, fail, needs
from mock_mindvideo.cli.reports import pretty
from mock_mindvideo.domain.counting import counted

if TYPE_CHECKING:
    from mock_mindvideo.learning.durations import Times
    from mock_mindvideo.learning.learned import Learned
    from mock_mindvideo.learning.proposal import Proposal, Remark

FORMAT = "mock-mindvideo-learned/1"

#: Characters of a value that are shown.
_LONGEST = 100


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a folder of schemas there, for --schemas; it must be new or empty.",
)
@SCHEMAS
@JSON
@click.option("-v", "--verbose", is_flag=True, help="Print where each difference was seen.")
def learn(
    files: tuple[Path, ...],
    write: Path | None,
    schemas: tuple[Path, ...],
    as_json: bool,
    verbose: bool,
) -> None:
    """Learn from recorded exchanges with the real API how it differs from the mock.

    FILE is a HAR file or a saved journal; `-` reads stdin. Each proposal names the place in the
    schema files to change. Keys and prompts are masked. Exit code 2: nothing could be learned.
    """
    with needs("contracts"), clear_contract_problems(), clear_problems():
        learned = _learned(files, schemas)
        written = _written(learned, write)
    if as_json:
        click.echo(pretty(_json(learned, written)))
    else:
        _print(learned, written, verbose=verbose)


def _learned(files: tuple[Path, ...], schemas: tuple[Path, ...]) -> "Learned":
    from mock_mindvideo.contract.traffic.reading import read_recording  # noqa: PLC0415
    from mock_mindvideo.learning.learned import learn as learned  # noqa: PLC0415

    recordings = {file: read_recording(file) for file in files}
    for file, entries in recordings.items():
        if not entries:
            fail(f"{file}: no exchange with the API is in it")
    return learned(recordings, schemas)


def _written(learned: "Learned", folder: Path | None) -> tuple[Path, ...]:
    if folder is None:
        return ()
    from mock_mindvideo.learning.writing import write_folder  # noqa: PLC0415

    return write_folder(learned, folder)


def _print(learned: "Learned", written: tuple[Path, ...], *, verbose: bool) -> None:
    for each in learned.proposals:
        _print_proposal(each, verbose=verbose)
    for kind in learned.times:
        click.echo(_worded(kind))
    for remark in learned.remarks:
        _print_remark(remark)
    for file in written:
        click.echo(f"wrote {file}")
    told = (
        (sum(learned.exchanges.values()), "exchange"),
        (len(learned.proposals), "proposal"),
        (len(learned.remarks), "remark"),
    )
    click.echo(", ".join(counted(*each) for each in told))


def _print_proposal(each: "Proposal", *, verbose: bool) -> None:
    from mock_mindvideo.learning.writing import source  # noqa: PLC0415

    click.echo(f"{each.place}: {_brief(each.value)}, was {_brief(each.was)}")
    rows = f"{', '.join(each.settles)}; " if each.settles else ""
    click.echo(f"    {each.statement} ({rows}{counted(each.count, 'exchange')})")
    if verbose:
        click.echo(f"    {source(each)}")


def _print_remark(each: "Remark") -> None:
    from mock_mindvideo.learning.writing import source  # noqa: PLC0415

    click.echo(f"remark: {each.about}: {each.statement}\n    {source(each)}")


def _worded(each: "Times") -> str:
    kind = " ".join(f"{name}={value}" for name, value in each.kind.items())
    totals = each.totals
    ends = f"{totals[0]:g} to {totals[-1]:g} s, median {statistics.median(totals):g} s"
    return f"times: {kind}: {counted(len(totals), 'task')}, {ends}, known to {each.gap:g} s"


def _brief(value: Any) -> str:
    from mock_mindvideo.learning.proposal import REMOVED  # noqa: PLC0415

    if value is REMOVED or value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _json(learned: "Learned", written: tuple[Path, ...]) -> dict[str, Any]:
    from mock_mindvideo.learning.proposal import REMOVED  # noqa: PLC0415

    return {
        "format": FORMAT,
        "exchanges": learned.exchanges,
        "proposals": [
            {
                "place": each.place,
                "was": None if each.was is REMOVED else each.was,
                "value": None if each.value is REMOVED else each.value,
                "statement": each.statement,
                "settles": list(each.settles),
                **_evidence(each),
            }
            for each in learned.proposals
        ],
        "times": [
            {"kind": each.kind, "stays": each.stays, "gap": each.gap} for each in learned.times
        ],
        "remarks": [
            {"about": each.about, "statement": each.statement, **_evidence(each)}
            for each in learned.remarks
        ],
        "written": list(map(str, written)),
    }


def _evidence(each: "Proposal | Remark") -> dict[str, Any]:
    places = [
        {"file": one.file, "entry": one.entry, "pointer": one.pointer} for one in each.evidence
    ]
    return {"count": each.count, "evidence": places}
