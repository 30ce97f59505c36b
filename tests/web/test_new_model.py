"""A new model is a folder of files: validated, priced, answered and documented without Python."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.web.reload import concerns
from tests.conftest import TASKS, MakeClient

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string", "minLength": 1},
        "size": {"$ref": "#/$defs/ratio", "default": "1:1"},
        "resolution": {"enum": ["2K", "4K"], "default": "2K"},
        "n": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
        "style": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "pattern": "^[a-z]+$"},
                "inner": {"$ref": "#/properties/style"},
            },
            "additionalProperties": False,
        },
        "source": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["id"]}]},
    },
    "additionalProperties": False,
    "$defs": {"ratio": {"enum": ["1:1", "16:9"]}},
}
FILES: dict[str, Any] = {
    "model.json": {
        "slug": "paint-1",
        "title": "Paint",
        "output": "images",
        "example": {"prompt": "a fox", "style": {"name": "ink", "inner": {"name": "oil"}}, "n": 2},
    },
    "input.schema.json": SCHEMA,
    "pricing.json": {
        "currency": "USD",
        "quantity": "n",
        "charge_on": ["succeeded"],
        "rates": [
            {"when": {"resolution": "4K"}, "price": "0.05", "fidelity": "invented"},
            {"when": {}, "price": "0.0243", "fidelity": "inferred"},
        ],
    },
}


def write(folder: Path, files: dict[str, Any]) -> Path:
    """A --schemas folder with that one model."""
    model = folder / "models" / "paint-1"
    model.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (model / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def painter(make_client: MakeClient, tmp_path: Path) -> TestClient:
    """A client of a mock that has the image model too."""
    return make_client(schemas=(write(tmp_path, FILES),))


def paint(client: TestClient, **given: Any) -> Any:
    return client.post(TASKS, json={"model": "paint-1", "input": {"prompt": "a fox"} | given})


@pytest.mark.parametrize(
    ("given", "cost"), [({}, 0.0243), ({"n": 3}, 0.0729), ({"resolution": "4K", "n": 4}, 0.2)]
)
def test_its_price_comes_from_its_file(
    painter: TestClient, given: dict[str, Any], cost: float
) -> None:
    assert paint(painter, **given).json()["cost_estimate"] == cost


@pytest.mark.parametrize(
    ("given", "pointer", "keyword"),
    [
        ({"size": "4:3"}, "/input/size", "enum"),
        (
            {"style": {"name": "ink", "inner": {"name": "Oil"}}},
            "/input/style/inner/name",
            "pattern",
        ),
        ({"source": 5}, "/input/source", "oneOf"),
        ({"n": 5}, "/input/n", "maximum"),
        ({"style": {}}, "/input/style", "required"),
    ],
)
def test_its_rules_come_from_its_schema(
    painter: TestClient, given: dict[str, Any], pointer: str, keyword: str
) -> None:
    details = paint(painter, **given).json()["error"]["details"]
    assert [(detail["pointer"], detail["keyword"]) for detail in details] == [(pointer, keyword)]


def test_a_new_image_model_answers_with_images_that_open(painter: TestClient) -> None:
    task_id = paint(painter, n=2, size="16:9").json()["task_id"]
    painter.post("/_mock/clock", json={"advance": 20})
    images = painter.get(f"{TASKS}/{task_id}").json()["output"]["images"]
    files = [painter.get(image["url"]) for image in images]
    assert [file.headers["Content-Type"] for file in files] == ["image/png"] * 2
    width, height = (int.from_bytes(files[0].content[at : at + 4]) for at in (16, 20))
    assert (width, height) == (2560, 1440)
    assert files[0].content != files[1].content


def test_a_new_model_is_in_the_openapi_document_and_the_list_of_models(painter: TestClient) -> None:
    assert "paint-1" in painter.get("/_mock/openapi.json").text
    slugs = [model["slug"] for model in painter.get("/_mock/models").json()["models"]]
    assert slugs == ["wan2-7-r2v", "paint-1"]


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(
    painter: TestClient, tmp_path: Path
) -> None:
    reloader = painter.app.reloader  # type: ignore[attr-defined]
    dearer = json.loads(json.dumps(FILES["pricing.json"]))
    dearer["rates"][1]["price"] = "1.5"
    write(tmp_path, {"pricing.json": dearer})
    reloader.reload()
    assert paint(painter).json()["cost_estimate"] == 1.5
    write(tmp_path, {"pricing.json": {"rates": []}})
    reloader.reload()
    health = painter.get("/_mock/health").json()
    assert health["status"] == "degraded"
    assert "pricing.json#" in health["schemas_problem"]
    assert paint(painter).json()["cost_estimate"] == 1.5, "the last good version stays"
    write(tmp_path, {"pricing.json": FILES["pricing.json"]})
    reloader.reload()
    assert painter.get("/_mock/health").json()["status"] == "ok"


def test_a_log_or_a_database_that_grows_among_the_schemas_is_no_change_of_them() -> None:
    for name in ("server.log", "mock.db", "mock.db-wal", "schemas/out.txt", "input.schema.json~"):
        assert not concerns(f"/srv/schemas/{name}")
    for name in ("models/wan2-7-r2v", "models/wan2-7-r2v/pricing.json", "platform/http.json"):
        assert concerns(f"/srv/schemas/{name}")
