"""Which options a test has: by marker, by the fixture `mindvideo_settings`, by ini.

The nearest applies: the test's marker, its class's, its module's, then the fixture, then the ini.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest

from mock_mindvideo.plugin.options import OLDER_NAMES, OptionError, Options, options_with, settled
from mock_mindvideo.plugin.worlds import SERVER_SETTINGS
from mock_mindvideo.settings import Settings
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

MARKER = "mindvideo"


def resolve(request: pytest.FixtureRequest, settings: Mapping[str, Any]) -> Options:
    """The options of the requesting test; raises OptionError."""
    options = from_ini(request.config)
    options = options_with(options, settings, "the fixture mindvideo_settings")
    for mark in reversed(list(request.node.iter_markers(MARKER))):
        where = f"@pytest.mark.{MARKER}"
        if mark.args:
            raise OptionError(f"{where} takes keyword arguments only, such as progress='manual'")
        options = options_with(options, mark.kwargs, where)
    return settled(options)


def server_settings(config: pytest.Config) -> Settings:
    """The session's server, with what the ini file says of every world; raises OptionError."""
    options = from_ini(config)
    return replace(
        SERVER_SETTINGS,
        profile=options.profile,
        schemas=options.schemas,
        models=options.models,
        contested=options.contested,
    )


def from_ini(config: pytest.Config) -> Options:
    """What the ini file and the command line say of every world; raises OptionError."""
    names = [*OLDER_NAMES, *(each.name for each in fields(Options))]
    found = {name: config.getini(f"mindvideo_{name}") for name in names}
    seed = config.getoption("mindvideo_seed")
    given = {name: value for name, value in found.items() if value not in (None, [], "")}
    given = given if seed is None else given | {"seed": seed}
    return options_with(Options(), given, "the ini file")
