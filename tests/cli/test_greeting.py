"""What `serve` says first: who can reach it, and what is closed to them."""

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.cli.serve import announce

CATALOG = builtin_catalog()


def said(capsys: pytest.CaptureFixture[str], **settings: object) -> str:
    announce(Settings(**settings), "http://127.0.0.1:8080", CATALOG)  # type: ignore[arg-type]
    return capsys.readouterr().out


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_a_server_for_this_machine_speaks_of_no_other(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert "Other machines" not in said(capsys, host=host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "mock.internal"])  # noqa: S104
def test_a_server_for_others_says_what_is_closed_and_what_opens_it(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert "closed to them: --admin-token" in said(capsys, host=host)
    opened = said(capsys, host=host, admin_token="s3cret")
    assert "open to those that send X-Mock-Admin-Token" in opened
    assert "s3cret" not in opened
