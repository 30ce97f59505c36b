"""The platform's other models, served: what their examples cost, and what they answer with."""

import io
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.catalog.test_offered_models import COSTS, MODELS
from tests.conftest import TASKS, MakeClient

av = pytest.importorskip("av")

ALL = ("all",)


def looked_at(client: Any, slug: str, **changes: Any) -> dict[str, Any]:
    """A task of the model's example that has succeeded, and what its submit was answered with."""
    body = {"model": slug, "input": {**MODELS[slug].example, **changes}}
    submitted = client.post(TASKS, json=body).json()
    client.post("/_mock/clock", json={"advance": 60})
    return {"submitted": submitted, **client.get(f"{TASKS}/{submitted['task_id']}").json()}


@pytest.mark.parametrize("slug", COSTS)
def test_the_example_is_estimated_and_charged_as_the_page_says(
    make_client: MakeClient, slug: str
) -> None:
    client = make_client(models=ALL)
    task = looked_at(client, slug)

    assert task["submitted"]["cost_estimate"] == float(COSTS[slug])
    assert task["cost_actual"] == float(COSTS[slug])
    assert client.get("/_mock/ledger").json()["charged"] == COSTS[slug]
    assert [*task["output"]] == [MODELS[slug].output]


@pytest.mark.parametrize("slug", sorted(COSTS))
def test_the_result_is_of_the_kind_and_shape_that_was_asked_for(
    make_client: MakeClient, slug: str
) -> None:
    client = make_client(models=ALL)
    (link,) = (each["url"] for each in looked_at(client, slug)["output"][MODELS[slug].output])
    with av.open(io.BytesIO(client.get(urlsplit(link).path).content)) as file:
        video = file.streams.video[0]
        if MODELS[slug].output == "images":
            assert (video.codec_context.name, video.width, video.height) == ("png", 2048, 2048)
            return
        lines = int(str(MODELS[slug].example.get("resolution", "1080p"))[:-1])
        seconds = MODELS[slug].fill(MODELS[slug].example)["duration"]
        assert min(video.width, video.height) == lines
        assert file.duration / av.time_base == seconds
        assert len(file.streams.audio) == MODELS[slug].example.get("audio", False)


def test_n_images_cost_n_times_as_much_and_are_n(make_client: MakeClient) -> None:
    task = looked_at(make_client(models=ALL), "wan2-7-image", n=3)

    assert task["cost_actual"] == 0.0729
    assert len({each["url"] for each in task["output"]["images"]}) == 3


def test_without_being_named_they_are_unknown_and_the_refusal_says_how_to_have_them(
    make_client: MakeClient,
) -> None:
    answer = make_client().post(TASKS, json={"model": "viduq3", "input": {"prompt": "x"}})

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_model")
    assert "--models viduq3 offers it" in answer.json()["error"]["message"]
