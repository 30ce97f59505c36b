"""Which models are offered: those of the user's folders, and of the packaged what was asked for."""

from collections.abc import Sequence
from pathlib import Path

from mock_mindvideo.catalog.files import CatalogError, read_object
from mock_mindvideo.domain.nearest import meant

#: Asks for every packaged model.
ALL = "all"

DOCUMENTED = "documented"


def offered(places: Sequence[Path], names: Sequence[str]) -> tuple[list[Path], frozenset[str]]:
    """The folders of models that are offered, and the names of packaged ones that are not.

    The first place is the packaged one. Documented models come first. Raises CatalogError for a
    name that no folder has, and for a place that is laid out otherwise.
    """
    packaged, own = _folders(places[0]), [each for place in places[1:] for each in _folders(place)]
    _check_names(places[0], names, [each.name for each in (*packaged, *own)])
    documented = [each for each in packaged if _is_documented(each)]
    others = [each for each in packaged if each not in documented]
    wanted = [
        each
        for each in (*documented, *others)
        if ALL in names or (each.name in names if names else each in documented)
    ]
    return [*wanted, *own], frozenset(each.name for each in packaged if each not in wanted)


def _is_documented(folder: Path) -> bool:
    return bool(read_object(folder / "model.json").get("fidelity", DOCUMENTED) == DOCUMENTED)


def _check_names(place: Path, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name != ALL and name not in known:
            among = sorted({*known, ALL})
            reason = f"no model '{name[:64]}' to offer{meant(name, among)}"
            raise CatalogError(place / "models", "", reason)


def _folders(place: Path) -> list[Path]:
    folder = place / "models"
    if (place / "platform").is_dir() and not folder.exists():
        return []
    if not folder.is_dir():
        raise CatalogError(folder, "", "no such folder; lay it out as DIR/models/<slug>/model.json")
    visible = (each for each in folder.iterdir() if each.is_dir() and each.name[0] not in "._")
    return sorted(visible)
