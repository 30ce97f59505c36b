"""The words for states: a platform that says PENDING means queued."""

from collections.abc import Mapping, Sequence

from mock_mindvideo.contract.events import ALIASES
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.learning.proposal import PLATFORM_FILE, Lessons, answers
from mock_mindvideo.learning.sightings import SeenExchange
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members


def learn_states(
    seen: Sequence[SeenExchange], lifecycle: Lifecycle, known: Mapping[str, str], lessons: Lessons
) -> Mapping[str, str]:
    """The state of each word that tasks have; `known` are the words that there are by state."""
    shown: dict[str, list[SeenExchange]] = {}
    for each in seen:
        word = each.task and each.task[_NAMES.status]
        if isinstance(word, str):
            shown.setdefault(word, []).append(each)
    states = {word: state for state, word in known.items()}
    meant = {}
    for word, having in shown.items():
        state = states.get(word) or _meant(word, lifecycle)
        if state is None:
            words = f"the status {word!r} means none of the mock's states"
            lessons.remark("states", words, answers(having, at=f"/{_NAMES.status}"))
            continue
        meant[word] = state
        if word not in states:
            place = f"{PLATFORM_FILE}#/tasks/states/{state}"
            at = answers(having, at=f"/{_NAMES.status}")
            lessons.propose(place, word, known[state], f"{state} is called {word!r}", at)
    return meant


def _meant(word: str, lifecycle: Lifecycle) -> str | None:
    """The state that a word is another name of."""
    plain = word.casefold()
    named = (
        state for state in lifecycle.states if plain == state or plain in ALIASES.get(state, ())
    )
    return next(named, None)
