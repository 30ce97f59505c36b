"""`--mindvideo-save DIR`: the world of a failing test, as a file to open again."""

import re
from pathlib import Path

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.stores.snapshot import write_snapshot


def save(handle: MindVideo, folder: Path, node_id: str) -> Path | None:
    """The file that now holds the handle's world; None if its server is not in this process."""
    app = handle.app
    if app is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    readable = re.sub("[^A-Za-z0-9]+", "-", node_id.rpartition("::")[2]).strip("-")[:60]
    file = folder / f"{readable}.{handle.name}.json"
    write_snapshot(app.store, app.worlds.open(handle.name).state, file)
    return file
