"""`schemas/` as models, lifecycle and fidelity: loaded, checked, compiled."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.contested import FILE as CONTESTED
from mock_mindvideo.catalog.contested import FilePatches, of_model, sides
from mock_mindvideo.catalog.files import CatalogError, platform_file, read_object
from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.catalog.model import Model, load_model, missing
from mock_mindvideo.catalog.offer import ALL, offered
from mock_mindvideo.catalog.platforms import read_platform
from mock_mindvideo.catalog.validation import BrokenRule, Rules
from mock_mindvideo.domain.dialect import Dialect, dialect_of, own_dialect
from mock_mindvideo.domain.errors import UnknownModel
from mock_mindvideo.domain.instant import microseconds
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.plan import Plan, planned
from mock_mindvideo.domain.script import PlanOverrides
from mock_mindvideo.platform.data import data_folder, schemas_folder

#: What is told of a packaged model that is not offered.
OFFER = "the platform has it, and --models {0} offers it, in tests models='{0}'"

logger = logging.getLogger("mock_mindvideo")

__all__ = [
    "ALL",
    "BrokenRule",
    "Catalog",
    "CatalogError",
    "Model",
    "Rules",
    "builtin_catalog",
    "catalog_of",
    "every_model",
    "load",
]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the schema files say.

    `usual` is the plan of a task that no script speaks of, `dialect` how answers are worded;
    `unfinished` says by slug which model folders lack something; `observed` are behaviours that
    were learned of the real API, of the folders; `withheld` are packaged models that nobody asked
    for.
    """

    models: Mapping[str, Model]
    lifecycle: Lifecycle
    usual: Plan
    envelope: Rules
    dialect: Dialect
    unfinished: Mapping[str, CatalogError]
    observed: tuple[Mapping[str, Any], ...] = ()
    withheld: frozenset[str] = frozenset()

    @property
    def schemas(self) -> Mapping[str, Mapping[str, Any]]:
        """The platform's own, by file name."""
        return _platform_schemas()

    @property
    def behaviours(self) -> tuple[Mapping[str, Any], ...]:
        """What the mock does, and whether the vendor says so; then what was observed."""
        return (*_behaviours(), *self.observed)

    def model(self, slug: str) -> Model:
        """The model of that slug; raises UnknownModel."""
        try:
            return self.models[slug]
        except KeyError:
            known = ", ".join(sorted(self.models))
            why = f" ({self.unfinished[slug]})" if slug in self.unfinished else ""
            if slug in self.withheld:
                why = f" ({OFFER.format(slug)})"
            raise UnknownModel(f"no model '{slug[:64]}'{why}; there are: {known}") from None


def load(
    folders: Sequence[Path] = (),
    last: Catalog | None = None,
    models: Sequence[str] = (),
    contested: Sequence[str] = (),
) -> Catalog:
    """The packaged schemas, with models added or replaced by those in `folders`, in order.

    A folder may be the name of a shipped dialect. Each is laid out like `schemas/`:
    `models/<slug>/`, and if wanted `platform/lifecycle.json`, a `platform/http.json` with what
    is otherwise, and a `platform/fidelity.json` with what was observed. A model folder that lacks
    a file is told and left out, or, where the `last` catalog had that model, stays as it was there.
    Of the packaged models those are offered that `models` names, all if it names `all`, and the
    documented one alone if it names none. `contested` are sides taken where sources differ, such as
    `links=72h`. Raises CatalogError for a bad file, and for a name that no model, question or side
    has.
    """
    places = [data_folder("schemas"), *map(schemas_folder, folders)]
    wanted, withheld = offered(places, models)
    taken = sides(platform_file(places, CONTESTED), contested)
    found, unfinished = _models(wanted, last, taken)
    if not found:
        reason = f"no model is left to offer: {'; '.join(map(str, unfinished.values()))}"
        raise CatalogError(places[-1], "", reason)
    lifecycle = _lifecycle(platform_file(places, "lifecycle.json"))
    envelope = places[0] / "platform" / "create-task.schema.json"
    says = taken.get("platform/http.json", {})
    is_own = not folders and not says
    dialect = own_dialect() if is_own else dialect_of(read_platform(places[1:], lifecycle, says))
    return Catalog(
        models=found,
        lifecycle=lifecycle,
        usual=planned(lifecycle, PlanOverrides(), lambda _: 0.0),
        envelope=Rules(envelope, read_object(envelope)),
        dialect=dialect,
        unfinished=unfinished,
        observed=_observed(places[1:]),
        withheld=withheld - found.keys(),
    )


@cache
def builtin_catalog() -> Catalog:
    """The packaged schemas alone, loaded once."""
    return load()


@cache
def every_model() -> Catalog:
    """The packaged schemas with all models, loaded once."""
    return load(models=(ALL,))


def catalog_of(
    folders: Sequence[Path], models: Sequence[str] = (), contested: Sequence[str] = ()
) -> Catalog:
    """The packaged schemas with those in `folders`, which are loaded anew; see `load`."""
    if not (folders or models or contested):
        return builtin_catalog()
    return load(folders, models=models, contested=contested)


@cache
def _platform_schemas() -> Mapping[str, Mapping[str, Any]]:
    """Read when they are first asked for, as by a document of the API."""
    files = sorted((data_folder("schemas") / "platform").glob("*.schema.json"))
    return {file.name: read_object(file) for file in files}


@cache
def _behaviours() -> tuple[Mapping[str, Any], ...]:
    """The rows of the packaged `fidelity.json`, read once."""
    file = data_folder("schemas") / "platform" / "fidelity.json"
    return tuple(read_checked(file, "fidelity")["behaviours"])


def _observed(places: Sequence[Path]) -> tuple[Mapping[str, Any], ...]:
    """The rows of the folders' own `platform/fidelity.json`, of one id the last."""
    files = [place / "platform" / "fidelity.json" for place in places]
    rows = [
        each
        for file in files
        if file.is_file()
        for each in read_checked(file, "fidelity")["behaviours"]
    ]
    return tuple({each["id"]: each for each in rows}.values())


def _models(
    folders: Sequence[Path], last: Catalog | None, patches: FilePatches
) -> tuple[dict[str, Model], dict[str, CatalogError]]:
    """The models by slug, and what is missing in the folders of others."""
    models: dict[str, Model] = {}
    unfinished: dict[str, CatalogError] = {}
    for folder in folders:
        slug = folder.name
        problem = missing(folder)
        if problem is None:
            models[slug] = _model(folder, of_model(patches, slug))
            continue
        unfinished[slug] = problem
        if last is not None and slug in last.models:
            models[slug] = last.models[slug]
        what = "stays as it was" if slug in models else "is left out"
        logger.warning("model '%s' %s: %s", slug, what, problem)
    return models, unfinished


def _model(folder: Path, patches: FilePatches) -> Model:
    """The model in `folder`; a packaged one is loaded once for all catalogs, as long as its files
    stay as they are."""
    if patches or not folder.is_relative_to(data_folder("schemas")):
        return load_model(folder, patches)
    stats = ((file.name, file.stat()) for file in sorted(folder.iterdir()))
    return _packaged(folder, tuple((name, at.st_mtime_ns, at.st_size) for name, at in stats))


@lru_cache(maxsize=64)
def _packaged(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Model:
    return load_model(folder)


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
