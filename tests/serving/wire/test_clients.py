"""Clients that nobody here wrote, which offer HTTP/2 or know only HTTP/1.0."""

import json
import subprocess
from pathlib import Path

import pytest

from mock_mindvideo import MockServer
from tests.conftest import TASKS, example

pytestmark = pytest.mark.slow

BODY = json.dumps(example())

JAVA = """
import java.net.URI;
import java.net.http.*;

public class Offer {
    public static void main(String[] given) throws Exception {
        var client = HttpClient.newHttpClient();
        for (int round = 0; round < 3; round++) {
            var request = HttpRequest.newBuilder(URI.create(given[0]))
                .header("Authorization", "Bearer mv_live_xxx")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(given[1])).build();
            System.out.println(
                client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }
}
"""


def said(*command: str) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(
    "how", [["--http1.0"], ["--http2"], ["--http1.1", "-H", "Transfer-Encoding: chunked"]]
)
def test_curl_submits_in_every_version_that_it_speaks(server: MockServer, how: list[str]) -> None:
    headers = ["-H", "Authorization: Bearer mv_live_xxx", "-H", "Content-Type: application/json"]
    shown = ["-s", "-o", "/dev/null", "-w", "%{http_code} %{http_version}"]
    assert said("curl", *how, *shown, *headers, "-d", BODY, server.url + TASKS) == ["200", "1.1"]


def test_javas_client_which_offers_http_2_each_time_submits(
    server: MockServer, tmp_path: Path
) -> None:
    source = tmp_path / "Offer.java"
    source.write_text(JAVA)
    assert said("java", str(source), server.url + TASKS, BODY) == ["200"] * 3
