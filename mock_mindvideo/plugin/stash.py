"""What the plugin keeps of a test while it runs."""

import pytest

from mock_mindvideo.plugin.handle import MindVideo

HANDLES: pytest.StashKey[list[MindVideo]] = pytest.StashKey()
