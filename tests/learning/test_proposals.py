"""What is proposed of recorded traffic: words, moments, limits; with evidence, without secrets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import load
from mock_mindvideo.learning.learned import Learned
from mock_mindvideo.learning.writing import write_folder
from tests.conftest import example
from tests.contract.honest import Honest, Ways
from tests.contract.running import in_process
from tests.contract.test_recordings import recorded
from tests.contract.traffic import Client, answered, har, planted
from tests.learning.looping import learned_of, written

#: The first looks in such a recording; the submit is the entry before.
LOOKS = range(1, 7)


def proposed(learned: Learned) -> dict[str, Any]:
    return {each.place: each.value for each in learned.proposals}


def of(recording: Any, folder: Path) -> Learned:
    return learned_of(written(recording, folder / "traffic.har"))


def changed(recording: Any, change: Callable[[Any], None]) -> Any:
    """The recording with a change in each answer that shows a task."""
    for number in (0, *LOOKS, 8):
        recording = planted(recording, number, answered(change))
    return recording


def test_the_mocks_own_traffic_teaches_nothing_of_its_dialect(tmp_path: Path) -> None:
    with in_process() as inside:
        client = Client(inside)
        client.play()
    learned = of(har(client.done), tmp_path)
    assert [each for each in proposed(learned) if "lifecycle" not in each] == []
    assert learned.remarks == ()


def test_words_for_states_are_understood(tmp_path: Path) -> None:
    words = {"queued": "PENDING", "processing": "RUNNING", "succeeded": "SUCCEEDED"}

    def shout(task: Any) -> None:
        task["status"] = words[task["status"]]

    found = proposed(of(changed(recorded(Honest()), shout), tmp_path))
    for state, word in words.items():
        assert found[f"platform/http.json#/tasks/states/{state}"] == word


def test_moments_and_progress_become_what_they_tell(tmp_path: Path) -> None:
    def more(task: Any) -> None:
        task |= {"created": 1767225600, "updated_at": "2026-01-01T00:00:00Z", "object": "video"}
        task["progress"] = {"queued": 0, "processing": 50, "succeeded": 100}[task["status"]]

    learned = of(changed(recorded(Honest()), more), tmp_path)
    body = proposed(learned)["platform/http.json#/tasks/body"]
    assert body["created"] == "{created}"
    assert body["updated_at"] == "{updated_at}"
    assert body["progress"] == "{progress}"
    assert body["object"] == "video"
    kinds = proposed(learned)["platform/http.json#/tasks/schemas/~1body~1object"]
    assert kinds == {"type": "string"}


def test_a_proposal_names_the_entries_that_show_it(tmp_path: Path) -> None:
    recording = recorded(Honest(Ways(created=202)))
    learned = of(recording, tmp_path)
    each = next(p for p in learned.proposals if p.pointer == "/answers/submit")
    assert (each.value, each.was, each.settles) == (202, 200, ("X01",))
    entry = recording
    for step in each.evidence[0].pointer.split("/")[1:]:
        entry = entry[int(step) if isinstance(entry, list) else step]
    assert entry == 202


def test_headers_of_a_limit_and_its_code_are_learned(tmp_path: Path) -> None:
    recording = recorded(Honest())
    entry = recording["log"]["entries"][2]
    entry["response"]["status"] = 429
    entry["response"]["headers"] += [
        {"name": "X-RateLimit-Limit", "value": "10"},
        {"name": "X-RateLimit-Remaining", "value": "0"},
        {"name": "Retry-After", "value": "3"},
    ]
    error = {"error": {"code": "slow_down", "message": "You ask too often."}}
    entry["response"]["content"] = {"mimeType": "application/json", "text": json.dumps(error)}
    found = proposed(of(recording, tmp_path))
    assert found["platform/http.json#/errors/headers"] == {
        "X-Ratelimit-Limit": "{limit}",
        "X-Ratelimit-Remaining": "{remaining}",
        "Retry-After": "{retry_after}",
    }
    assert found["platform/http.json#/errors/refusals/rate_limited/code"] == "slow_down"


def test_prices_are_learned_and_the_file_says_that_they_were_observed(tmp_path: Path) -> None:
    dear = Honest(Ways(), lambda asked, value: value * 2 if asked == "cost" else value)
    learned = of(recorded(dear), tmp_path)
    write_folder(learned, tmp_path / "learned")
    model = load([tmp_path / "learned"]).model("wan2-7-r2v")
    assert str(model.estimate(model.example)) == "1.2330"
    assert {rate.fidelity for rate in model.pricing.rates} == {"observed", "inferred"}


def test_times_are_told_by_model_resolution_and_length(tmp_path: Path) -> None:
    learned = of(recorded(Honest()), tmp_path)
    (times,) = learned.times
    assert times.kind == {"model": "wan2-7-r2v", "resolution": "1080P", "duration": 5}
    assert times.totals == [sum(stay[0] for stay in times.stays.values())]
    write_folder(learned, tmp_path / "learned")
    lines = (tmp_path / "learned/times.csv").read_text().splitlines()
    assert lines[0] == "model,resolution,duration,queued,processing"
    assert len(lines) == 2


def test_neither_keys_nor_prompts_nor_signatures_leave_a_recording(tmp_path: Path) -> None:
    key, prompt, signature = "mv_live_5ecret5ecret", example()["input"]["prompt"], "sig=abc"

    def tell(task: Any) -> None:
        task |= {"owner": key, "echo": prompt, "thumbnail": f"https://a.b/c.jpg?{signature}"}

    learned = of(changed(recorded(Honest()), tell), tmp_path)
    files = write_folder(learned, tmp_path / "learned")
    said = "".join(file.read_text() for file in files) + repr(learned.proposals)
    assert '"thumbnail": "https://a.b/c.jpg"' in said
    for secret in (key, signature):
        assert secret not in said
    assert prompt not in (tmp_path / "learned/platform/http.json").read_text()


def test_what_was_observed_stands_among_the_behaviours(tmp_path: Path) -> None:
    learned = of(recorded(Honest(Ways(created=201))), tmp_path)
    write_folder(learned, tmp_path / "learned")
    rows = [each for each in load([tmp_path / "learned"]).behaviours if each["kind"] == "observed"]
    assert {each["id"][0] for each in rows} == {"O"}
    row = next(each for each in rows if "201" in each["statement"])
    assert row["settles"] == ["X01"]
    assert row["changed_by"] == ["platform/http.json#/answers/submit"]
    assert row["source"].startswith("traffic.har: entry 0, /log/entries/0/response/status")
