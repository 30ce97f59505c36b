"""The control plane under `/_mock/`: JSON for tools, never mistaken for the real API."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from orjson import dumps
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.catalog import every_model
from mock_mindvideo.domain.errors import InvalidRequest
from mock_mindvideo.domain.journal import FORMAT
from mock_mindvideo.domain.limits import LimitError
from mock_mindvideo.domain.script import ScriptError, from_table, parse
from mock_mindvideo.domain.work import Work
from mock_mindvideo.render.clip import can_render_clips
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store
from mock_mindvideo.web.control import forms, pact_states, views
from mock_mindvideo.web.control.document import control_document
from mock_mindvideo.web.control.forms import read_form
from mock_mindvideo.web.control.namespaces import check_own_key, within
from mock_mindvideo.web.draining import Draining
from mock_mindvideo.web.index import index_view
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.links import Links
from mock_mindvideo.web.listing import Listing, packed
from mock_mindvideo.web.open_streams import OpenStreams
from mock_mindvideo.web.openapi import openapi
from mock_mindvideo.web.reload import Reloader
from mock_mindvideo.web.turns import in_turns
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service
from mock_mindvideo.worlds.views import View

#: Tasks, requests and ledger entries in one answer, unless `?limit=` says otherwise.
LIMIT = 100
MAX_LIMIT = 1_000_000

Handler = Callable[[Request, World], Awaitable[Response]]


class ControlEndpoints:
    """The handlers; each acts on the world of the bearer key, on `default` without one."""

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        store: Store,
        links: Links,
        reloader: Reloader,
        settings: Settings,
        streams: OpenStreams,
        draining: Draining,
    ) -> None:
        self._service = service
        self._worlds = worlds
        self._store = store
        self._links = links
        self._reloader = reloader
        self._settings = settings
        self._streams = streams
        self._draining = draining

    def routes(self) -> Sequence[Route]:
        """Every path of the control plane but `uploads`, relative to `/_mock`."""
        table: Sequence[tuple[str, str, Handler]] = (
            ("GET", "/", self.index),
            ("GET", "/health", self.health),
            ("GET", "/rules", self.rules),
            ("GET", "/models", self.models),
            ("GET", "/openapi.json", self.openapi),
            ("GET", "/control-openapi.json", self.control_openapi),
            ("GET", "/tasks", self.tasks),
            ("GET", "/tasks/{task_id}", self.task),
            ("POST", "/tasks/{task_id}/cut", self.cut),
            ("POST", "/tasks/{task_id}/{move}", self.move),
            ("GET", "/worlds", self.list_worlds),
            ("GET", "/requests", self.requests),
            ("GET", "/deliveries", self.deliveries),
            ("GET", "/ledger", self.ledger),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.set_clock),
            ("GET", "/scripts", self.scripts),
            ("POST", "/scripts", self.add_script),
            ("DELETE", "/scripts", self.clear_scripts),
            ("GET", "/keys", self.keys),
            ("POST", "/keys", self.add_key),
            ("PATCH", "/keys/{key_id}", self.set_key),
            ("DELETE", "/keys/{key_id}", self.drop_key),
            ("POST", "/credit", self.set_credit),
            ("GET", "/limits", self.limits),
            ("POST", "/limits", self.set_limits),
            ("POST", "/provider-states", self.set_up_state),
            ("POST", "/reset", self.reset),
        )
        paths: dict[str, dict[str, Handler]] = {}
        for method, path, handler in table:
            paths.setdefault(path, {})[method] = handler
        return [
            Route(path, self._in_world(handlers), methods=[*handlers])
            for path, handlers in paths.items()
        ]

    async def index(self, request: Request, world: World) -> Response:
        return JsonResponse(index_view(world.name))

    async def health(self, request: Request, world: World) -> Response:
        counts = dict(self._store.counts())
        return JsonResponse(
            {
                "status": "ok" if self._reloader.problem is None else "degraded",
                "name": "mock-mindvideo",
                "version": version("mock-mindvideo"),
                "store": self._store.kind,
                "media": "rendered" if can_render_clips() else "placeholder",
                "models": sorted(self._service.catalog.models),
                "schemas_problem": self._reloader.problem,
                "draining": self._draining.begun,
                "counts": counts,
            }
        )

    async def rules(self, request: Request, world: World) -> Response:
        return JsonResponse(views.rules_view(self._service.catalog))

    async def models(self, request: Request, world: World) -> Response:
        shipped = every_model().models
        shown = (
            views.model_view(model, shipped.get(slug))
            for slug, model in self._service.catalog.models.items()
        )
        return JsonResponse({"models": list(shown)})

    async def openapi(self, request: Request, world: World) -> Response:
        return JsonResponse(
            openapi(self._service.catalog, self._base(request), strict=self._settings.strict)
        )

    async def control_openapi(self, request: Request, world: World) -> Response:
        return JsonResponse(control_document(self._service.catalog, self._base(request)))

    async def tasks(self, request: Request, world: World) -> Response:
        found = self._service.views(world, _limit(request))
        return Listing("tasks", (dumps(self._task(request, world, view)) for view in found))

    async def task(self, request: Request, world: World) -> Response:
        view = self._service.glance(world, request.path_params["task_id"])
        return JsonResponse(self._task(request, world, view))

    async def move(self, request: Request, world: World) -> Response:
        task_id, move = request.path_params["task_id"], request.path_params["move"]
        form = await read_form(request, forms.FAIL if move == "fail" else forms.NOTHING)
        view = self._service.steer(world, task_id, move, form.get("code"), form.get("message"))
        return JsonResponse(self._task(request, world, view))

    async def cut(self, request: Request, world: World) -> Response:
        await read_form(request, forms.NOTHING)
        task = self._service.glance(world, request.path_params["task_id"]).task
        ended = self._streams.cut(world.name, task.id)
        world.tell("cut", {"task_id": task.id}, task.id)
        return JsonResponse({"streams": ended})

    async def list_worlds(self, request: Request, world: World) -> Response:
        found = (state.name for state in self._store.worlds())
        names = sorted(name for name in found if within(request.scope, name))
        opened = (self._worlds.open(name) for name in names)
        return Listing("worlds", (dumps(views.world_view(each)) for each in opened))

    async def requests(self, request: Request, world: World) -> Response:
        found = self._store.entries(world.name, _limit(request))
        shown = (dumps(views.request_view(each)) for each in found)
        forgotten = self._store.forgotten(world.name)
        told = {"format": FORMAT, "forgotten": forgotten}
        return Listing("requests", shown, told | {"sample": self._settings.journal_sample or 1})

    async def deliveries(self, request: Request, world: World) -> Response:
        found = self._store.deliveries(world.name, _limit(request))
        return Listing("deliveries", (dumps(each._asdict()) for each in found))

    async def ledger(self, request: Request, world: World) -> Response:
        totals, entries = await in_turns(self._reckoned(world, _limit(request)))
        return Listing("entries", entries, totals)

    def _reckoned(self, world: World, newest: int) -> Work[tuple[dict[str, Any], Iterator[bytes]]]:
        """Totals and entries; of these, which are made at once, a slow reader keeps little."""
        ledger = yield from self._service.reckoning(world, newest)
        entries = yield from packed(dumps(views.entry_view(each)) for each in ledger.entries)
        return views.ledger_view(ledger), entries

    async def clock(self, request: Request, world: World) -> Response:
        return JsonResponse(views.clock_view(world.state, world.now()))

    async def set_clock(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.CLOCK)
        world.run(form.get("progress"), form.get("speed"))
        moving = world.advancing(form.get("advance", 0), views.transition_json)
        moved = await in_turns(moving)
        return Listing("transitions", moved, views.clock_view(world.state, world.now()))

    async def scripts(self, request: Request, world: World) -> Response:
        return JsonResponse({"scripts": [views.script_view(each) for each in world.state.scripts]})

    async def add_script(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.SCRIPT)
        given, more = form["script"], self._service.catalog.dialect.extensions.requests
        try:
            added = world.add_script(
                parse(given, more) if isinstance(given, str) else from_table(given, more),
                form.get("origin", "control"),
                self._settings.bounds.scripts,
            )
        except ScriptError as problem:
            raise InvalidRequest(f"/script: {problem}") from None
        return JsonResponse(views.script_view(added), 201)

    async def clear_scripts(self, request: Request, world: World) -> Response:
        world.clear_scripts()
        return Response(status_code=204)

    async def keys(self, request: Request, world: World) -> Response:
        kept = [key for key in world.all_keys() if not key.deleted]
        return JsonResponse({"keys": [views.key_view(key) for key in kept]})

    async def add_key(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.NEW_KEY)
        check_own_key(request.scope, world.name, form.get("key"))
        key, secret = world.create_key(form.get("key"))
        return JsonResponse(views.key_view(key) | {"key": secret}, 201)

    async def set_key(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.KEY)
        key = world.change_key(request.path_params["key_id"], disabled=form["disabled"])
        return JsonResponse(views.key_view(key))

    async def drop_key(self, request: Request, world: World) -> Response:
        world.change_key(request.path_params["key_id"], deleted=True)
        return Response(status_code=204)

    async def set_credit(self, request: Request, world: World) -> Response:
        credit = (await read_form(request, forms.CREDIT))["credit"]
        world.set_credit(None if credit is None else Decimal(str(credit)))
        return await self.ledger(request, world)

    async def limits(self, request: Request, world: World) -> Response:
        return JsonResponse(views.limits_view(world.state))

    async def set_limits(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.LIMITS)
        in_flight = form["in_flight"] or 0 if "in_flight" in form else None
        try:
            state = self._service.limit(world, in_flight, form.get("quotas"))
        except LimitError as problem:
            raise InvalidRequest(f"/quotas: {problem}") from None
        return JsonResponse(views.limits_view(state))

    async def set_up_state(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.PROVIDER_STATE)
        if form.get("action") == "teardown":
            await in_turns(self._worlds.resetting(world.name))  # nothing outlives its interaction
            return JsonResponse({})
        return JsonResponse(
            pact_states.set_up(self._service, world, form["state"], form.get("params", {}))
        )

    async def reset(self, request: Request, world: World) -> Response:
        form = await read_form(request, forms.RESET)
        seed = int(form["seed"]) if "seed" in form else None
        await in_turns(self._worlds.resetting(world.name, seed=seed))
        return JsonResponse({"world": world.name})

    def _in_world(
        self, handlers: Mapping[str, Handler]
    ) -> Callable[[Request], Awaitable[Response]]:
        """One endpoint for a path, so that a refusal names all of its methods."""

        async def endpoint(request: Request) -> Response:
            handler = handlers["GET" if request.method == "HEAD" else request.method]
            return await handler(
                request, self._worlds.controlled(request.headers.get("authorization"))
            )

        return endpoint

    def _task(self, request: Request, world: World, view: View) -> dict[str, Any]:
        output = self._links.output(self._base(request), world.name, view.task)
        return views.task_view(view, self._service.catalog, output)

    def _base(self, request: Request) -> str:
        return self._links.base(request.scope)


def _limit(request: Request) -> int:
    asked = request.query_params.get("limit", str(LIMIT))
    if not (asked.isascii() and asked.isdecimal() and 1 <= int(asked[:9]) <= MAX_LIMIT):
        raise InvalidRequest(f"?limit= must be from 1 to {MAX_LIMIT}; it is {asked[:20]!r}")
    return int(asked)
