"""Tests with nothing but the standard library's own runner."""

# ruff: noqa: PT009 - it is what such suites say

import importlib.util
import unittest

import httpx

import mock_mindvideo

URL = "https://api.mindvideo.ai/api/v1/tasks"
KEY = {"Authorization": "Bearer mv_live_xxx"}
BODY = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a cat", "video_urls": ["https://example.com/cat.mp4"]},
}


class Tests(mock_mindvideo.MindVideoMixin, unittest.TestCase):
    """A world for each test."""

    mindvideo_options = {"strict": True, "credit": "1"}  # noqa: RUF012

    def test_there_is_no_pytest(self):
        self.assertIsNone(importlib.util.find_spec("pytest"))

    def test_a_task_is_made(self):
        self.assertEqual(httpx.post(URL, json=BODY, headers=KEY).status_code, 200)
        self.mindvideo.assert_requested("POST /api/v1/tasks", exactly=BODY)

    def test_it_is_alone_in_its_world(self):
        self.assertEqual(self.mindvideo.tasks, ())


class Live(mock_mindvideo.LiveMindVideoMixin, unittest.IsolatedAsyncioTestCase):
    """A server, and coroutines."""

    async def test_a_task_is_made(self):
        async with self.mindvideo.async_client() as client:
            answer = await client.post("/api/v1/tasks", json=BODY)
        self.assertEqual([task.id for task in self.mindvideo.tasks], [answer.json()["task_id"]])


@mock_mindvideo.mock(script="status=503")
def decorated(mindvideo):
    return httpx.post(URL, json=BODY, headers=KEY).status_code, len(mindvideo.requests)


class Decorated(unittest.TestCase):
    """The decorator."""

    def test_a_function(self):
        self.assertEqual(decorated(), (503, 1))
