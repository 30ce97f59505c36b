"""All checks over one recording."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.contract.openapi.document import OpenApi
from mock_mindvideo.contract.traffic.answers import AnswerCheck
from mock_mindvideo.contract.traffic.idempotency import IdempotencyCheck
from mock_mindvideo.contract.traffic.keys import key_faults
from mock_mindvideo.contract.traffic.prices import PriceCheck
from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.contract.traffic.requests import RequestCheck


def check_traffic(
    entries: Sequence[Recorded], catalog: Catalog, document: Mapping[str, Any]
) -> tuple[TrafficFinding, ...]:
    """Every fault in a recording, by the number of its entry."""
    api = OpenApi(document)
    checks = (
        RequestCheck(catalog, api).faults,
        AnswerCheck(api, catalog.lifecycle, catalog.dialect).faults,
        PriceCheck(catalog).faults,
        key_faults,
    )
    faults = [fault for entry in entries for check in checks for fault in check(entry)]
    faults += IdempotencyCheck(catalog).all_faults(entries)
    return tuple(sorted(faults, key=lambda fault: fault.number))
