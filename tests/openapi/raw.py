"""HTTP written by hand, for what no client sends."""

import socket
from urllib.parse import urlsplit

import httpx2


def exchange(url: str, request: bytes) -> httpx2.Response:
    """What a server answers to raw bytes."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as reader:
            head, _, body = reader.read().partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return httpx2.Response(int(status.split()[1]), headers=headers, content=body)
