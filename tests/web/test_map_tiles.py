"""Map pictures of another host: let in where they are set, and only as pictures."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared_resources.kernel.web.gate import SECURITY_HEADERS, security_headers
from shared_resources.settings import Settings

POLICY = "content-security-policy"


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("http://10.1.2.3:8080/t?x={x}&y={y}&z={z}", "http://10.1.2.3:8080"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"),
    ],
)
def test_the_host_of_the_pictures_is_let_in(tiles: str, host: str) -> None:
    policy = security_headers(tiles)[POLICY]
    assert f"img-src 'self' {host} data:" in policy
    assert policy.replace(f" {host}", "") == SECURITY_HEADERS[POLICY]


def test_without_pictures_nothing_is_let_in() -> None:
    assert security_headers(None) is SECURITY_HEADERS


@pytest.mark.parametrize(
    "tiles", ["https://a.example/{x}; script-src *", "ftp://a.example/{x}", "https://a.example b/", "//a.example/"]
)
def test_an_address_that_would_widen_the_policy_is_refused(tiles: str) -> None:
    with pytest.raises(ValidationError):
        Settings(map_tiles=tiles)
