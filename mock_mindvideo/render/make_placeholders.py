"""Makes the placeholder clips anew: `python -m mock_mindvideo.render.make_placeholders [FOLDER]`.

Needs PyAV. To be run after a change to the picture; the results are committed.
"""

import sys
from pathlib import Path

from mock_mindvideo.render.clip import render_clip
from mock_mindvideo.render.geometry import shape_of
from mock_mindvideo.render.placeholder import RATIOS, placeholder_file

LABEL = "PLACEHOLDER"


def make_placeholders(folder: Path) -> None:
    """Write one clip for each ratio into `folder`, which must exist."""
    for ratio in RATIOS:
        shape = shape_of({"size": ratio, "resolution": "180P", "duration": 2}, "videos")
        (folder / placeholder_file(ratio).name).write_bytes(render_clip(LABEL, shape))


if __name__ == "__main__":
    given = sys.argv[1:]
    make_placeholders(Path(given[0]) if given else Path(__file__).with_name("placeholders"))
