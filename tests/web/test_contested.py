"""A side that is taken where sources differ is seen by a client."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example

VIDEO = {"image_with_roles": [], "video_urls": ["https://example.com/a.mp4#t=0,4"]}


def submitted(client: TestClient, **changes: Any) -> Any:
    given = {name: each for name, each in example(**changes)["input"].items() if each != []}
    return client.post(TASKS, json={"model": "wan2-7-r2v", "input": given})


@pytest.mark.parametrize(
    ("side", "cost"), [("video-input=free", 0.6165), ("video-input=billed", 1.1097)]
)
def test_seconds_of_reference_videos_are_free_or_billed(
    make_client: MakeClient, side: str, cost: float
) -> None:
    client = make_client(contested=(side,))

    assert submitted(client, **VIDEO).json()["cost_estimate"] == cost
    assert submitted(client).json()["cost_estimate"] == 0.6165


@pytest.mark.parametrize(
    ("side", "status"), [("first-frame=enough", 200), ("first-frame=not-enough", 422)]
)
def test_a_first_frame_alone_is_taken_or_refused(
    make_client: MakeClient, side: str, status: int
) -> None:
    client = make_client(contested=(side,))
    frame = {"url": "https://example.com/a.jpg", "role": "first_frame"}

    assert submitted(client, image_with_roles=[frame]).status_code == status
    assert submitted(client, image_with_roles=[frame], video_urls=["https://a"]).status_code == 200
    both = [frame, frame | {"role": "reference_image"}]
    assert submitted(client, image_with_roles=both).status_code == 200


@pytest.mark.parametrize(("side", "hours"), [("links=24h", 24), ("links=72h", 72)])
def test_a_link_lasts_so_many_hours(make_client: MakeClient, side: str, hours: int) -> None:
    client = make_client(contested=(side,), progress="polls")
    task_id = submitted(client, duration=2).json()["task_id"]
    for _ in range(3):
        task = client.get(f"{TASKS}/{task_id}").json()
    link = urlsplit(task["output"]["videos"][0]["url"]).path

    client.post("/_mock/clock", json={"advance": hours * 3600 - 60})
    assert client.get(link).status_code == 200
    client.post("/_mock/clock", json={"advance": 120})
    assert client.get(link).status_code == 404
