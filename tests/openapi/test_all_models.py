"""With every model of the platform the document says no less of each, and is no less sound."""

import pytest

from mock_mindvideo.catalog import every_model
from tests.openapi.contract import Contract
from tests.openapi.test_document import nodes

MODELS = every_model().models


def body(document: Contract, slug: str) -> dict[str, object]:
    return {"model": slug, "input": MODELS[slug].example}


@pytest.mark.parametrize("slug", MODELS)
def test_each_models_example_is_a_body_that_it_takes(of_all_models: Contract, slug: str) -> None:
    schema = {"$ref": "#/components/schemas/CreateTask"}
    validator = of_all_models.validator(schema)

    assert validator.is_valid(body(of_all_models, slug))
    assert not validator.is_valid({"model": slug, "input": {"prompt": 1}})
    assert not validator.is_valid({"model": f"{slug}-none", "input": MODELS[slug].example})


def test_each_behaviour_that_a_member_names_is_told(of_all_models: Contract) -> None:
    told = of_all_models.document["x-behaviours"]
    named = {each for node in nodes(of_all_models.document) for each in node.get("x-fidelity", ())}

    assert named <= told.keys()
    assert {"I30", "I39"} <= named


def test_every_reference_leads_somewhere_in_it(of_all_models: Contract) -> None:
    for node in nodes(of_all_models.document):
        if "$ref" in node:
            assert of_all_models.resolve(node) is not None
