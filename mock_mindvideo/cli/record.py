"""`record`: a local proxy that writes down what an application and the real API say."""

from pathlib import Path

import click

from mock_mindvideo.cli.budget import read_budget
from mock_mindvideo.cli.options import CACERT
from mock_mindvideo.cli.problems import clear_contract_problems, clear_problems, fail, needs
from mock_mindvideo.domain.counting import counted


@click.command()
@click.option("--base-url", required=True, metavar="URL", help="The real API, without a path.")
@click.option(
    "--max-spend",
    required=True,
    metavar="USD",
    help="What may be spent at most; a request that could cost more is not sent.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("recording.har"),
    show_default=True,
    metavar="FILE",
    help="The HAR file; it must be new.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8081,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@CACERT
@click.option("-q", "--quiet", is_flag=True, help="Print no line for each request.")
def record(
    base_url: str, max_spend: str, out: Path, port: int, cacert: Path | None, quiet: bool
) -> None:
    """Record traffic with the real API through a proxy on this machine, for `learn`.

    Let the application send its requests to the address that is printed. This is the only command
    that forwards requests, and it forwards them to that host alone. Keys are masked in the file.
    Ctrl-C ends it.
    """
    with needs("contracts"), clear_contract_problems(), clear_problems():
        from mock_mindvideo.learning.recording import record as recording  # noqa: PLC0415
        from mock_mindvideo.serving.sockets import ServerError  # noqa: PLC0415

        budget = read_budget(max_spend)

        def began(address: str, url: str) -> None:
            click.echo(f"{address} passes on to {url}, for {budget} USD at most; into {out}")

        def told(line: str) -> None:
            if not quiet:
                click.echo(line, err=True)

        try:
            done = recording(base_url, budget, out, port, cacert, began, told)
        except ServerError as problem:
            fail(str(problem))
    counts = counted(done.exchanges, "exchange")
    click.echo(f"{out}: {counts}; at most {done.spent} USD were spent")
