"""Each name of uvicorn that is not promised, and how it is taken away."""

import inspect
from collections.abc import Callable, Mapping

import pytest
import uvicorn
from uvicorn.protocols.http import auto
from uvicorn.server import ServerState
from uvicorn.supervisors import Multiprocess

from mock_mindvideo.fences import uvicorn as fence
from tests.fences.hiding import hide, without

Taking = Callable[[pytest.MonkeyPatch], None]


def _hidden(kind: type, name: str) -> Taking:
    return lambda patch: hide(patch, kind, name)


def _own(change: Callable[[type], type]) -> Taking:
    """Uvicorn's own connection, changed."""

    def take(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(auto, "AutoHTTPProtocol", change(auto.AutoHTTPProtocol))

    return take


def _parameter(name: str) -> Taking:
    """Uvicorn's own connection is not made of `name` any more, as far as anybody can see."""

    def changed(kind: type) -> type:
        whole = inspect.signature(kind)
        kept = [each for each in whole.parameters.values() if each.name != name]
        return type(kind.__name__, (kind,), {"__signature__": whole.replace(parameters=kept)})

    return _own(changed)


#: Without them the mock has no connection of its own.
CONNECTION: Mapping[str, Taking] = {
    "Config.load": _hidden(uvicorn.Config, "load"),
    **{f"Config.{name}": _hidden(uvicorn.Config, name) for name in fence.CONFIG},
    "Server.server_state": _hidden(uvicorn.Server, "server_state"),
    **{f"ServerState.{name}": _hidden(ServerState, name) for name in fence.STATE},
    **{
        f"HttpToolsProtocol.{name}": _own(lambda kind, name=name: without(kind, name))
        for name in fence.STOPPED
    },
    **{f"HttpToolsProtocol({name})": _parameter(name) for name in fence.PROTOCOL},
}

#: Without it a server in a thread is cancelled.
STOP: Mapping[str, Taking] = {"Server.should_exit": _hidden(uvicorn.Server, "should_exit")}

#: Without them there are no workers.
WORKERS: Mapping[str, Taking] = {
    f"Multiprocess.{name}": lambda patch, name=name: patch.delattr(Multiprocess, name)
    for name in fence.SUPERVISOR
}
