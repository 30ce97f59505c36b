"""The document as a judge of answers and bodies."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

JSON = "application/json"


class Contract:
    """One document; `check` says what of an answer it does not promise."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        """`schema` with the components beside it, where its references lead."""
        return Draft202012Validator({**schema, "components": self.document["components"]})

    def component(self, name: str) -> Draft202012Validator:
        """The component schema `name`."""
        return self.validator({"$ref": f"#/components/schemas/{name}"})

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Path, method and operation, of all."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method, operation

    def operation(self, operation_id: str) -> Mapping[str, Any]:
        """The operation of that id."""
        return next(each for _, _, each in self.operations() if each["operationId"] == operation_id)

    def resolve(self, node: Mapping[str, Any]) -> Any:
        """What a reference object leads to, or the node itself."""
        if "$ref" not in node:
            return node
        target: Any = self.document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return target

    def responses(self, operation_id: str) -> dict[str, Mapping[str, Any]]:
        """The responses of an operation by status."""
        listed = self.operation(operation_id)["responses"]
        return {status: self.resolve(each) for status, each in listed.items()}

    def codes(self, operation_id: str) -> set[str]:
        """Every error code that the operation is said to answer."""
        return {
            code
            for status, response in self.responses(operation_id).items()
            if status >= "400"
            for code in response["content"][JSON]["examples"]
        }

    def check(self, operation_id: str, answer: httpx2.Response) -> list[str]:
        """What in `answer` goes against the document; empty if nothing does."""
        response = self.responses(operation_id).get(str(answer.status_code))
        if response is None:
            return [f"{operation_id} is not said to answer {answer.status_code}"]
        return [*self._headers(response, answer), *self._body(response, answer)]

    def _headers(self, response: Mapping[str, Any], answer: httpx2.Response) -> Iterator[str]:
        for name, listed in response["headers"].items():
            header = self.resolve(listed)
            if name not in answer.headers:
                if header.get("required"):
                    yield f"{name} is missing"
                continue
            text = answer.headers[name]
            value = int(text) if header["schema"].get("type") == "integer" else text
            yield from self._errors(header["schema"], value)

    def _body(self, response: Mapping[str, Any], answer: httpx2.Response) -> Iterator[str]:
        if "content" not in response:
            if answer.content:
                yield "there is a body where none was promised"
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type not in response["content"]:
            yield f"{media_type} was not promised"
            return
        body = answer.json() if media_type.endswith(("/json", "+json")) else answer.text
        yield from self._errors(response["content"][media_type]["schema"], body)

    def _errors(self, schema: Mapping[str, Any], value: object) -> Iterator[str]:
        for error in self.validator(schema).iter_errors(value):
            yield f"{error.json_path}: {error.message}"
