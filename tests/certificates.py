"""Few certificates for clients that ask nobody who needs one.

A client of httpx or requests reads all that the system trusts, 140 of them in 20 ms, which is
longer than most tests take. Other processes read them still, and so do clients that name a file of
their own.
"""

import os
import ssl
from pathlib import Path
from typing import Any

import certifi

_END = "-----END CERTIFICATE-----\n"


def read_one_certificate(folder: Path) -> None:
    """From now on in this process, the bundle of all certificates has one."""
    everything = {certifi.where(), os.environ.get("SSL_CERT_FILE")} - {None}
    one = folder / "one.pem"
    one.write_text(certifi.contents().partition(_END)[0] + _END, encoding="utf-8")
    load = ssl.SSLContext.load_verify_locations
    load_default = ssl.SSLContext.load_default_certs

    def load_less(context: ssl.SSLContext, cafile: Any = None, *others: Any, **named: Any) -> None:
        load(context, one if cafile in everything else cafile, *others, **named)

    def load_less_by_default(context: ssl.SSLContext, *purpose: Any) -> None:
        if os.environ.get("SSL_CERT_FILE", one) in (one, *everything):
            load(context, one)
        else:
            load_default(context, *purpose)

    ssl.SSLContext.load_verify_locations = load_less  # type: ignore[method-assign]
    ssl.SSLContext.load_default_certs = load_less_by_default  # type: ignore[method-assign]
