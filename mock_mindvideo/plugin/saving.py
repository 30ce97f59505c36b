"""`--mindvideo-save DIR`: the world of a failing test, as a file to open again."""

import re
from pathlib import Path

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.stores.snapshot import write_snapshot


def save(handle: MindVideo, folder: Path, node_id: str) -> str:
    """Save the handle's world; the line that says where, or why not."""
    app = handle.app
    if app is None:
        return "not saved: its server runs in another process"
    readable = re.sub("[^A-Za-z0-9]+", "-", node_id.rpartition("::")[2]).strip("-")[:60]
    file = folder / f"{readable}.{handle.name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        left_out = write_snapshot(app.store, app.worlds.open(handle.name).state, file)
    except OSError as problem:
        return f"not saved: {file}: {problem.strerror}"
    without = f" (without the {left_out} oldest requests)" if left_out else ""
    return f"saved: mock-mindvideo serve --load {file}{without}"
