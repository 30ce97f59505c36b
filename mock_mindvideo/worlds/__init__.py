"""Worlds that do not see each other: from an API key to its world, and what is done in it."""

from mock_mindvideo.worlds.keyring import Keyring
from mock_mindvideo.worlds.registry import Registry
from mock_mindvideo.worlds.world import World

__all__ = ["Keyring", "Registry", "World"]
