"""All that recordings teach, as proposals for the schema files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import Catalog, CatalogError, load
from mock_mindvideo.catalog.files import platform_file, read_object
from mock_mindvideo.catalog.platforms import check_platform, read_platform
from mock_mindvideo.learning.answers import learn_answers
from mock_mindvideo.learning.costs import learn_costs
from mock_mindvideo.learning.durations import Times, learn_durations
from mock_mindvideo.learning.errors import learn_errors, learn_laxness
from mock_mindvideo.learning.events import learn_events
from mock_mindvideo.learning.hiding import Hiding
from mock_mindvideo.learning.ids import learn_ids
from mock_mindvideo.learning.patches import applied, changed
from mock_mindvideo.learning.proposal import PLATFORM_FILE, Lessons, Proposal, Remark
from mock_mindvideo.learning.refusals import laxer, refusals
from mock_mindvideo.learning.sightings import Recordings, sightings
from mock_mindvideo.learning.states import learn_states
from mock_mindvideo.learning.tasks import learn_tasks
from mock_mindvideo.platform.data import data_folder, schemas_folder

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of recordings; `exchanges` is how many they hold by file.

    `platform` and `lifecycle` are the files as they would be with all proposals.
    """

    exchanges: Mapping[str, int]
    proposals: tuple[Proposal, ...]
    remarks: tuple[Remark, ...]
    times: tuple[Times, ...]
    platform: Raw
    lifecycle: Raw
    catalog: Catalog


def learn(recordings: Recordings, folders: Sequence[Path] = ()) -> Learned:
    """Hold recordings against the schemas, the packaged ones with those in `folders`.

    Raises CatalogError for a bad file there.
    """
    catalog, places = (
        load(folders, models=("all",)),
        [data_folder("schemas"), *map(schemas_folder, folders)],
    )
    raw = read_platform(places[1:], catalog.lifecycle, {})
    lifecycle = read_object(platform_file(places, "lifecycle.json"))
    lessons = Lessons(catalog.behaviours)
    times = _compare(recordings, catalog, raw, lifecycle, lessons)
    hiding = Hiding(recordings)
    kept, platform = _sayable(
        [hiding.proposal(each) for each in lessons.proposals], catalog, raw, lessons
    )
    plan = next((each.value for each in kept if each.pointer == "/plan"), lifecycle["plan"])
    return Learned(
        exchanges={str(file): len(entries) for file, entries in recordings.items()},
        proposals=tuple(kept),
        remarks=tuple(hiding.remark(each) for each in lessons.remarks),
        times=times,
        platform=platform,
        lifecycle={**lifecycle, "plan": plan},
        catalog=catalog,
    )


def _compare(
    recordings: Recordings, catalog: Catalog, raw: Raw, lifecycle: Raw, lessons: Lessons
) -> tuple[Times, ...]:
    seen, table = sightings(recordings), catalog.lifecycle
    refused = refusals(seen, catalog)
    odd = {id(each.seen) for each in refused}
    good = [each for each in seen if id(each) not in odd]
    states = learn_states(good, table, raw["tasks"]["states"], lessons)
    waiting = [word for word, state in states.items() if not table.ended(state)]
    learn_answers(good, seen, waiting, raw, lessons)
    learn_errors(refused, raw, lessons)
    learn_laxness(laxer(good, catalog), lessons)
    learn_ids(good, raw, lessons)
    learn_tasks(good, states, table, raw, lessons)
    learn_events(good, table, raw, lessons)
    learn_costs(good, catalog, lessons)
    return learn_durations(good, states, catalog, lifecycle["plan"], lessons)


def _sayable(
    proposals: Sequence[Proposal], catalog: Catalog, raw: Raw, lessons: Lessons
) -> tuple[list[Proposal], Raw]:
    """The proposals that a file can say, and the platform with them; others become remarks."""
    kept, platform = [], raw
    for each in proposals:
        if each.file == PLATFORM_FILE:
            try:
                made = applied(platform, changed(each))
                check_platform(Path(PLATFORM_FILE), made, catalog.lifecycle)
            except CatalogError as problem:
                words = f"{each.statement}, which no file can say: {problem.reason}"
                lessons.remarks.append(Remark(each.place, words, each.evidence, each.count))
                continue
            platform = made
        kept.append(each)
    return kept, platform
