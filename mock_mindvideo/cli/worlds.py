"""`world`: the worlds of a server's file, moved from one to another; the server may be running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mock_mindvideo.cli.options import JSON
from mock_mindvideo.cli.output import Commands
from mock_mindvideo.cli.problems import clear_problems, fail
from mock_mindvideo.cli.reports import pretty
from mock_mindvideo.domain.instant import rfc3339
from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.domain.task import UNCOUNTED
from mock_mindvideo.settings import PREFIX

if TYPE_CHECKING:
    from mock_mindvideo.domain.world import WorldState
    from mock_mindvideo.stores import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])


def of_file(command: _Command) -> _Command:
    """The option for the file of worlds."""
    return click.option(
        "--db",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        required=True,
        envvar=f"{PREFIX}DB",
        show_envvar=True,
        help="The file of `serve --db FILE`.",
    )(command)


@click.group(cls=Commands)
def world() -> None:
    """Save, load, list and remove worlds, each as a file of its own."""


@world.command("list")
@of_file
@JSON
def list_worlds(db: Path, *, as_json: bool) -> None:
    """List the worlds: name, its time, tasks."""
    with _opened(db) as store:
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
@of_file
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to.  [default: NAME.json]",
)
def save(name: str, db: Path, output: Path | None) -> None:
    """Write a world to a file, as of now; `serve --load` and `world load` open it."""
    from mock_mindvideo.stores.snapshot import write_snapshot  # noqa: PLC0415

    file = output or Path(f"{name}.json")
    with _opened(db) as store:
        state = _world(store, db, name)
        try:
            write_snapshot(store, state, file)
        except OSError as problem:
            fail(f"{file}: cannot be written: {problem.strerror}")
    click.echo(f"{file}: the world '{name}'", err=True)


@world.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@of_file
@click.option("--replace", is_flag=True, help="In place of a world of its name.")
def load(file: Path, db: Path, *, replace: bool) -> None:
    """Put a saved world into the file; it goes on from the moment at which it was saved."""
    from mock_mindvideo.stores.snapshot import load_snapshot, saved_name  # noqa: PLC0415

    with _opened(db, made=True) as store:
        name = saved_name(file)
        if not replace and name in map(_name, store.worlds()):
            fail(f"{db}: there is a world '{name}' already; --replace puts this one in its place")
        load_snapshot(store, file)
    click.echo(f"{db}: the world '{name}' of {file}", err=True)


@world.command()
@click.argument("name")
@of_file
def remove(name: str, db: Path) -> None:
    """Forget a world: its tasks, keys, uploads, scripts and journal."""
    with _opened(db) as store:
        _world(store, db, name)
        store.reset(name)
    click.echo(f"{db}: the world '{name}' is gone", err=True)


@contextmanager
def _opened(db: Path, *, made: bool = False) -> "Iterator[Store]":
    """The store in a file; one that is not there is `made` only on request."""
    with clear_problems():
        from mock_mindvideo.catalog import builtin_catalog  # noqa: PLC0415
        from mock_mindvideo.settings import Settings  # noqa: PLC0415
        from mock_mindvideo.stores import open_store  # noqa: PLC0415

        if not made and not db.exists():
            fail(f"{db}: is not there; `serve --db {db}` makes it")
        store = open_store(Settings(db=db), builtin_catalog().lifecycle)
        try:
            yield store
        finally:
            store.close()


def _world(store: "Store", db: Path, name: str) -> "WorldState":
    found = {state.name: state for state in store.worlds()}
    if name not in found:
        fail(f"{db}: no world '{name}'{meant(name, found)}")
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
