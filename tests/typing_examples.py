"""How the public names are used, for `mypy --strict`; never executed."""

from decimal import Decimal
from pathlib import Path
from typing import assert_type

import mock_mindvideo
from mock_mindvideo import MockServer, Settings, World, create_app
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.script import Script, parse
from mock_mindvideo.domain.task import Task, Transition
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.settings import Bounds, from_environment
from mock_mindvideo.web.app import App


def settings_are_typed() -> Settings:
    settings = Settings(
        port=0,
        db=Path("mock.db"),
        seed=7,
        speed=60.0,
        progress="polls",
        schemas=(Path("schemas"),),
        magic=False,
        bounds=Bounds(tasks=1000),
    )
    assert_type(settings.port, int)
    assert_type(settings.db, Path | None)
    assert_type(settings.seed, int | None)
    assert_type(settings.speed, float | None)
    assert_type(settings.progress, str | None)
    assert_type(settings.schemas, tuple[Path, ...])
    assert_type(settings.strict, bool)
    assert_type(settings.bounds, Bounds)
    assert_type(settings.bounds.tasks, int)
    assert_type(from_environment({"MOCK_MINDVIDEO_PORT": "0"}, seed=7), Settings)
    return settings


def an_application_needs_no_arguments() -> App:
    assert_type(create_app(), App)
    assert_type(create_app(Settings(), watch=True), App)
    app = create_app(settings_are_typed())
    assert_type(app.settings, Settings)
    assert_type(app.worlds.open("default"), World)
    return app


def a_server_is_a_context_manager() -> str:
    with MockServer(Settings(port=0)) as server:
        assert_type(server, MockServer)
        assert_type(server.url, str)
        assert_type(server.settings, Settings)
        assert_type(server.app, App)
        return server.url


def a_server_can_be_started_and_stopped() -> None:
    server = MockServer()
    assert_type(server.start(), MockServer)
    server.stop()


def a_world_is_steered(world: World) -> None:
    assert_type(world.name, str)
    assert_type(world.now(), int)
    assert_type(world.state, WorldState)
    assert_type(world.advance(2.5), tuple[tuple[Task, Transition], ...])
    for task, step in world.advance(1):
        assert_type(task.id, str)
        assert_type(step.status, str)
    assert_type(world.run(progress="manual", speed=None), WorldState)
    assert_type(world.set_credit(Decimal("1.50")), WorldState)
    assert_type(world.set_credit(None), WorldState)
    assert_type(world.add_script(parse("outcome=failed"), "fixture", 1000), Script)
    assert_type(world.create_key(), tuple[Key, str])


def the_package_is_lazy_and_yet_typed() -> None:
    assert_type(mock_mindvideo.create_app(), App)
    assert_type(mock_mindvideo.Settings().host, str)


def what_does_not_fit_is_refused_before_it_runs() -> None:
    # Each line is an error to mypy; were one not, its ignore would be reported as unused.
    Settings(port="8080")  # type: ignore[arg-type]
    Settings(colour="red")  # type: ignore[call-arg]
    Settings().port = 9000  # type: ignore[misc]
    create_app(port=8080)  # type: ignore[call-arg]
    MockServer("http://127.0.0.1")  # type: ignore[arg-type]
