"""Hosts as a suite writes them: read strictly, refused with what would fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.hosts import read_host
from mock_mindvideo.plugin.hosts import HostError, base_url, read_pattern
from tests.plugin.conftest import Run


@pytest.mark.parametrize(
    ("text", "pattern", "url"),
    [
        ("api.mindvideo.ai", "api.mindvideo.ai", "https://api.mindvideo.ai"),
        ("API.MindVideo.AI.", "api.mindvideo.ai", "https://api.mindvideo.ai"),
        ("localhost:8000", "localhost:8000", "https://localhost:8000"),
        ("*.mindvideo.ai", "*.mindvideo.ai", "https://api.mindvideo.ai"),
        ("*.example.com:8443", "*.example.com:8443", "https://api.example.com:8443"),
        ("[::1]", "[::1]", "https://[::1]"),
        ("[2001:DB8::1]:80", "[2001:db8::1]:80", "https://[2001:db8::1]:80"),
        ("127.0.0.1", "127.0.0.1", "https://127.0.0.1"),
        ("bücher.example:80", "xn--bcher-kva.example:80", "https://xn--bcher-kva.example:80"),
    ],
)
def test_a_host_is_read_in_each_of_its_forms(text: str, pattern: str, url: str) -> None:
    assert read_pattern(text) == pattern
    assert read_pattern(pattern) == pattern
    assert base_url([pattern]) == url


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("https://api.mindvideo.ai", "it is a URL; name the host alone: 'api.mindvideo.ai'"),
        ("https://api.mindvideo.ai:8443/v1", "name the host alone: 'api.mindvideo.ai:8443'"),
        ("HTTP://me:secret@x.example/", "name the host alone: 'x.example'"),
        ("api.mindvideo.ai/", "it is a URL; name the host alone: 'api.mindvideo.ai'"),
        ("me@x.example", "it names a user; name the host alone: 'x.example'"),
        ("", "it is empty; name a host, like api.mindvideo.ai"),
        ("  ", "it is empty"),
        ("::1", "an IPv6 address stands in brackets: '[::1]'"),
        ("[::1", "it is no host"),
        ("api.*.ai", "a * stands for names before a domain only: '*.mindvideo.ai'"),
        ("*", "a * stands for names before a domain only"),
        ("*mindvideo.ai", "a * stands for names before a domain only"),
        ("x.example:http", "it is no host; fitting are host, host:port, *.domain or [IPv6]:port"),
        ("x.example:99999", "it is no host"),
        ("a b.example", "it is no host"),
        ("a..example", "it is no host"),
    ],
)
def test_what_is_no_host_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(HostError) as refused:
        read_pattern(text)
    assert hint in str(refused.value)


@given(st.text(max_size=30))
def test_any_text_is_a_host_or_refused(text: str) -> None:
    try:
        pattern = read_pattern(text)
    except HostError:
        return
    assert read_host(base_url([pattern]).removeprefix("https://")) is not None


@pytest.mark.parametrize("hosts", ["'https://x.example'", "[]", "['x.example', 'http://y']"])
def test_a_suite_is_told_so_by_name(run: Run, hosts: str) -> None:
    result = run(f"@pytest.mark.mindvideo(hosts={hosts})\ndef test(mindvideo):\n    pass\n")

    result.assert_outcomes(errors=1)
    told = f"mindvideo: hosts={hosts.replace(chr(34), chr(39))} in @pytest.mark.mindvideo does"
    assert any(line.startswith(told) for line in result.outlines)
