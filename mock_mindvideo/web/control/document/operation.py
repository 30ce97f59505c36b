"""One operation of the control plane: what it takes, what it answers, how it may be refused."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain import errors
from mock_mindvideo.web.control.document.shapes import Reply
from mock_mindvideo.web.control.forms import Form
from mock_mindvideo.web.media.intake import TYPES
from mock_mindvideo.web.openapi.refusals import Kinds

#: What any request can meet, one with a body, and one that names a task.
ANY: Kinds = (
    errors.InvalidHttp,
    errors.MissingApiKey,
    errors.InvalidApiKey,
    errors.Forbidden,
    errors.NotFound,
    errors.MethodNotAllowed,
    errors.RequestTimeout,
    errors.InvalidRequest,
    errors.InternalError,
    errors.Unavailable,
)
PROBED: Kinds = tuple(kind for kind in ANY if kind is not errors.Unavailable)
TAKES: Kinds = (*ANY, errors.InvalidJson, errors.PayloadTooLarge)
FILE: Kinds = (*ANY, errors.PayloadTooLarge, errors.UnsupportedMediaType)
TASK: Kinds = (*ANY, errors.TaskNotFound)
MOVED: Kinds = (*TAKES, errors.TaskNotFound, errors.IllegalMove)


class Endpoint(NamedTuple):
    """One operation. `of` is the path of its row in the index, where that is not its own.

    `unready` is what a probe answers with 503, which is no refusal.
    """

    id: str
    group: str
    method: str
    path: str
    answer: Reply | None = None
    form: Form | None = None
    parameters: Sequence[Mapping[str, Any]] = ()
    refused: Kinds = ANY
    status: int = 200
    links: Mapping[str, Any] = {}
    about: str | None = None
    of: str | None = None
    unready: Reply | None = None

    @property
    def row(self) -> tuple[str, str]:
        """Its row in the index."""
        return self.method, self.of or self.path

    def body(self) -> Mapping[str, Any] | None:
        """What the request sends: a form, or a file."""
        if self.refused is FILE:
            return {"required": True, "content": _FILES}
        if self.form is None:
            return None
        schema = self.form.schema
        needed = bool(schema.get("required") or schema.get("minProperties"))
        return {"required": needed, "content": {"application/json": {"schema": schema}}}


def in_path(name: str, pattern: str) -> Mapping[str, Any]:
    """A parameter of the path."""
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def links(pointer: str, name: str, *operations: str) -> Mapping[str, Any]:
    """Where an answer leads: what `name` is for each of the operations is at `pointer` in it."""
    given = {name: f"$response.body#{pointer}"}
    return {each: {"operationId": each, "parameters": given} for each in operations}


_FILES: Mapping[str, Any] = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "contentMediaType": "image/png"}},
            "additionalProperties": False,
        },
        "encoding": {"file": {"contentType": ", ".join(TYPES)}},
    }
} | {media_type: {} for media_type in TYPES}
