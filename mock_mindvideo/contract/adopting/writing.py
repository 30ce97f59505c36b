"""A draft as a folder on the disk: whole and checked, or not there at all."""

import json
import tempfile
from pathlib import Path

from mock_mindvideo.catalog import CatalogError
from mock_mindvideo.catalog.model import Model, load_model
from mock_mindvideo.contract.adopting.draft import Draft
from mock_mindvideo.contract.problems import ContractError


def write_draft(draft: Draft, place: Path, *, replace: bool = False) -> Path:
    """Write the folder `place/models/<slug>`, and give it.

    Raises ContractError where it exists and is not to be replaced, where the place cannot be
    written, and where what the page says makes no model.
    """
    folder = place / "models" / draft.slug
    if folder.exists() and not replace:
        raise ContractError(folder, "is there already; --replace writes it anew")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as beside:
            made = Path(beside) / draft.slug
            _write(draft, made)
            _check(draft, made)
            _take_place(made, folder, Path(beside) / "before")
    except OSError as problem:
        raise ContractError(folder, f"cannot be written: {problem.strerror}") from None
    return folder


def _take_place(made: Path, folder: Path, before: Path) -> None:
    """Put the new folder where the old one is, which stays if that fails."""
    if folder.exists():
        folder.rename(before)
    try:
        made.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise


def _write(draft: Draft, folder: Path) -> None:
    folder.mkdir()
    for name, content in draft.files.items():
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (folder / name).write_text(f"{text}\n", encoding="utf-8")


def _check(draft: Draft, folder: Path) -> Model:
    """The folder as a model; what is wrong with it is told of the file that it would be."""
    try:
        return load_model(folder)
    except CatalogError as problem:
        reason = f"what the page says makes no model: {problem.reason}"
        raise ContractError(problem.file.name, reason, pointer=problem.pointer) from None
