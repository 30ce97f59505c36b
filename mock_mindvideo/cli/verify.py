"""`verify`: the contracts against the mock, or anything else that speaks the API."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from mock_mindvideo.cli.listing import export, list_workflows, shipped_contracts
from mock_mindvideo.cli.options import JSON, SCHEMAS
from mock_mindvideo.cli.problems import clear_contract_problems, clear_problems, needs
from mock_mindvideo.cli.reports import write_report
from mock_mindvideo.cli.targets import Target, open_target, read_budget
from mock_mindvideo.domain.keys import DOCUMENTED_KEY

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog
    from mock_mindvideo.contract.results import Outcome, Report
    from mock_mindvideo.contract.verify import Due, Plan

#: Seconds for one workflow: the mock is quick, the real service takes minutes.
MOCK_TIMEOUT, TIMEOUT = 60.0, 900.0


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
    help=f"For each workflow.  [default: {MOCK_TIMEOUT:g} on the mock, else {TIMEOUT:g}]",
)
@click.option(
    "--max-spend",
    metavar="USD",
    help="What the run may cost at most. [default: 0 unless it is this mock, on this machine]",
)
@click.option("--strict", is_flag=True, help="Inferred and invented behaviours are errors too.")
@SCHEMAS
@JSON
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--sarif", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
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

    key = options["api_key"] or DOCUMENTED_KEY
    with open_target(options["base_url"]) as target:
        plan = _plan(due, catalog, options, target, key)
        _announce(plan, options)
        return run(plan, target.transport)


def _plan(
    due: "tuple[Due, ...]",
    catalog: "Catalog",
    options: dict[str, Any],
    target: Target,
    key: str,
) -> "Plan":
    from mock_mindvideo.contract.prices import WorstPrices  # noqa: PLC0415
    from mock_mindvideo.contract.runner import Pace  # noqa: PLC0415
    from mock_mindvideo.contract.target import check_key  # noqa: PLC0415
    from mock_mindvideo.contract.verify import Plan  # noqa: PLC0415
    from mock_mindvideo.web.openapi import openapi  # noqa: PLC0415

    timeout = options["timeout"] or (MOCK_TIMEOUT if target.is_mock else TIMEOUT)
    quiet = options["as_json"]
    return Plan(
        due=due,
        documents={"mindvideo": orjson.loads(orjson.dumps(openapi(catalog, target.url)))},
        base_url=target.url,
        key=check_key(key),
        run=secrets.token_hex(6),
        is_mock=target.is_mock,
        budget=read_budget(options["max_spend"]),
        prices=WorstPrices(catalog),
        facts={each["id"]: each["statement"] for each in catalog.behaviours},
        strict=options["strict"],
        pace=Pace(timeout=timeout, longest_wait=target.longest_wait),
        told=(lambda outcome: None) if quiet else _tell,
    )


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
