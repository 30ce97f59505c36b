"""A pool of threads, bounded by a limiter that sleeps while it is held, with a heartbeat beside."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import requests
import tenacity

POOL = ThreadPoolExecutor(4)


class Limiter:
    """One request a second."""

    def __init__(self, sleep=sleep):
        self._lock = threading.Lock()
        self._sleep = sleep
        self._next = 0.0

    def wait(self):
        """Until the next one may be sent."""
        with self._lock:
            if (left := self._next - monotonic()) > 0:
                self._sleep(left)
            self._next = monotonic() + 1


class Worker:
    """Makes videos on the server at `url`."""

    def __init__(self, url, key, budget=600):
        self.url = url
        self.headers = {"Authorization": f"Bearer {key}"}
        self.budget = budget
        self.beats = 0
        self._limiter = Limiter()
        self._over = threading.Event()

    def beat(self):
        """Once a minute, until the end."""
        while not self._over.wait(60):
            self.beats += 1

    def make(self, prompts):
        """The last status of each."""
        heart = threading.Thread(target=self.beat, daemon=True)
        heart.start()
        jobs = {prompt: POOL.submit(self._make, prompt) for prompt in prompts}
        ended = {prompt: job.result(timeout=2 * self.budget) for prompt, job in jobs.items()}
        self._over.set()
        heart.join()
        return ended

    def _make(self, prompt):
        given = {"prompt": prompt, "video_urls": ["https://example.com/cat.mp4"]}
        task_id = self._ask("POST", "", {"model": "wan2-7-r2v", "input": given})["task_id"]
        poll = tenacity.Retrying(
            stop=tenacity.stop_after_delay(self.budget),
            wait=tenacity.wait_fixed(5),
            retry=tenacity.retry_if_result(lambda status: status in ("queued", "processing")),
            retry_error_callback=lambda _: "timeout",
        )
        return poll(lambda: self._ask("GET", f"/{task_id}")["status"])

    def _ask(self, method, path, body=None):
        self._limiter.wait()
        url = f"{self.url}/api/v1/tasks{path}"
        return requests.request(method, url, json=body, headers=self.headers, timeout=10).json()
