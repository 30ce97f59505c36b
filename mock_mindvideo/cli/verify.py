"""`verify`: the contracts against the mock, or anything else that speaks the API."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_mindvideo.cli.budget import read_budget
from mock_mindvideo.cli.listing import export, list_workflows
from mock_mindvideo.cli.options import JSON, SARIF, SCHEMAS
from mock_mindvideo.cli.problems import clear_contract_problems, clear_problems, needs
from mock_mindvideo.cli.reports import write_report
from mock_mindvideo.domain.keys import DOCUMENTED_KEY

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog
    from mock_mindvideo.contract.results import Outcome, Report
    from mock_mindvideo.contract.verify import Due, Plan


@click.command()
@click.argument("files", nargs=-1, metavar="[CONTRACT]...", type=click.Path(path_type=Path))
@click.option(
    "--base-url",
    envvar="MOCK_MINDVIDEO_BASE_URL",
    metavar="URL",
    help="What to check; without it, the mock in this process.",
)
@click.option(
    "--api-key",
    envvar=["MOCK_MINDVIDEO_API_KEY", "MINDVIDEO_API_KEY"],
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
    help="For each workflow.  [default: 60 on the mock, else 900]",
)
@click.option(
    "--max-spend",
    metavar="USD",
    help="What the run may cost at most. [default: 0 unless it is this mock, on this machine]",
)
@click.option("--strict", is_flag=True, help="Inferred and invented behaviours are errors too.")
@SCHEMAS
@JSON
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
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
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write contracts and OpenAPI documents there for other runners, and run none.",
)
def verify(files: tuple[Path, ...], **options: Any) -> None:
    """Check that the contracts are kept. Exit code 0: kept, 1: broken, 2: could not be checked.

    Each CONTRACT is an Arazzo file; without one, those that come with the mock.
    """
    with needs("contracts"), clear_contract_problems():
        from mock_mindvideo.catalog import load  # noqa: PLC0415 - `--help` need not load it
        from mock_mindvideo.contract.verify import choose  # noqa: PLC0415
        from mock_mindvideo.targets import shipped_contracts  # noqa: PLC0415

        with clear_problems():
            catalog = load(options["schemas"])
        chosen = files or shipped_contracts()
        due = choose(chosen, options["only"])
        if options["export"]:
            export(options["export"], chosen, catalog, options["base_url"])
        elif options["listing"]:
            list_workflows(due, options["as_json"])
        else:
            report = _verify(due, catalog, options)
            write_report(report, options)
            raise click.exceptions.Exit(report.exit_code)


def _verify(due: "tuple[Due, ...]", catalog: "Catalog", options: dict[str, Any]) -> "Report":
    from mock_mindvideo.contract.verify import verify as run  # noqa: PLC0415
    from mock_mindvideo.targets import make_plan, open_target  # noqa: PLC0415

    budget = read_budget(options["max_spend"])
    with open_target(options["base_url"]) as target:
        plan = make_plan(
            due,
            catalog,
            target,
            options["api_key"],
            options["timeout"],
            budget=budget,
            strict=options["strict"],
            told=(lambda outcome: None) if options["as_json"] else _tell,
        )
        _announce(plan, options)
        return run(plan, target.transport)


def _announce(plan: "Plan", options: dict[str, Any]) -> None:
    """Say what is checked and what it may cost, before the first request."""
    what = "this mock" if plan.is_mock else "not this mock, so that requests may cost money"
    lines = [f"checking {plan.base_url}: {what}"]
    if not plan.is_mock:
        lines.append(
            f"possible spend: {plan.possible_spend} USD; budget: {plan.budget} USD"
            + ("" if plan.budget else "; only requests that cannot be billed are sent")
        )
    for line in lines:
        click.echo(line, err=options["as_json"])


def _tell(outcome: "Outcome") -> None:
    from mock_mindvideo.contract.report.table import outcome_line  # noqa: PLC0415

    click.echo(outcome_line(outcome))
