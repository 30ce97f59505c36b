"""Which API keys stand for a world without having been created."""

from mock_mindvideo.domain.keys import Credential


class Keyring:
    """Which keys stand for a world by themselves; every other one must have been created.

    `hint` is added to the refusal of a key, `stray` names the world whose journal takes the
    requests that reach no world, so that somebody sees them.
    """

    hint: str = ""
    stray: str | None = None

    def world_of(self, sent: Credential) -> str | None:
        """The world's name."""
        return sent.world
