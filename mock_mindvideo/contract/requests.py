"""From a step to the request it sends."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from mock_mindvideo.contract.arazzo.document import Description, WorkflowStep
from mock_mindvideo.contract.arazzo.expressions import Context, resolve
from mock_mindvideo.contract.exchange import JSON, HttpRequest
from mock_mindvideo.contract.openapi.conformance import Conformance
from mock_mindvideo.contract.openapi.document import OpenApi, Operation
from mock_mindvideo.contract.problems import ContractError


class ApiSource(NamedTuple):
    """A source description's document, ready for use."""

    api: OpenApi
    conformance: Conformance


class Asked(NamedTuple):
    """A step's operation and the source it stands in."""

    source: ApiSource
    operation: Operation


def find_operation(
    step: WorkflowStep, description: Description, sources: Mapping[str, ApiSource]
) -> Asked:
    """The step's operation; raises ContractError where no source has it."""
    names = [step.source] if step.source else list(description.sources)
    for name in names:
        source = sources.get(name)
        if source and step.operation_id in source.api.operations:
            return Asked(source, source.api.operations[step.operation_id])
    raise ContractError(
        description.file,
        f"no operation '{step.operation_id}' in {' or '.join(names)}",
        line=step.line,
    )


def make_request(
    step: WorkflowStep, operation: Operation, base_url: str, context: Context
) -> HttpRequest:
    """The request with its expressions resolved.

    Raises NoValueError for an expression that leads nowhere, KeyError for a parameter of the
    path that the step does not give.
    """
    given: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in step.parameters:
        given[parameter.place][parameter.name] = _text(resolve(parameter.value, context))
    query = f"?{urlencode(given['query'])}" if given["query"] else ""
    headers = {"accept": JSON, **{name.lower(): each for name, each in given["header"].items()}}
    payload = resolve(step.body.payload, context) if step.body else None
    body = None
    if step.body:
        headers.setdefault("content-type", step.body.content_type)
        body = _encoded(payload, step.body.content_type)
    return HttpRequest(
        method=operation.method,
        url=base_url.rstrip("/") + operation.fill(given["path"]) + query,
        headers=headers,
        body=body,
        value=payload,
        parameters={
            f"{place}.{name}": value
            for place in ("path", "query")
            for name, value in given[place].items()
        },
    )


def _encoded(payload: Any, content_type: str) -> bytes:
    """A text goes as it is under any media type but JSON."""
    is_json = content_type.partition(";")[0].strip().lower() == JSON
    if isinstance(payload, str) and not is_json:
        return payload.encode()
    return json.dumps(payload, ensure_ascii=False).encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
