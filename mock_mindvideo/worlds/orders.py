"""What the body of a submit says: read, checked and priced, before anybody asks for its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from mock_mindvideo.catalog import BrokenRule, Catalog, Model
from mock_mindvideo.domain.errors import Detail, InvalidModelInput, InvalidRequest
from mock_mindvideo.domain.payload import LONG, MAX_VALUES, canonical, read_json
from mock_mindvideo.domain.script import Script, magic_of, names_magic
from mock_mindvideo.domain.work import Work
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.stores import Payload

_NAMES = PLATFORM.members
_INPUT = f"/{_NAMES.input}"

#: Bodies that are remembered, and the bytes of the longest of them.
REMEMBERED = 64
LONGEST = 16 * 1024


@dataclass(slots=True)
class Order:
    """A valid submit, and what follows from its body alone."""

    model: Model
    payload: Payload
    estimate: Decimal
    advice: tuple[str, ...]
    script: Script | None


class Orders:
    """Reads orders under one catalog.

    The same bytes always say the same, and a client that retries sends them again, so the last
    ones are remembered. `values` bounds the members and items of a body.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        strict: bool = False,
        magic: bool = True,
        values: int = MAX_VALUES,
    ) -> None:
        self._catalog = catalog
        self._values = values
        self._strict = strict
        self._magic = magic
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def read(self, raw: bytes, may_name_magic: bool = True) -> Order:
        """The order in a body, which may name a magic host, or does not.

        Raises, in this order: PayloadTooLarge, InvalidJson, InvalidRequest, UnknownModel,
        InvalidModelInput.
        """
        reading = self._remembered if len(raw) <= LONGEST else self._read
        return reading(raw, may_name_magic)

    def order(self, body: object, may_name_magic: bool = True) -> Order:
        """The order in a body that `read_json` has read already; raises as `read` does."""
        model, given = self._check(body)
        return _order(model, given, model.advice(given), self._magic and may_name_magic)

    def reading(self, raw: bytes) -> Work[Order]:
        """The order in a long body, in steps of a few milliseconds; raises as `read` does."""
        body = read_json(raw, self._values)
        yield
        model, given = self._check(body)
        yield
        advice = model.advice(given)
        yield
        return _order(model, given, advice, self._magic)

    def _read(self, raw: bytes, may_name_magic: bool) -> Order:
        return self.order(read_json(raw, self._values), may_name_magic)

    def _check(self, body: object) -> tuple[Model, Mapping[str, Any]]:
        """The model that is asked for, and what it is given; raises unless both are valid."""
        broken = self._catalog.envelope.violations(body)
        if broken:
            raise InvalidRequest(_summary("the request", broken), details=_details(broken, ""))
        assert isinstance(body, dict)  # noqa: S101 - the envelope's schema says so
        model = self._catalog.model(body[_NAMES.model])
        given = body[_NAMES.input]
        broken = model.violations(given, strict=self._strict)
        if broken:
            raise InvalidModelInput(_summary("the input", broken), details=_details(broken, _INPUT))
        return model, given


def _order(model: Model, given: Mapping[str, Any], advice: tuple[str, ...], magic: bool) -> Order:
    text = canonical(given)
    script = None
    # In a long text it takes longer to look for the domain than for its URLs.
    if magic and (len(text) > LONG or names_magic(text)):
        script = _magic_script(given)
    return Order(model, Payload(model.slug, text), model.estimate(given), advice, script)


def _magic_script(given: Mapping[str, Any]) -> Script | None:
    """The plan that magic URLs among the references stand for.

    Raises InvalidModelInput for one that would do nothing.
    """
    found = magic_of(given)
    if found.problems:
        details = tuple(Detail(f"{_INPUT}{at}", "magic", why) for at, why in found.problems)
        raise InvalidModelInput(f"a magic URL: {found.problems[0][1]}", details=details)
    return found.plan


def _details(broken: tuple[BrokenRule, ...], root: str) -> tuple[Detail, ...]:
    return tuple(Detail(root + each.pointer, each.keyword, each.message) for each in broken)


def _summary(what: str, broken: tuple[BrokenRule, ...]) -> str:
    first = f"{broken[0].pointer}: {broken[0].message}" if broken[0].pointer else broken[0].message
    more = f" (and {len(broken) - 1} more, see details)" if len(broken) > 1 else ""
    return f"{what} is not valid: {first}{more}"
