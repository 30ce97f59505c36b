"""`verify`: the contracts against the mock, or anything else that speaks the API."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.budget import read_budget
from mock_mindvideo.cli.listing import export, list_workflows
from mock_mindvideo.cli.options import CACERT, JSON, MODELS, SARIF, SCHEMAS
from mock_mindvideo.cli.outputs import opened
from mock_mindvideo.cli.problems import clear_contract_problems, clear_problems, fail, needs
from mock_mindvideo.cli.reports import FORMATS, write_report
from mock_mindvideo.domain.keys import DOCUMENTED_KEY

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog
    from mock_mindvideo.contract.baseline import Baseline
    from mock_mindvideo.contract.results import Outcome, Report
    from mock_mindvideo.contract.verify import Due, Job


@click.command()
@click.argument("files", nargs=-1, metavar="[CONTRACT]...", type=click.Path(path_type=Path))
@click.option(
    "--base-url",
    envvar="MOCK_MINDVIDEO_BASE_URL",
    show_envvar=True,
    metavar="URL",
    help="What to check; without it, the mock in this process.",
)
@click.option(
    "--api-key",
    envvar=["MOCK_MINDVIDEO_API_KEY", "MINDVIDEO_API_KEY"],
    show_envvar=True,
    metavar="KEY",
    help=f"The key to use.  [default: {DOCUMENTED_KEY}]",
)
@click.option("--list", "listing", is_flag=True, help="List the workflows, and run none.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Only this workflow, contract file or fact. Repeatable.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    metavar="SECONDS",
    help="How long a workflow may take.  [default: 60 on the mock, else 900]",
)
@click.option(
    "--max-spend",
    metavar="USD",
    help="What the run may cost at most. [default: 0 unless it is this mock, on this machine]",
)
@click.option("--strict", is_flag=True, help="Count inferred and invented behaviours as errors.")
@CACERT
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A file of known warnings, which are not reported again.",
)
@click.option("--update-baseline", is_flag=True, help="Write this run's warnings into --baseline.")
@SCHEMAS
@MODELS
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What to print.",
)
@JSON
@click.option("-q", "--quiet", is_flag=True, help="Print only what is broken, and the last line.")
@click.option("-v", "--verbose", is_flag=True, help="Print every workflow and every warning.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a JUnit report there.",
)
@SARIF
@click.option(
    "--github/--no-github",
    default=None,
    help="Annotate the contracts' lines.  [default: inside GitHub Actions]",
)
@click.option(
    "--export",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write contracts and OpenAPI documents there for other runners, and run none.",
)
def verify(files: tuple[Path, ...], **options: Any) -> None:
    """Check that the contracts are kept. Exit code 0: kept, 1: broken, 2: could not be checked.

    Each CONTRACT is an Arazzo file; without one, those that come with the mock.
    """
    with needs("contracts"), clear_contract_problems():
        from mock_mindvideo.catalog import load  # noqa: PLC0415 - `--help` need not load it
        from mock_mindvideo.checking.targets import shipped_contracts  # noqa: PLC0415
        from mock_mindvideo.contract.verify import choose  # noqa: PLC0415

        with clear_problems():
            catalog = load(options["schemas"], models=options["models"])
        chosen = files or shipped_contracts(options["models"], catalog.dialect.extensions)
        due = choose(chosen, options["only"])
        if options["export"]:
            export(options["export"], chosen, catalog, options["base_url"])
        elif options["listing"]:
            list_workflows(due, options["as_json"])
        else:
            raise click.exceptions.Exit(_checked(due, catalog, options).exit_code)


def _checked(due: "tuple[Due, ...]", catalog: "Catalog", options: dict[str, Any]) -> "Report":
    """Run, and write what came of it; files are opened before the first request."""
    from mock_mindvideo.contract.baseline import Baseline, read_baseline  # noqa: PLC0415

    if options["as_json"]:
        options["format"] = "json"
    file, update = options["baseline"], options["update_baseline"]
    if update and file is None:
        fail("--update-baseline needs --baseline FILE")
    is_new = file is None or (update and not (file.exists() and file.stat().st_size))
    baseline = Baseline() if is_new else read_baseline(file)
    written = [options["junit"], options["sarif"], file if update else None]
    with opened(written) as outputs:
        report = _verify(due, catalog, options, baseline)
        if update:
            outputs.write(file, baseline.updated(report.outcomes).text())
        write_report(report, options, outputs)
    return report


def _verify(
    due: "tuple[Due, ...]", catalog: "Catalog", options: dict[str, Any], baseline: "Baseline"
) -> "Report":
    from mock_mindvideo.checking.targets import make_job, open_target  # noqa: PLC0415
    from mock_mindvideo.contract.report.table import FEW  # noqa: PLC0415
    from mock_mindvideo.contract.verify import verify as run  # noqa: PLC0415

    budget = read_budget(options["max_spend"])
    progress = _Progress(one_by_one=options["verbose"] or len(due) <= FEW)
    place = (options["base_url"], options["cacert"], options["schemas"], options["models"])
    with open_target(*place) as target:
        job = make_job(
            due,
            catalog,
            target,
            options["api_key"],
            options["timeout"],
            budget=budget,
            strict=options["strict"],
            baseline=baseline,
            told=progress.told if _is_text(options) else (lambda outcome: None),
        )
        if not options["quiet"]:
            _announce(job, options)
        report = run(job, target.transport)
        progress.flush()
        return report


def _is_text(options: dict[str, Any]) -> bool:
    return options["format"] == "text" and not options["quiet"]


def _announce(job: "Job", options: dict[str, Any]) -> None:
    """Say what is checked and what it may cost, before the first request."""
    what = "this mock" if job.is_mock else "not this mock, so that requests may cost money"
    lines = [f"checking {job.target}" + ("" if job.name else f": {what}")]
    if not job.is_mock:
        lines.append(
            f"possible spend: {job.possible_spend} USD; budget: {job.budget} USD"
            + ("" if job.budget else "; only requests that cannot be billed are sent")
        )
    for line in lines:
        click.echo(line, err=options["format"] != "text")


class _Progress:
    """Tells of workflows as they end: each, or those of a file together."""

    def __init__(self, *, one_by_one: bool) -> None:
        self._one_by_one = one_by_one
        self._file: list[Outcome] = []

    def told(self, outcome: "Outcome") -> None:
        """One workflow has ended."""
        from mock_mindvideo.contract.report.table import outcome_line  # noqa: PLC0415

        if self._one_by_one:
            click.echo(outcome_line(outcome))
            return
        if self._file and self._file[-1].file != outcome.file:
            self.flush()
        self._file.append(outcome)

    def flush(self) -> None:
        """Nothing more of this file comes."""
        from mock_mindvideo.contract.report.table import file_lines  # noqa: PLC0415

        for line in file_lines(self._file):
            click.echo(line)
        self._file.clear()
