"""As much of Docker's HTTP API as a client of it needs to run our image, without Docker.

A container is the server as a process, with the variables that the client and the image give it, on
a free port that stands for the one that is published. The clients are real.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from mock_mindvideo.settings import PREFIX
from tests.packaging.deployed import image_environment
from tests.ports import free_port

VERSION = {"Version": "28.0.0", "ApiVersion": "1.48", "MinAPIVersion": "1.24", "Os": "linux"}
INFO = {"OperatingSystem": "here", "OSType": "linux", "Architecture": "x86_64", "NCPU": 1}
INFO |= {"ServerVersion": "28.0.0", "Labels": [], "MemTotal": 1 << 30}


class Box:
    """One container."""

    def __init__(self, wanted: dict[str, Any], name: str) -> None:
        self.id = uuid4().hex * 2
        self.wanted = wanted
        self.name = name
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        given = dict(each.split("=", 1) for each in self.wanted.get("Env") or [])
        own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        image = image_environment() | {f"{PREFIX}STORE": "memory:", f"{PREFIX}PORT": str(self.port)}
        command = [sys.executable, "-m", "mock_mindvideo", *(self.wanted.get("Cmd") or ["serve"])]
        self.process = subprocess.Popen(
            command, env=own | image | given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)

    def shown(self) -> dict[str, Any]:
        published = {"HostIp": "0.0.0.0", "HostPort": str(self.port)}  # noqa: S104 - only told
        ports = {each: [published] for each in self.wanted.get("ExposedPorts") or {}}
        state = {"Status": "running" if self.running else "exited", "Running": self.running}
        state |= {"StartedAt": "2026-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z"}
        network = {"Gateway": "172.17.0.1", "IPAddress": "172.17.0.2", "NetworkID": "bridge"}
        return {
            "Id": self.id,
            "Name": f"/{self.name}",
            "Image": self.wanted["Image"],
            "Config": self.wanted | {"Hostname": self.id[:12], "Labels": {}},
            "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}},
            "State": state,
            "NetworkSettings": {"Ports": ports, "Networks": {"bridge": network}, **network},
        }


class Engine:
    """The containers of one engine; `asked` are the images that it was asked to run."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.asked: list[str] = []
        self._routes: list[tuple[str, Callable[..., tuple[int, Any]]]] = [
            (r"(GET|HEAD) /_ping", lambda method: (200, "OK")),
            (r"GET /version", lambda: (200, VERSION)),
            (r"GET /info", lambda: (200, INFO)),
            (r"GET /images/(.+)/json", lambda name: (200, {"Id": "sha256:0", "RepoTags": [name]})),
            (r"POST /containers/create", self._create),
            (r"GET /containers/json", lambda: (200, [])),
            (r"POST /containers/(\w+)/start", self._start),
            (r"GET /containers/(\w+)/json", lambda box: (200, self.boxes[box].shown())),
            (r"GET /containers/(\w+)/logs", lambda box: (200, "")),
            (r"POST /containers/(\w+)/(?:stop|kill)", self._stop),
            (r"DELETE /containers/(\w+)", self._remove),
        ]

    def answer(self, asked: str, body: Any) -> tuple[int, Any]:
        """Status and body for `METHOD /path`."""
        for pattern, handler in self._routes:
            found = re.fullmatch(pattern, asked)
            if found is not None:
                return handler(*found.groups(), **({"body": body} if body is not None else {}))
        return 404, {"message": f"no such thing here: {asked}"}

    def _create(self, body: dict[str, Any]) -> tuple[int, Any]:
        box = Box(body, "mock")
        self.boxes[box.id] = box
        self.asked.append(body["Image"])
        return 201, {"Id": box.id, "Warnings": []}

    def _start(self, box: str, body: object = None) -> tuple[int, Any]:
        self.boxes[box].start()
        return 204, ""

    def _stop(self, box: str, body: object = None) -> tuple[int, Any]:
        self.boxes[box].stop()
        return 204, ""

    def _remove(self, box: str) -> tuple[int, Any]:
        self.boxes.pop(box).stop()
        return 204, ""


@contextmanager
def docker_engine() -> Iterator[tuple[Engine, dict[str, str]]]:
    """An engine that listens, and the variables by which clients find it."""
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        """Reads one request of a client, without the version in its path."""

        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = re.sub(r"^/v1\.\d+", "", unquote(urlsplit(self.path).path))
            status, shown = engine.answer(
                f"{self.command} {path}", json.loads(raw) if raw else None
            )
            sent = shown.encode() if isinstance(shown, str) else json.dumps(shown).encode()
            self.send_response(status)
            self.send_header("Api-Version", "1.48")
            kind = "text/plain" if isinstance(shown, str) else "application/json"
            self.send_header("Content-Type", kind)
            if status != 204:
                self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(sent)

        do_GET = do_POST = do_DELETE = do_HEAD = _handle  # noqa: N815 - the base class says so

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        found = {
            "DOCKER_HOST": f"tcp://127.0.0.1:{server.server_port}",
            "TESTCONTAINERS_CONNECTION_MODE": "docker_host",  # though this may be a container
            "TESTCONTAINERS_RYUK_DISABLED": "true",
        }
        try:
            yield engine, found
        finally:
            server.shutdown()
            thread.join()
            for box in engine.boxes.values():
                box.stop()
