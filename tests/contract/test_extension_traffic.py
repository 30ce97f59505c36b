"""Traffic with requests that a dialect adds is judged by the document of that dialect."""

from pathlib import Path

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.catalog import load
from mock_mindvideo.contract.traffic.checking import check_traffic
from mock_mindvideo.contract.traffic.reading import journal_exchanges
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.openapi import openapi
from tests.conftest import TASKS, client_of, example
from tests.platform.dialects import folder_for

KEY = {"Idempotency-Key": "order-1"}


@pytest.mark.parametrize("bodies", [None, {}])
def test_requests_for_extensions_are_no_submits(tmp_path: Path, bodies: object) -> None:
    folder = folder_for("extensions", tmp_path)
    client = client_of(create_app(Settings(progress="manual", schemas=(folder,))))
    task_id = client.post(TASKS, json=example(), headers=KEY).json()["task_id"]
    for method, path, sent in (
        ("POST", f"{TASKS}/{task_id}/cancel", bodies),
        ("POST", f"{TASKS}/{task_id}/cancel", bodies),
        ("GET", f"{TASKS}?page_size=1", None),
        ("GET", "/api/v1/balance", None),
        ("GET", "/api/v1/models", None),
        ("GET", f"{TASKS}/{task_id}", None),
    ):
        assert client.request(method, path, json=sent).status_code == 200
    recorded = journal_exchanges(client.get("/_mock/requests").json()["requests"])
    catalog = load((folder,))
    assert check_traffic(recorded, catalog, openapi(catalog, "http://127.0.0.1:8080")) == ()
