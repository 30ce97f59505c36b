"""The shop's own suite."""

import pytest
from fastapi.testclient import TestClient
from shop import app


@pytest.fixture
def shop(mindvideo):
    mindvideo.setenv()
    return TestClient(app)


def buy(shop):
    return shop.post("/orders/order-7", params={"prompt": "a cat"})


def test_an_order_is_a_video(shop, mindvideo):
    assert buy(shop).json()["url"].startswith("https://api.mindvideo.ai/")
    mindvideo.assert_requested("POST https://api.mindvideo.ai/api/v1/tasks", times=1)
    mindvideo.assert_charged_once()


def test_a_refused_picture_is_told_to_the_buyer(shop, mindvideo):
    mindvideo.next_task(outcome="failed", error="content_policy")
    assert buy(shop).status_code == 502
    mindvideo.assert_charged(0)


@pytest.mark.mindvideo_faults(
    without=["cut-stream", "duplicate-event", "silent-stream", "stuck", "slow-task"]
)
def test_the_shop_survives(shop, mindvideo, mindvideo_fault):
    answer = buy(shop)
    assert (answer.status_code == 200) == (mindvideo_fault.outcome == "succeeded")
