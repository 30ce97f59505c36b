"""`world`: the worlds of a store, moved from one to another; servers on it may be running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from mock_mindvideo.cli.options import JSON
from mock_mindvideo.cli.output import Commands
from mock_mindvideo.cli.problems import clear_problems, fail
from mock_mindvideo.cli.reports import pretty
from mock_mindvideo.domain.instant import rfc3339
from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.domain.place import MEMORY
from mock_mindvideo.domain.task import UNCOUNTED
from mock_mindvideo.settings import PREFIX, Settings, SettingsError

if TYPE_CHECKING:
    from mock_mindvideo.domain.world import WorldState
    from mock_mindvideo.stores import Store


class GivenPlace(NamedTuple):
    """Where worlds are kept, as it was given."""

    db: Path | None
    store: str | None

    def __str__(self) -> str:
        """Its name, without a password."""
        if self.db is not None:
            return str(self.db)
        place = Settings(store=self.store).place
        return str(place.file or place.address)


def of_store(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for where worlds are; the command is given a `GivenPlace`."""

    @click.option(
        "--db",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        envvar=f"{PREFIX}DB",
        show_envvar=True,
        help="The file of `serve --db FILE`.",
    )
    @click.option(
        "--store",
        metavar="URL",
        envvar=f"{PREFIX}STORE",
        show_envvar=True,
        help="What `serve --store URL` has: sqlite:///FILE, redis://HOST:PORT/DB.",
    )
    @wraps(command)
    def placed(*, db: Path | None, store: str | None, **given: Any) -> Any:
        return command(place=_place(db, store), **given)

    return placed


def _place(db: Path | None, store: str | None) -> GivenPlace:
    """The place that was named, rather than one that a variable names.

    It is a misuse to name none, two, or memory.
    """
    source = click.get_current_context().get_parameter_source
    if db is not None and store is not None and source("db") != source("store"):
        db = db if source("db") is ParameterSource.COMMANDLINE else None
        store = store if db is None else None
    if (db is None) == (store is None):
        raise click.UsageError("say where the worlds are: --db FILE or --store URL")
    try:
        kind = Settings(db=db, store=store).place.kind
    except SettingsError as problem:
        raise click.BadParameter(str(problem)) from None
    if kind == MEMORY:
        raise click.UsageError("--store memory: holds no worlds outside a running server")
    return GivenPlace(db, store)


@click.group(cls=Commands)
def world() -> None:
    """Save, load, list and remove worlds, each as a file of its own."""


@world.command("list")
@of_store
@JSON
def list_worlds(*, place: GivenPlace, as_json: bool) -> None:
    """List the worlds: name, its time, tasks."""
    with _opened(place) as store:
        found = [_summary(store, state) for state in sorted(store.worlds(), key=_name)]
    if as_json:
        click.echo(pretty({"worlds": found}))
        return
    for each in found:
        click.echo(
            f"{each['world']:<24} {each['at']}  {each['tasks']:>7} tasks  {each['progress']}"
        )


@world.command()
@click.argument("name")
@of_store
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to.  [default: NAME.json]",
)
def save(*, name: str, place: GivenPlace, output: Path | None) -> None:
    """Write a world to a file, as of now; `serve --load` and `world load` open it."""
    from mock_mindvideo.stores.snapshot import write_snapshot  # noqa: PLC0415

    file = output or Path(f"{name}.json")
    with _opened(place) as store:
        state = _world(store, place, name)
        try:
            write_snapshot(store, state, file)
        except OSError as problem:
            fail(f"{file}: cannot be written: {problem.strerror}")
    click.echo(f"{file}: the world '{name}'", err=True)


@world.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@of_store
@click.option("--replace", is_flag=True, help="In place of a world of its name.")
def load(*, file: Path, place: GivenPlace, replace: bool) -> None:
    """Put a saved world into the store; it goes on from the moment at which it was saved."""
    from mock_mindvideo.stores.snapshot import load_snapshot, saved_name  # noqa: PLC0415

    with _opened(place, made=True) as store:
        name = saved_name(file)
        if not replace and name in map(_name, store.worlds()):
            fail(
                f"{place}: there is a world '{name}' already; --replace puts this one in its place"
            )
        load_snapshot(store, file)
    click.echo(f"{place}: the world '{name}' of {file}", err=True)


@world.command()
@click.argument("name")
@of_store
def remove(*, name: str, place: GivenPlace) -> None:
    """Forget a world: its tasks, keys, uploads, scripts and journal."""
    with _opened(place) as store:
        _world(store, place, name)
        store.reset(name)
    click.echo(f"{place}: the world '{name}' is gone", err=True)


@contextmanager
def _opened(place: GivenPlace, *, made: bool = False) -> "Iterator[Store]":
    """The store in that place; a file that is not there is `made` only on request."""
    with clear_problems():
        from mock_mindvideo.catalog import builtin_catalog  # noqa: PLC0415
        from mock_mindvideo.stores import open_store  # noqa: PLC0415

        settings = Settings(db=place.db, store=place.store)
        file = settings.place.file
        if file is not None and not made and not file.exists():
            fail(f"{file}: is not there; `serve --db {file}` makes it")
        store = open_store(settings, builtin_catalog().lifecycle)
        try:
            yield store
        finally:
            store.close()


def _world(store: "Store", place: GivenPlace, name: str) -> "WorldState":
    found = {state.name: state for state in store.worlds()}
    if name not in found:
        fail(f"{place}: no world '{name}'{meant(name, found)}")
    return found[name]


def _summary(store: "Store", state: "WorldState") -> dict[str, object]:
    now = state.now(store.clock.real())
    tasks = sum(1 for task in store.tasks(state.name) if task.number != UNCOUNTED)
    return {
        "world": state.name,
        "at": rfc3339(now),
        "progress": state.progress,
        "speed": state.speed,
        "tasks": tasks,
    }


def _name(state: "WorldState") -> str:
    return state.name
