"""Digests in headers, as RFC 9530 writes them."""

import base64
import hashlib

import pytest

from services.files.domain.digests import read_digests, write_digest
from shared.errors import BadRequest

DATA = b'{"hello": "world"}\n'
# RFC 9530, appendix D.
SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
SHA_512 = "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:"
FOUND = {"sha256": hashlib.sha256(DATA).digest(), "sha512": hashlib.sha512(DATA).digest()}


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("", ()),
        (SHA_256, ("sha256",)),
        (SHA_512, ("sha512",)),
        (f"{SHA_256}, {SHA_512}", ("sha256", "sha512")),
        (f" {SHA_512}\t,{SHA_256} ", ("sha256", "sha512")),
        (f"{SHA_256};a=b", ("sha256",)),
        (f"md5=:AAAA:, {SHA_256}, unixsum=::", ("sha256",)),
        (f"sha-256=:AAAA:, {SHA_256}", ("sha256",)),
        ("sha=:AAAA:", ()),
    ],
)
def test_the_digests_that_can_be_checked_are_read(header: str, names: tuple[str, ...]) -> None:
    assert read_digests(header) == {name: FOUND[name] for name in names}


@pytest.mark.parametrize(
    "header",
    [
        "sha-256",
        "sha-256=abc",
        "sha-256=:abc:",
        "sha-256=:ab=c:",
        "sha-256=:RK/0 qy18:",
        "SHA-256=:AAAA:",
        f"{SHA_256},",
        f"{SHA_256} {SHA_512}",
        "=:AAAA:",
        "?",
    ],
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(BadRequest, match="Content-Digest"):
        read_digests(header)


def test_what_is_written_can_be_read() -> None:
    assert write_digest(hashlib.sha256(DATA).hexdigest()) == SHA_256
    assert base64.b64decode(SHA_256[9:-1]) == read_digests(SHA_256)["sha256"]
