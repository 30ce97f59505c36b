"""What the plugin keeps of a test while it runs."""

from typing import TYPE_CHECKING

import pytest

from mock_mindvideo.plugin.handle import MindVideo

if TYPE_CHECKING:
    from mock_mindvideo.plugin.faults import FaultCase

HANDLES: pytest.StashKey[list[MindVideo]] = pytest.StashKey()

#: The case of the fault matrix that a test is run for.
FAULT: "pytest.StashKey[FaultCase]" = pytest.StashKey()
