"""Results and uploads as files: links that play, with Range and ETag, and without a key."""

import asyncio
from collections.abc import Collection

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import NotFound, TaskNotFound
from mock_mindvideo.domain.instant import SECOND, Instant, microseconds, rfc3339
from mock_mindvideo.domain.representation import SUCCEEDED, OutputKind
from mock_mindvideo.domain.task import Task
from mock_mindvideo.render.cache import RenderCache
from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.rendition import Rendition, render
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store
from mock_mindvideo.system.clock import Clock
from mock_mindvideo.system.per_loop import PerLoop
from mock_mindvideo.web.headers import ascii_value
from mock_mindvideo.web.links import EXTENSIONS, POSTER, Links
from mock_mindvideo.web.media.conditions import Version
from mock_mindvideo.web.media.content import InMemory, InStore, Padded
from mock_mindvideo.web.media.sending import File, FileResponse
from mock_mindvideo.worlds import Registry
from mock_mindvideo.worlds.tasks import Service

#: Requests that may wait for a render at once; more wait in line without holding a thread.
_RENDERING = 4

#: Bytes a second, and what stands on clips that many tasks share.
MEGABIT = 1_000_000 / 8
LOAD = "load"

CLIPS: OutputKind = "videos"
STILLS: OutputKind = "images"

PLACEHOLDER = (
    "this clip is a ready-made placeholder: install mock-mindvideo[media] to have each task's own"
)


class Media:
    """Serves the files under `/media`."""

    def __init__(
        self,
        service: Service,
        worlds: Registry,
        store: Store,
        links: Links,
        settings: Settings,
        clock: Clock,
        expired: Collection[str] = (),
    ) -> None:
        self._expired = expired
        self._service = service
        self._worlds = worlds
        self._store = store
        self._links = links
        self._bitrate = settings.media_bitrate or 0
        self._given = settings.link_expiry
        self._cache: RenderCache[Rendition] = RenderCache(settings.bounds.renders)
        self._clock = clock
        self._limiter_of = PerLoop(lambda _: CapacityLimiter(_RENDERING))

    def routes(self) -> list[Route]:
        """The paths, relative to `/media`."""
        return [
            Route("/{world}/uploads/{upload_id}", self.upload, methods=["GET"]),
            Route("/{world}/{task_id}/{name}", self.result, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """A file that was uploaded."""
        world, upload_id = request.path_params["world"], request.path_params["upload_id"]
        self._worlds.note_use(world)
        found = self._store.files.find(world, upload_id)
        if found is None:
            raise NotFound("no such upload; old uploads are dropped to make room")
        # Its id is drawn at random and its bytes never change, so the id is tag enough.
        version = self._version(found.id, found.created_at)
        content = InStore(self._store.files, world, found)
        return FileResponse(File(content, found.media_type, version, found.id))

    async def result(self, request: Request) -> Response:
        """A task's result, or the poster of its clip, rendered on first request."""
        kind, label, task, since = self._find(request)
        shape = self._links.shape(task)
        if request.path_params["name"].endswith(POSTER):
            kind = STILLS
        if self._bitrate and kind == CLIPS:
            return await self._sized(label, shape, since)
        made = await self._rendered(label, kind, shape)
        headers = {}
        if made.placeholder:
            headers["x-mock-advice"] = ascii_value(PLACEHOLDER).decode()
        version = self._version(made.tag, since)
        name = _name(label, kind)
        return FileResponse(File(InMemory(made.body), made.media_type, version, name, headers))

    async def _sized(self, label: str, shape: OutputShape, since: Instant) -> Response:
        """A clip as long as its bitrate makes it: one for each shape is rendered, and padded."""
        made = await self._rendered(LOAD, CLIPS, shape)
        size = round(shape.seconds * self._bitrate * MEGABIT)
        content = Padded(made.body, f"{LOAD} {label}".encode(), size)
        version = self._version(f"{made.tag}-{size}-{label.replace('/', '-')}", since)
        return FileResponse(File(content, made.media_type, version, _name(label, CLIPS)))

    @property
    def _expiry(self) -> int:
        """The life of a link in microseconds: as set, else as the dialect has it; 0 for ever."""
        given = self._given
        said = self._service.catalog.dialect.lifetimes.links
        return microseconds(said if given is None else given)

    def _version(self, tag: str, since: Instant) -> Version:
        """A date that lies ahead of the real clock is not told: no client would believe it."""
        real = since <= self._clock.real()
        return Version(f'"{tag}"', since // SECOND if real else None)

    def _find(self, request: Request) -> tuple[OutputKind, str, Task, Instant]:
        """The kind of output, the label of its picture, the task, and when it succeeded.

        Raises NotFound for a link that the mock has not given out, or that has expired.
        """
        world, task_id = request.path_params["world"], request.path_params["task_id"]
        try:
            task = self._store.task(world, task_id)
        except TaskNotFound:
            raise NotFound("no such file") from None
        self._worlds.note_use(world)
        number, _, extension = request.path_params["name"].partition(".")
        kind = self._links.kind(task)
        known = [str(each) for each in range(1, self._links.count(task) + 1)]
        if extension not in (EXTENSIONS[kind], POSTER) or number not in known:
            raise NotFound("no such file")
        since = self._check_time(world, task_id)
        return kind, task_id if len(known) == 1 else f"{task_id}/{number}", task, since

    def _check_time(self, name: str, task_id: str) -> Instant:
        world = self._worlds.open(name)
        view = self._service.glance(world, task_id)
        if view.status != SUCCEEDED:
            raise NotFound(f"no such file yet: the task is {view.status}")
        expiry = self._expiry
        expires = view.steps[-1].at + expiry
        if expiry and world.now() >= expires:
            raise NotFound(f"this link expired at {rfc3339(expires)} by the world's clock")
        if name in self._expired:
            raise NotFound("this link expired: expire_links() was called")
        return view.steps[-1].at

    async def _rendered(self, label: str, kind: OutputKind, shape: OutputShape) -> Rendition:
        limiter = self._limiter_of(asyncio.get_running_loop())
        key = (label, kind, shape)

        def rendered() -> Rendition:
            return self._cache.get(key, lambda: render(label, kind, shape))

        return await to_thread.run_sync(rendered, limiter=limiter)


def _name(label: str, kind: OutputKind) -> str:
    """What a browser calls the file when it is saved."""
    return f"{label.replace('/', '-')}.{EXTENSIONS[kind]}"
