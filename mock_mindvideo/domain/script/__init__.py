"""Scripts: what a test or a person says should happen, `outcome=failed; error=content_policy`.

One text form for every trigger, read in `grammar.py` and nowhere else. Three kinds of word: those
of the plan decide what becomes of a task, those of a fault disturb the transport, modifiers say
which requests a script is for. `words.py` is the table of them; a script of which any word would
do nothing is refused.
"""

from mock_mindvideo.domain.script.distributions import drawn
from mock_mindvideo.domain.script.grammar import from_header, from_table, parse, together
from mock_mindvideo.domain.script.kinds import Kind, kind_of, names
from mock_mindvideo.domain.script.magic import (
    MAGIC_DOMAIN,
    MAGIC_HOSTS,
    NO_MAGIC,
    Magic,
    magic,
    magic_in,
    magic_of,
    names_magic,
)
from mock_mindvideo.domain.script.model import PlanOverrides, Script, ScriptError
from mock_mindvideo.domain.script.words import MODIFIERS, MOST_STAY, MOST_WAIT, WORDS
from mock_mindvideo.domain.script.writing import in_header, written

__all__ = [
    "MAGIC_DOMAIN",
    "MAGIC_HOSTS",
    "MODIFIERS",
    "MOST_STAY",
    "MOST_WAIT",
    "NO_MAGIC",
    "WORDS",
    "Kind",
    "Magic",
    "PlanOverrides",
    "Script",
    "ScriptError",
    "drawn",
    "from_header",
    "from_table",
    "in_header",
    "kind_of",
    "magic",
    "magic_in",
    "magic_of",
    "names",
    "names_magic",
    "parse",
    "together",
    "written",
]
