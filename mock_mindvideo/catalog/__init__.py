"""`schemas/` as models, lifecycle and fidelity: loaded, checked, compiled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.files import CatalogError, platform_file, read_checked, read_object
from mock_mindvideo.catalog.model import Model, load_model
from mock_mindvideo.catalog.validation import Rules, Violation
from mock_mindvideo.data import data_folder
from mock_mindvideo.domain.errors import UnknownModel
from mock_mindvideo.domain.instant import microseconds
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.plan import Plan, planned
from mock_mindvideo.domain.script import Scenario

__all__ = ["Catalog", "CatalogError", "Model", "Rules", "Violation", "builtin_catalog", "load"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the schema files say. `schemas` holds the platform's own, by file name.

    `usual` is the plan of a task that no script speaks of.
    """

    models: Mapping[str, Model]
    lifecycle: Lifecycle
    usual: Plan
    envelope: Rules
    schemas: Mapping[str, Mapping[str, Any]]
    behaviours: tuple[Mapping[str, Any], ...]

    def model(self, slug: str) -> Model:
        """The model of that slug; raises UnknownModel."""
        try:
            return self.models[slug]
        except KeyError:
            known = ", ".join(sorted(self.models))
            raise UnknownModel(f"no model '{slug[:64]}'; there are: {known}") from None


def load(folders: Sequence[Path] = ()) -> Catalog:
    """The packaged schemas, with models added or replaced by those in `folders`, in order.

    Each folder is laid out like `schemas/`: `models/<slug>/`, and if wanted
    `platform/lifecycle.json`. Raises CatalogError for a bad file.
    """
    places = [data_folder("schemas"), *folders]
    lifecycle = _lifecycle(platform_file(places, "lifecycle.json"))
    envelope = places[0] / "platform" / "create-task.schema.json"
    return Catalog(
        models={model.slug: model for place in places for model in _models(place)},
        lifecycle=lifecycle,
        usual=planned(lifecycle, Scenario()),
        envelope=Rules(envelope, read_object(envelope)),
        schemas={
            file.name: read_object(file)
            for file in sorted((places[0] / "platform").glob("*.schema.json"))
        },
        behaviours=tuple(
            read_checked(places[0] / "platform" / "fidelity.json", "fidelity")["behaviours"]
        ),
    )


@cache
def builtin_catalog() -> Catalog:
    """The packaged schemas alone, loaded once."""
    return load()


def _models(place: Path) -> list[Model]:
    folder = place / "models"
    if not folder.is_dir():
        raise CatalogError(folder, "", "no such folder; lay it out as DIR/models/<slug>/model.json")
    return [load_model(each) for each in sorted(folder.iterdir()) if each.is_dir()]


def _lifecycle(file: Path) -> Lifecycle:
    raw = read_checked(file, "lifecycle")
    lifecycle = Lifecycle(
        initial=raw["initial"],
        transitions={state: tuple(after) for state, after in raw["transitions"].items()},
        plan=tuple((step["state"], microseconds(step["seconds"])) for step in raw["plan"]),
        outcome=raw["outcome"],
        errors=raw["errors"],
        error=raw["error"],
    )
    _check_plan(file, lifecycle)
    return lifecycle


def _check_plan(file: Path, lifecycle: Lifecycle) -> None:
    """Refuse a plan that takes a move which is not in the table, or does not end."""
    if lifecycle.waiting[0] != lifecycle.initial:
        raise CatalogError(file, "/plan/0/state", f"must be the initial '{lifecycle.initial}'")
    if not lifecycle.ended(lifecycle.outcome):
        raise CatalogError(file, "/outcome", f"'{lifecycle.outcome}' is not a terminal state")
    steps = [*lifecycle.waiting, lifecycle.outcome]
    for index, (before, after) in enumerate(pairwise(steps)):
        if after not in lifecycle.transitions[before]:
            raise CatalogError(file, f"/plan/{index}/state", f"'{before}' cannot become '{after}'")
