"""The fault matrix: a test once for each outcome and fault, and whether its client survives."""

import pytest

from mock_mindvideo.domain.script import parse
from mock_mindvideo.plugin.faults import FAULTS, chosen
from mock_mindvideo.plugin.options import OptionError
from tests.plugin.conftest import Run

#: A client that does everything right, and one place to spoil it.
CLIENT = """
HTTP = httpx.Client(timeout=30)  # one: each loads the system's certificates

class Problem(Exception):
    pass

def call(send, tries=6):
    for _ in range(tries):
        try:
            answer = send()
        except httpx.TransportError:
            time.sleep(1)
            continue
        if answer.status_code in (429, 500, 502, 503):
            time.sleep(int(answer.headers.get("retry-after", 1)))
            continue
        if answer.status_code >= 400:
            raise Problem(answer.text)
        try:
            return answer.json()
        except ValueError:
            time.sleep(1)
    raise Problem("unavailable")

def make_video(base=URL, key=KEY, headers={"Idempotency-Key": "order-1"}, every=5, deadline=600):
    short = INPUT | {"duration": 2}  # its clip is rendered soon
    body = {"model": "wan2-7-r2v", "input": short}
    task = call(lambda: HTTP.post(base, json=body, headers=key | headers))
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        found = call(lambda: HTTP.get(f"{base}/{task['task_id']}", headers=key))
        if found["status"] == "succeeded":
            link = found["output"]["videos"][0]["url"]
            file = HTTP.get(link)
            if file.status_code == 404:
                raise Problem("the link has expired")
            return file
        if found["status"] in ("failed", "cancelled"):
            raise Problem(found["status"])
        time.sleep(every)
    raise Problem("deadline")
"""

TEST = """
@pytest.mark.mindvideo_faults({words})
def test_client(mindvideo, mindvideo_fault):
    try:
        make_video({spoilt})
    except Problem:
        assert mindvideo_fault.outcome != "succeeded" or mindvideo_fault.expired_links
    else:
        assert mindvideo_fault.outcome == "succeeded"
"""

STREAMS = {"cut-stream", "duplicate-event", "silent-stream"}


def suite(words: str = "", spoilt: str = "") -> str:
    return CLIENT + TEST.format(words=words, spoilt=spoilt)


def failed(result: pytest.RunResult) -> set[str]:
    """The cases that a client did not survive."""
    lines = (line for line in result.outlines if line.startswith("FAILED "))
    return {line.partition("[")[2].partition("]")[0] for line in lines}


def test_every_script_of_the_matrix_can_be_read() -> None:
    assert [parse(script).text for case in FAULTS.values() for script in case.scripts]


@pytest.mark.slow
def test_a_client_that_does_all_right_survives_everything(run: Run) -> None:
    result = run(suite(), "-v", "-rs")

    result.assert_outcomes(passed=len(FAULTS) - len(STREAMS), skipped=len(STREAMS))
    ids = {line.partition("[")[2].partition("]")[0] for line in result.outlines if "::" in line}
    assert set(FAULTS) <= ids
    result.stdout.fnmatch_lines(["*SKIPPED*no request met it: cut=1*"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoilt", "cases", "told"),
    [
        ("headers={}", {"lost-answer", "malformed-submit", "truncated-submit"},
         "2 tasks were made, and each is paid for; expected 1 at most"),
        ("every=0.5", None, "polled impatiently"),
    ],
)  # fmt: skip
def test_a_client_that_pays_twice_or_hurries_is_found(
    run: Run, spoilt: str, cases: set[str] | None, told: str
) -> None:
    result = run(suite("without=['cut-stream', 'duplicate-event', 'silent-stream']", spoilt))

    found = failed(result)
    assert found == cases if cases is not None else len(found) > 10
    assert any(told in line for line in result.outlines)
    assert "requests (virtual time):" in result.outlines


def test_a_client_that_asks_on_after_the_end_is_found(run: Run) -> None:
    asks_on = CLIENT.replace(
        "            return file\n",
        "            time.sleep(9)\n"
        "            HTTP.get(f\"{base}/{task['task_id']}\", headers=key)\n"
        "            return file\n",
    )
    test = TEST.format(words="only=['succeeded', 'failed']", spoilt="")
    result = run(asks_on + test)
    assert failed(result) == {"succeeded"}
    assert "succeeded: it asked on after the end" in result.outlines

    changed = TEST.format(words="only='succeeded', after_end=True", spoilt="")
    run(asks_on + changed).assert_outcomes(passed=1)


def test_what_surviving_means_can_be_changed(run: Run) -> None:
    hasty = "only='succeeded', polite=0.1"
    run(suite(hasty, "every=0.5")).assert_outcomes(passed=1)
    run(suite("only='lost-answer', tasks=2", "headers={}")).assert_outcomes(passed=1)

    own = (
        suite("only=['succeeded', 'failed']")
        + """
class OnlyCheap:
    tasks, polite, after_end = 1, None, False

@pytest.fixture
def mindvideo_survival():
    from mock_mindvideo.plugin.faults import Survival
    return Survival(polite=100)
"""
    )
    assert failed(run(own)) == {"succeeded", "failed"}


@pytest.mark.slow
def test_the_fault_matrix_runs_with_a_live_server_too(run: Run) -> None:
    live = suite("without=['cut-stream', 'duplicate-event', 'silent-stream']").replace(
        "def test_client(mindvideo,", "def test_client(mindvideo_live,"
    )
    live = live.replace(
        "make_video()",
        "make_video(mindvideo_live.base_url + '/api/v1/tasks',"
        " {'Authorization': f'Bearer {mindvideo_live.api_key}'})",
    )
    result = run(live)
    assert failed(result) == set()
    result.assert_outcomes(passed=len(FAULTS) - len(STREAMS))


def test_async_clients_and_other_parameters_go_with_it(run: Run) -> None:
    result = run(
        """
@pytest.mark.anyio
@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.mindvideo_faults(only=["stuck", "rate-limited-poll", "lost-answer"])
async def test_client(mindvideo, mindvideo_fault, size):
    async with httpx.AsyncClient(headers=KEY, timeout=30) as client:
        body = {"model": "wan2-7-r2v", "input": INPUT}
        for _ in range(3):
            try:
                answer = await client.post(URL, json=body, headers={"Idempotency-Key": size})
                break
            except httpx.TransportError:
                await asyncio.sleep(1)
        task = answer.json()["task_id"]
        for _ in range(60):
            answer = await client.get(f"{URL}/{task}")
            if answer.status_code == 429:
                await asyncio.sleep(int(answer.headers["retry-after"]))
                continue
            if answer.json()["status"] == "succeeded":
                break
            await asyncio.sleep(10)
        stuck = mindvideo_fault.outcome == "stuck"
        assert answer.json()["status"] == ("processing" if stuck else "succeeded")
        assert mindvideo_fault.name in ("stuck", "rate-limited-poll", "lost-answer")

@pytest.fixture
def anyio_backend():
    return "asyncio"
""",
        "-panyio.pytest_plugin",
    )
    result.assert_outcomes(passed=6)


def test_a_client_of_event_streams_meets_their_faults(run: Run) -> None:
    result = run(
        """
@pytest.mark.mindvideo_faults(only=["cut-stream", "duplicate-event", "silent-stream"])
def test_client(mindvideo, mindvideo_fault):
    body = {"model": "wan2-7-r2v", "input": INPUT}
    task = httpx.post(URL, json=body, headers=KEY).json()["task_id"]
    last, seen = "", []
    while "succeeded" not in seen:
        headers = KEY | ({"Last-Event-ID": last} if last else {})
        with httpx.stream("GET", f"{URL}/{task}/events", headers=headers, timeout=60) as stream:
            for line in stream.iter_lines():
                if line.startswith("id:"):
                    last = line[3:].strip()
                if line.startswith("data:"):
                    seen += [word for word in ("succeeded",) if word in line]
"""
    )
    result.assert_outcomes(passed=3)


@pytest.mark.slow
def test_workers_of_xdist_share_the_matrix(run: Run) -> None:
    run(
        suite("only=['succeeded', 'failed', 'cancelled', 'stuck']"), "-pxdist.plugin", "-n", "2"
    ).assert_outcomes(passed=4)


def test_a_selection_is_checked() -> None:
    assert [each.name for each in chosen("stuck")] == ["stuck"]
    assert "stuck" not in {each.name for each in chosen(without=["stuck"])}
    with pytest.raises(OptionError, match=r"there is no fault 'stuk' \(did you mean 'stuck'\?\)"):
        chosen("stuk")
    with pytest.raises(OptionError, match="nothing is left"):
        chosen("stuck", "stuck")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@pytest.mark.mindvideo_faults\ndef test():\n    pass\n",
         "needs the fixture mindvideo or mindvideo_live"),
        ("@pytest.mark.mindvideo_faults(onyl='x')\ndef test(mindvideo):\n    pass\n",
         "unknown option 'onyl' (did you mean 'only'?)"),
        ("@pytest.mark.mindvideo_faults('x')\ndef test(mindvideo):\n    pass\n",
         "it takes keyword arguments only"),
        ("import unittest\nclass Tests(unittest.TestCase):\n    @pytest.mark.mindvideo_faults\n"
         "    def test(self):\n        pass\n",
         "cannot repeat a method of unittest.TestCase"),
        ("def test(mindvideo_fault):\n    pass\n",
         "mindvideo_fault needs @pytest.mark.mindvideo_faults"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_can(run: Run, text: str, told: str) -> None:
    result = run(text)

    assert any(told in line for line in [*result.outlines, *result.errlines])
    assert result.ret != 0


@pytest.mark.parametrize("door", ["mindvideo", "mindvideo_live"])
def test_links_can_be_made_to_expire(run: Run, door: str) -> None:
    run(
        f"""
def test({door}):
    with {door}.client(timeout=60) as client:  # its clip is rendered
        body = {{"model": "wan2-7-r2v", "input": INPUT | {{"duration": 2}}}}
        task = client.post("/api/v1/tasks", json=body).json()["task_id"]
        {door}.succeed()
        link = client.get(f"/api/v1/tasks/{{task}}").json()["output"]["videos"][0]["url"]
        assert client.get(link).status_code == 200
        {door}.expire_links()
        assert client.get(link).status_code == 404
"""
    ).assert_outcomes(passed=1)
