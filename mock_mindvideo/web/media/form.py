"""A file out of a form (multipart/form-data), taken as the form arrives."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from mock_mindvideo.domain.errors import InvalidRequest

Result = TypeVar("Result")

#: Bytes of everything in a form that is not its file: heads of parts, other fields, boundaries.
MOST_BESIDE = 64 * 1024


class FormFile:
    """The one file of a form; `feed` gives what each piece of the form holds of it.

    `media_type` is known once the file's first byte is. Raises InvalidRequest for what is no
    form, for a second file, and for too much beside it.
    """

    def __init__(self, content_type: str) -> None:
        _, options = parse_options_header(content_type)
        self.media_type: str | None = None
        self._found: list[bytes] = []
        self._inside = False
        self._ended = False
        self._beside = 0
        self._name = self._value = b""
        self._head: dict[bytes, bytes] = {}
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise unreadable("its Content-Type names no boundary")
        self._parser = self._parsing(
            lambda: MultipartParser(boundary, cast(Any, self._callbacks()))
        )

    def feed(self, piece: bytes) -> list[bytes]:
        """The bytes of the file in the next piece of the form."""
        self._found = []
        self._parsing(lambda: self._parser.write(piece))
        self._beside += len(piece) - sum(map(len, self._found))
        if self._beside > MOST_BESIDE:
            raise unreadable(f"it holds over {MOST_BESIDE} bytes beside its file")
        return self._found

    def finish(self) -> None:
        """Raise InvalidRequest unless the form is whole and had a file."""
        self._parsing(self._parser.finalize)
        if not self._ended:
            raise unreadable("it breaks off")
        if self.media_type is None:
            raise InvalidRequest("the form holds no file; send one, in any field")

    def _callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_to_name,
            "on_header_value": self._add_to_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_head,
            "on_part_data": self._add,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._head, self._inside = {}, False

    def _add_to_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._head[self._name.lower()] = self._value
        self._name = self._value = b""

    def _end_head(self) -> None:
        _, options = parse_options_header(self._head.get(b"content-disposition", b""))
        if b"filename" not in options:
            return
        if self.media_type is not None:
            raise unreadable("it holds more than one file; send one form for each")
        self._inside = True
        self.media_type = self._head.get(b"content-type", b"").decode("latin-1")

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._found.append(data[start:end])

    def _end(self) -> None:
        self._ended = True

    @staticmethod
    def _parsing(step: Callable[[], Result]) -> Result:
        try:
            return step()
        except MultipartParseError as error:
            raise unreadable(str(error)) from None


def unreadable(reason: str) -> InvalidRequest:
    """The refusal of a form."""
    return InvalidRequest(f"the form cannot be read: {reason}")
