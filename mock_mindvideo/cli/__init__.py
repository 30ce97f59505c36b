"""The command `mock-mindvideo`. Each subcommand imports what it needs when it runs."""

import click

from mock_mindvideo.cli.check_traffic import check_traffic
from mock_mindvideo.cli.documents import openapi, rules
from mock_mindvideo.cli.drift import drift
from mock_mindvideo.cli.examples import examples
from mock_mindvideo.cli.inputs import estimate, validate
from mock_mindvideo.cli.learn import learn
from mock_mindvideo.cli.models import model
from mock_mindvideo.cli.output import Commands
from mock_mindvideo.cli.record import record
from mock_mindvideo.cli.serve import serve
from mock_mindvideo.cli.verify import verify
from mock_mindvideo.cli.worlds import world


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: mock-mindvideo serve",
)
@click.version_option(
    None, "-V", "--version", package_name="mock-mindvideo", prog_name="mock-mindvideo"
)
def main() -> None:
    """A local stand-in for the MindVideo task API: no network, no waiting, no cost."""


COMMANDS = (
    serve,
    validate,
    estimate,
    examples,
    rules,
    openapi,
    verify,
    drift,
    check_traffic,
    learn,
    record,
    world,
    model,
)

for command in COMMANDS:
    main.add_command(command)
