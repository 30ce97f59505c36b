"""`mock-mindvideo serve`: the standalone server."""

import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import click
import orjson

from mock_mindvideo.cli.load_options import load_options
from mock_mindvideo.cli.options import CONTESTED, MODELS, SCHEMAS, CommaSeparated
from mock_mindvideo.cli.problems import clear_problems, fail
from mock_mindvideo.domain.hosts import is_own_address, read_host
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.domain.profiles import LOAD, PROFILES
from mock_mindvideo.domain.world import PROGRESSES
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.settings import (
    DURABILITIES,
    LOG_FORMATS,
    LOG_LEVELS,
    PREFIX,
    Settings,
    SettingsError,
    default,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Catalog, Model


def timeout(name: str, what: str) -> Callable[[_Command], _Command]:
    """The option for one of the connection's limits of time."""
    shown = f"{what}.  [default: {default(f'{name}_timeout')}]"
    return click.option(f"--{name}-timeout", type=float, metavar="SECONDS", help=shown)


@click.command()
@click.option("--host", help=f"Address to listen on.  [default: {default('host')}]")
@click.option("--port", type=int, help=f"Port; 0 picks a free one.  [default: {default('port')}]")
@click.option(
    "--store",
    metavar="URL",
    help="Keep everything there: memory:, sqlite:///FILE, redis://HOST:PORT/DB, and more forms of"
    " Redis.  [default: memory:]",
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep everything in this SQLite file: short for --store sqlite:///FILE.",
)
@click.option(
    "--durability",
    type=click.Choice(DURABILITIES),
    help="What --db survives: the end of the process, or a loss of power too, which makes each"
    f" write wait for the disk.  [default: {default('durability')}]",
)
@click.option("--seed", type=int, help="Repeat ids and chances exactly; random without it.")
@click.option("--speed", type=float, help="World seconds for each real second.  [default: 1]")
@click.option(
    "--progress",
    type=click.Choice(PROGRESSES),
    help="What moves time: the clock, each poll, or only you.  [default: time]",
)
@SCHEMAS
@MODELS
@CONTESTED
@click.option(
    "--script",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Scripts for worlds, as TOML.",
)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="strict refuses what is advice by default; load behaves like a busy platform,"
    f" see the options that say so.  [default: {default('profile')}]",
)
@click.option(
    "--admin-token",
    metavar="TOKEN",
    help="Let remote callers with this X-Mock-Admin-Token use the control plane.",
)
@click.option(
    "--namespace",
    multiple=True,
    type=CommaSeparated(),
    metavar="PREFIX=TOKEN",
    help="Let callers with this X-Mock-Admin-Token use the control plane for the worlds whose names"
    " begin so, and no others. Repeatable.",
)
@click.option(
    "--allow-origin",
    multiple=True,
    type=CommaSeparated(),
    metavar="ORIGIN",
    help="Let pages of this origin steer the mock, like https://app.example. Repeatable.",
)
@click.option(
    "--webhook-host",
    multiple=True,
    type=CommaSeparated(),
    metavar="HOST",
    help="Send webhooks to this host too, if a dialect turns them on. Repeatable."
    "  [default: to this machine alone]",
)
@click.option(
    "--magic/--no-magic",
    default=None,
    help="Obey X-Mock-Script headers and magic reference URLs, or ignore them.  [default: magic]",
)
@click.option(
    "--load",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Open the saved world of a failing test; pytest --mindvideo-save writes them.",
)
@click.option(
    "--workers", type=int, help="Processes; more than one needs --db or --store.  [default: 1]"
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Base of output links, as clients reach it; auto believes every proxy's X-Forwarded-*.",
)
@click.option(
    "--link-expiry",
    type=float,
    metavar="SECONDS",
    help="Life of an output link by the world's clock; 0 is forever.  [default: as the schemas"
    " say, 86400]",
)
@click.option("--streams", type=int, help="Event streams open at once.  [default: 2048]")
@load_options
@click.option(
    "--world-ttl",
    type=float,
    metavar="SECONDS",
    help="Forget a world after so long without use, except default; 0: never.  [default: 0]",
)
@timeout("head", "Time for the head of a request to arrive; then 408")
@timeout("body", "Time for a request's body to arrive, longer while it keeps coming; then 408")
@timeout("idle", "Time that a connection may be silent")
@timeout("write", "Time that a client may take nothing of its answer")
@timeout("drain", "Time after SIGTERM for requests and event streams to come to their end")
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--log-level", type=click.Choice(LOG_LEVELS), help="How much is logged.  [default: info]"
)
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    help="Lines for people, or a JSON object on each line.  [default: text]",
)
def serve(*, open_page: bool, **options: Any) -> None:
    """Run the mock as a server. Every option can be set as MOCK_MINDVIDEO_<OPTION> too."""
    from mock_mindvideo.serving.logs import configure_logs  # noqa: PLC0415 - `--help` need not load it
    from mock_mindvideo.serving.process import serve as run  # noqa: PLC0415
    from mock_mindvideo.serving.sockets import ServerError  # noqa: PLC0415

    given = {name: value for name, value in options.items() if value not in (None, ())}
    with clear_problems():
        settings = _settings(given)
        configure_logs(settings.log_level, settings.log_format)
        try:
            run(settings, partial(announce, settings, open_page=open_page))
        except ServerError as problem:
            fail(str(problem), code=1)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


for option in serve.params:
    if isinstance(option, click.Option):
        flag = max(option.opts, key=len).removeprefix("--").replace("-", "_")
        option.envvar, option.show_envvar = f"{PREFIX}{flag.upper()}", True


def _settings(given: dict[str, Any]) -> Settings:
    """The settings; one that does not fit is told as its option and its variable."""
    try:
        return Settings(**given)
    except SettingsError as problem:
        context = click.get_current_context()
        name = str(problem).partition(" ")[0].replace("-", "_")
        option = next((each for each in context.command.params if each.name == name), None)
        raise click.BadParameter(str(problem), context, option) from None


def announce(settings: Settings, url: str, catalog: "Catalog", *, open_page: bool = False) -> None:
    """Print the listening line, the page, the key to use, and a curl that works when pasted.

    In one piece, so that a reader who only wants the first line may leave after it.
    """
    model = next(iter(catalog.models.values()))
    click.echo("\n".join([*_greeting(settings, url), "", _curl(url, model), ""]))
    if open_page:  # in a thread: some browsers are waited for
        Thread(target=webbrowser.open, args=[f"{url}/"], daemon=True).start()


def _greeting(settings: Settings, url: str) -> Iterator[str]:
    yield f"mock-mindvideo listening on {url}"
    yield f"Page: {url}/   API reference: {url}/docs"
    yield f"API key: {DOCUMENTED_KEY}   (or any {PLATFORM.keys.test}<name>, for a world of its own)"
    if settings.load is not None:
        from mock_mindvideo.stores.snapshot import saved_name  # noqa: PLC0415 - only if wanted

        yield f"API key of the saved world: {PLATFORM.keys.test}{saved_name(settings.load)}"
    if not _for_this_machine(settings.host):
        yield f"Other machines reach the API; the page and /_mock/ are {_open_to(settings)}"
    if settings.under_load:
        yield f"Under load: {', '.join(_load(settings))}"
    if find_spec("av") is None:  # not imported: that takes longer than all else at the start
        yield (
            "Clips: placeholders of two seconds, the same for every task;"
            " pip install 'mock-mindvideo[media]' brings what renders each task's own"
        )


def _load(settings: Settings) -> Iterator[str]:
    """What the server bears and is like, setting by setting."""
    for name in LOAD:
        value = getattr(settings, name)
        if value not in (None, (), 0):
            shown = " ".join(value) if isinstance(value, tuple) else value
            yield f"{name.replace('_', '-')} {shown}"


def _for_this_machine(host: str) -> bool:
    named = read_host(host)
    return is_own_address(host) or (named is not None and named.own)


def _open_to(settings: Settings) -> str:
    """To whom on other machines the control plane is open."""
    if settings.admin_token is None and not settings.namespace:
        return "closed to them: --admin-token TOKEN opens them to whoever sends it"
    return "open to those that send X-Mock-Admin-Token"


def _curl(url: str, model: "Model") -> str:
    own, names = PLATFORM.headers, PLATFORM.members
    body = orjson.dumps({names.model: model.slug, names.input: model.example}).decode()
    quoted = body.replace("'", "'\\''")
    return (
        f"curl -X POST {url}{PLATFORM.paths.submit} \\\n"
        f'  -H "Authorization: {PLATFORM.keys.authorization(DOCUMENTED_KEY)}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f'  -H "{own.idempotency_key}: task_$(date +%s)" \\\n'
        f"  -d '{quoted}'"
    )
