"""Whom a difference between two schemas breaks."""

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.schemas import Difference


def of_schema(
    each: Difference, part: str, at: str, concerns: str, place: str = "body", words: str = ""
) -> Drift:
    """The change that a difference is, of a schema at a pointer.

    Requests break where less is taken. Readers break where more may come, but for one member
    more, which they can leave aside; and where a member is gone that they may have read.
    """
    added = each.kind in ("optional-property-added", "required-property-added")
    gone = each.kind.endswith("property-removed")
    return Drift(
        part,
        at + each.pointer,
        words + each.message,
        requests=each.less,
        readers=(each.more and not added) or gone,
        concerns=concerns,
        kind=each.kind,
        place=place,
        risky=not each.proven or (gone and concerns == "requests"),
    )
