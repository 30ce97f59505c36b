"""The task of the vendor's own example, so that the lines of its page answer when pasted.

`serve` puts it into the world `default`: a task like every other, which has just succeeded. It is
put there anew when a server starts and when the world is reset, so that its link is fresh.
"""

import orjson

from mock_mindvideo.domain.dialect import IdForms
from mock_mindvideo.domain.task import UNCOUNTED, Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores import Ground, Store
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.tasks import Service, made

#: The model of the vendor's own example (D12), and how its ids end.
MODEL = "wan2-7-r2v"
_NAME = "demo_model"


def demo_ids(forms: IdForms) -> tuple[str, str]:
    """The ids of the example's task and of the request that submitted it."""
    return forms.named(_NAME)


class Demo:
    """Puts the task into a world, in place of the one that it has."""

    def __init__(self, service: Service, store: Store) -> None:
        self._service = service
        self._store = store

    def __call__(self, world: World) -> None:
        """Nothing happens where the model is not in the catalog."""
        model = self._service.catalog.models.get(MODEL)
        if model is None:
            return
        order = self._service.orders.read(
            orjson.dumps({"model": model.slug, "input": model.example})
        )
        plan = self._service.catalog.usual
        ids = demo_ids(self._service.catalog.dialect.ids)

        def admit(ground: Ground) -> tuple[WorldState, Task]:
            ended = ground.state.now(world.real())
            begun = max(0, ended - sum(stay for _, stay in plan.stays))
            return ground.state, made(ids, UNCOUNTED, order, begun, plan)

        self._store.create(world.start, None, order.payload, admit)
