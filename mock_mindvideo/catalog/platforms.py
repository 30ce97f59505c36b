"""`platform/http.json`: the packaged one, with those of the user's folders merged over it.

A folder's file says what is otherwise, and no more: it is a JSON Merge Patch (RFC 7396), so null
takes a member away. What comes of it is checked as a whole; a mistake is told by the file that
made it.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.files import CatalogError, read_object
from mock_mindvideo.catalog.forms import check_read, read_checked
from mock_mindvideo.domain.dialect import Extensions, events, extensions, refusals, tasks
from mock_mindvideo.domain.dialect.template import names
from mock_mindvideo.domain.equality import same
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pointer import followed, pointer, steps
from mock_mindvideo.platform import PLATFORM, data

Raw = Mapping[str, Any]

#: Templates by their pointer, and what they can name.
TEMPLATES: Mapping[str, Sequence[str]] = {
    "/errors/envelope": refusals.NAMES,
    "/errors/headers": refusals.LIMIT_NAMES,
    "/tasks/body": tasks.NAMES,
    **{f"/tasks/bodies/{name}": tasks.NAMES for name in tasks.BODIES},
    "/tasks/error": tasks.ERROR_NAMES,
    "/events/type": events.TYPE_NAMES,
    "/events/event": events.NAMES,
    "/events/list": events.LIST_NAMES,
    "/events/sse/id": events.FRAME_NAMES,
    "/events/sse/event": events.FRAME_NAMES,
    "/extensions/cancel/body": extensions.CANCEL_NAMES,
    "/extensions/list/body": extensions.LIST_NAMES,
    "/extensions/balance/body": extensions.BALANCE_NAMES,
    "/extensions/models/model": extensions.MODEL_NAMES,
    "/extensions/models/body": extensions.MODELS_NAMES,
}

#: What requests are known by: the documentation says it, and code is made for it once.
_FIXED = ("/origin", "/paths", "/keys", "/members", "/headers/idempotency_key")


def read_platform(places: Sequence[Path], lifecycle: Lifecycle, says: Raw) -> Raw:
    """The packaged description of the platform, with those in `places` merged over it in order.

    `lifecycle` has the states that it speaks of; `says` is merged over all. Raises CatalogError.
    """
    own = read_checked(data.platform_file(), "http")
    files = [place / "platform" / data.HTTP for place in places]
    patches: dict[Path, Raw] = {file: read_object(file) for file in files if file.is_file()}
    merged: Any = own
    for patch in patches.values():
        merged = merge_patch(merged, patch)
    merged = merge_patch(merged, says)
    if patches:
        _check(merged, own, patches, lifecycle)
    return merged  # type: ignore[no-any-return]


def check_platform(file: Path, raw: Raw, lifecycle: Lifecycle) -> None:
    """Raise CatalogError, in the name of `file`, for what no platform can say."""
    _check(raw, read_checked(data.platform_file(), "http"), {file: raw}, lifecycle)


def merge_patch(target: Any, patch: Any) -> Any:
    """`target` as a JSON Merge Patch makes it."""
    if not isinstance(patch, Mapping):
        return patch
    kept = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = merge_patch(kept.get(name), value)
    return kept


def _check(merged: Raw, own: Raw, patches: dict[Path, Raw], lifecycle: Lifecycle) -> None:
    last = next(reversed(patches))
    try:
        check_read(last, merged, "http")
        _check_fixed(last, merged, own)
        _check_templates(last, merged)
        _check_extensions(last, Extensions(merged["extensions"]))
        _check_states(last, merged["extensions"]["cancel"], lifecycle)
    except CatalogError as problem:
        raise CatalogError(
            _author(problem.pointer, patches), problem.pointer, problem.reason
        ) from None


def _author(at: str, patches: dict[Path, Raw]) -> Path:
    """The file that says most of what stands at a pointer; of several, the last."""
    return max(reversed(patches), key=lambda file: _depth(patches[file], at))


def _depth(patch: Raw, at: str) -> int:
    """How many steps of a pointer can be followed."""
    path = steps(at)
    for count in range(len(path), 0, -1):
        try:
            followed(patch, pointer(path[:count]))
        except LookupError:
            continue
        return count
    return 0


def _check_fixed(file: Path, merged: Raw, own: Raw) -> None:
    for at in _FIXED:
        for inner in _differing(followed(merged, at), followed(own, at), at):
            raise CatalogError(
                file,
                inner,
                f"must stay {followed(own, inner)!r}: the mock recognises requests by it, so no"
                " folder changes it",
            )


def _differing(value: Any, own: Any, at: str) -> Iterator[str]:
    if isinstance(own, Mapping):
        for name in own:
            yield from _differing(value[name], own[name], f"{at}/{name}")
    elif not same(value, own):
        yield at


def _check_templates(file: Path, merged: Raw) -> None:
    for at, known in TEMPLATES.items():
        try:
            template = followed(merged, at)
        except LookupError:
            continue
        for path, name in names(template):
            if name not in known:
                listed = ", ".join(f"{{{each}}}" for each in known)
                raise CatalogError(
                    file, at + pointer(path), f"{{{name}}} is not known here; there are {listed}"
                )


def _check_extensions(file: Path, found: Extensions) -> None:
    """Refuse one that no request would reach, or that two would answer."""
    root, taken = PLATFORM.paths.root, set[tuple[str, str]]()
    for each in found:
        at = f"/extensions/{each.name}/path"
        if not each.path.startswith(root):
            raise CatalogError(file, at, f"must begin with {root}, as every path of the API does")
        for request in ((method, each.path) for method in each.methods):
            if request in taken or extensions.clash(*request):
                raise CatalogError(file, at, f"{' '.join(request)} is another endpoint already")
            taken.add(request)
    for each in found:
        if each.name == extensions.LIST and each.said["size"] > each.said["most"]:
            raise CatalogError(file, "/extensions/list/size", "must not be more than `most`")


def _check_states(file: Path, cancel: Raw, lifecycle: Lifecycle) -> None:
    for index, state in enumerate(cancel["states"]):
        if cancel["on"] and state not in lifecycle.waiting:
            raise CatalogError(
                file,
                f"/extensions/cancel/states/{index}",
                f"no task leaves the state '{state}'; there are {', '.join(lifecycle.waiting)}",
            )
