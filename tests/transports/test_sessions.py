"""What people do with each library's sessions works in process as over a network."""

import asyncio
import gzip
import http.client
import io
import json
import ssl
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import requests.adapters
import urllib3

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from tests.conftest import AUTH, TASKS, example
from tests.transports.clients import Client

HOST = "https://api.mindvideo.ai"
URL = HOST + TASKS
BODY = json.dumps(example()).encode()
JSON = {**AUTH, "Content-Type": "application/json"}


def pieces() -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    for start in range(0, len(BODY), 100):
        yield BODY[start : start + 100]


# Every library.


def test_head_has_no_body(client: Client, mindvideo: MindVideo) -> None:
    task_id = client.submit(example())
    answer = client.request("HEAD", f"{TASKS}/{task_id}")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_multipart_upload_arrives_and_a_part_of_it_can_be_asked_for(
    client: Client, mindvideo: MindVideo
) -> None:
    body, kind = urllib3.encode_multipart_formdata({"file": ("cat.png", PNG, "image/png")})
    headers = {"Content-Type": kind, "Host": "localhost"}  # the control plane is for this machine
    answer = client.request("POST", "/_mock/uploads", content=body, headers=headers)
    assert answer.status_code < 300, answer.content
    url = answer.json()["url"]
    assert client.request("GET", url).content == PNG
    part = client.request("GET", url, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, PNG[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(PNG)}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # aiohttp's advice
def test_a_body_that_is_too_large_is_refused(client: Client, mindvideo: MindVideo) -> None:
    body = b'{"model": "' + b"x" * (11 * 1024 * 1024) + b'"}'
    answer = client.request(
        "POST", TASKS, content=body, headers={"Content-Type": JSON["Content-Type"]}
    )
    assert answer.status_code == 413


def test_a_dripping_answer_arrives_whole(client: Client, mindvideo: MindVideo) -> None:
    mindvideo.script("drip=100; times=1")
    answer = client.request("POST", TASKS, json=example(), timeout=60)
    assert answer.json()["task_id"] == mindvideo.tasks[0].id


def test_an_answer_that_breaks_off_is_the_librarys_own_exception(
    client: Client, mindvideo: MindVideo
) -> None:
    mindvideo.script("truncate=40; method=GET")
    task_id = client.submit(example())
    with pytest.raises(client.broken):
        client.request("GET", f"{TASKS}/{task_id}")


def test_a_submit_leaves_no_warning_behind(client: Client, mindvideo: MindVideo) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.submit(example())


# requests and urllib3.


def test_requests_sends_what_it_can(mindvideo: MindVideo) -> None:
    with requests.Session() as session:
        session.headers.update(JSON)
        for body in (BODY, pieces(), io.BytesIO(BODY)):
            assert session.post(URL, data=body, timeout=5).status_code == 200
    assert len(mindvideo.tasks) == 3


def test_urllib3_keeps_its_connection(mindvideo: MindVideo) -> None:
    with urllib3.PoolManager() as manager:
        for _ in range(3):
            manager.request("POST", URL, json=example(), headers=AUTH)
        pool: Any = manager.connection_from_url(URL)
        assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_retries_of_an_adapter_happen_below_it(mindvideo: MindVideo) -> None:
    mindvideo.script("status=503; times=2")
    retries = urllib3.Retry(total=3, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    with requests.Session() as session:
        session.mount(HOST, requests.adapters.HTTPAdapter(max_retries=retries))
        answer = session.post(URL, json=example(), headers=AUTH, timeout=5)
    assert answer.status_code == 200
    mindvideo.assert_requested("POST /api/v1/tasks", times=3)


def test_retries_survive_lost_answers(mindvideo: MindVideo) -> None:
    mindvideo.script("drop@after-commit; times=2")
    retries = urllib3.Retry(total=3, allowed_methods=None, backoff_factor=0)
    with urllib3.PoolManager(retries=retries) as pool:
        headers = {**AUTH, "Idempotency-Key": "order-1"}
        answer = pool.request("POST", URL, json=example(), headers=headers)
    assert answer.json()["task_id"] == mindvideo.tasks[0].id
    assert len(mindvideo.tasks) == 1


def test_hooks_and_raise_for_status_see_the_answer(mindvideo: MindVideo) -> None:
    seen: list[int] = []
    with requests.Session() as session:
        session.hooks["response"].append(lambda answer, **_: seen.append(answer.status_code))
        with pytest.raises(requests.HTTPError):
            session.get(f"{URL}/task_x", headers=AUTH, timeout=5).raise_for_status()
    assert seen == [404]


def test_urllib3_does_not_warn_of_a_connection_unless_it_would_over_a_network(
    mindvideo: MindVideo,
) -> None:
    requests.get(URL, headers=AUTH, timeout=5)
    with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
        requests.get(URL, headers=AUTH, timeout=5, verify=False)  # noqa: S501 - it is what is shown


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_is_not_asked(scheme: str, mindvideo: MindVideo) -> None:
    url, proxies = (
        URL.replace("https", scheme),
        dict.fromkeys(("http", "https"), "http://proxy.invalid:3128"),
    )
    with requests.Session() as session:
        session.proxies.update(proxies)
        assert session.post(url, json=example(), headers=AUTH, timeout=5).status_code == 200
    with urllib3.ProxyManager("http://proxy.invalid:3128") as pool:
        assert pool.request("POST", url, json=example(), headers=AUTH).status == 200
    with httpx.Client(proxy="http://proxy.invalid:3128") as client:
        assert client.post(url, json=example(), headers=AUTH).status_code == 200
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    with opener.open(urllib.request.Request(url, BODY, JSON)) as answer:
        assert answer.status == 200


def test_a_session_goes_on_into_the_next_world() -> None:
    with requests.Session() as session, httpx.Client() as client:
        for name in ("one", "two"):
            with embedded_world(name, Options()) as world:
                session.post(URL, json=example(), headers=AUTH, timeout=5)
                client.post(URL, json=example(), headers=AUTH)
                assert len(world.tasks) == 2


def test_a_subclass_that_dials_in_a_way_of_its_own_is_answered(mindvideo: MindVideo) -> None:
    class Connection(http.client.HTTPSConnection):
        def connect(self) -> None:
            raise AssertionError("it dials")

    with closing(Connection("api.mindvideo.ai", context=ssl.create_default_context())) as mine:
        mine.request("POST", TASKS, BODY, JSON)
        assert mine.getresponse().status == 200


def test_http_client_sends_a_request_piece_by_piece(mindvideo: MindVideo) -> None:
    with closing(http.client.HTTPSConnection("api.mindvideo.ai")) as connection:
        for _ in range(2):
            connection.putrequest("POST", TASKS)
            for name, value in {**JSON, "Transfer-Encoding": "chunked"}.items():
                connection.putheader(name, value)
            connection.endheaders(pieces(), encode_chunked=True)
            with connection.getresponse() as answer:
                assert json.load(answer)["task_id"]


# aiohttp.


async def pieces_later() -> Any:
    for piece in pieces():
        await asyncio.sleep(0)
        yield piece


def test_aiohttp_sends_what_it_can(mindvideo: MindVideo) -> None:
    async def main() -> list[int]:
        async with aiohttp.ClientSession(headers=JSON) as session:
            found = []
            for body in (BODY, pieces_later(), io.BytesIO(BODY)):
                async with session.post(URL, data=body) as answer:
                    found.append(answer.status)
            async with session.post(URL, data=BODY, expect100=True) as answer:
                found.append(answer.status)
            async with session.post(
                URL, data=gzip.compress(BODY), headers={"Content-Encoding": "gzip"}
            ) as answer:
                found.append(answer.status)
        return found

    assert asyncio.run(main()) == [200, 200, 200, 200, 415]


def test_aiohttp_is_not_told_to_continue_where_the_answer_is_known(mindvideo: MindVideo) -> None:
    async def main() -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(URL, data=BODY, headers={"X-Any": "1"}, expect100=True) as answer,
        ):
            return answer.status

    assert asyncio.run(main()) == 401


def test_aiohttps_trace_hooks_are_called(mindvideo: MindVideo) -> None:
    told: list[str] = []
    trace = aiohttp.TraceConfig()

    def note(name: str) -> Any:
        async def noted(*_: Any) -> None:
            told.append(name)

        return noted

    for name in (
        "request_start",
        "connection_create_start",
        "connection_create_end",
        "connection_reuseconn",
        "response_chunk_received",
        "request_end",
    ):
        getattr(trace, f"on_{name}").append(note(name))

    async def main() -> None:
        async with aiohttp.ClientSession(trace_configs=[trace], headers=AUTH) as session:
            for _ in range(2):
                async with session.get(f"{URL}/task_x") as answer:
                    await answer.read()

    asyncio.run(main())
    made = ["connection_create_start", "connection_create_end"]
    rest = ["request_end", "response_chunk_received"]
    assert told == ["request_start", *made, *rest, "request_start", "connection_reuseconn", *rest]


def test_an_aiohttp_session_goes_on_into_the_next_world() -> None:
    async def main() -> None:
        async with aiohttp.ClientSession(headers=AUTH) as session:
            for name in ("one", "two"):
                with embedded_world(name, Options()) as world:
                    for _ in range(2):
                        async with session.post(URL, json=example()) as answer:
                            assert answer.status == 200
                    assert len(world.tasks) == 2

    asyncio.run(main())


def test_a_stream_of_aiohttp_that_is_left_frees_its_place(mindvideo: MindVideo) -> None:
    assert mindvideo.app is not None
    streams = mindvideo.app.open_streams

    async def main() -> None:
        connector = aiohttp.TCPConnector(limit=1)
        async with aiohttp.ClientSession(headers=AUTH, connector=connector) as session:
            async with session.post(URL, json=example()) as answer:
                task_id = (await answer.json())["task_id"]
            for _ in range(2):
                async with session.get(f"{URL}/{task_id}/events") as answer:
                    await answer.content.readline()
                    assert len(streams) == 1
                assert len(streams) == 0
            async with session.get(f"{URL}/{task_id}/events") as answer:
                assert (await answer.text()).count("event: ") == 3

    asyncio.run(main())


def test_a_total_timeout_of_aiohttp_counts_the_whole_stream(mindvideo: MindVideo) -> None:
    mindvideo.script("heartbeats=40; times=1")

    async def main() -> None:
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(headers=AUTH, timeout=timeout) as session:
            async with session.post(URL, json=example()) as answer:
                task_id = (await answer.json())["task_id"]
            async with session.get(f"{URL}/{task_id}/events") as answer:
                await answer.read()

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def test_cancelling_a_request_of_aiohttp_ends_it(mindvideo: MindVideo) -> None:
    async def main() -> None:
        async with aiohttp.ClientSession(headers=AUTH) as session:
            with mindvideo.hold("commit") as gate:
                first = asyncio.create_task(session.post(URL, json=example()))
                await asyncio.to_thread(gate.wait)
                first.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await first
            async with session.get(f"{URL}/task_x") as answer:
                assert answer.status == 404

    asyncio.run(main())
    assert len(mindvideo.tasks) == 1


def test_many_requests_of_aiohttp_at_once_are_each_answered(mindvideo: MindVideo) -> None:
    async def main() -> set[int]:
        async with aiohttp.ClientSession(headers=AUTH) as session:

            async def one() -> int:
                async with session.post(URL, json=example()) as answer:
                    return answer.status

            return set(await asyncio.gather(*(one() for _ in range(150))))

    assert asyncio.run(main()) == {200}
    assert len(mindvideo.tasks) == 150


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000"
    "0003010100c9fe92ef0000000049454e44ae426082"
)
