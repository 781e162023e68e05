"""Digests of contents: as headers tell them (RFC 9530), and checked against what arrives."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

from shared.errors import BadRequest

DIGEST_HEADER = "Content-Digest"
# By the names of RFC 9530 §5, those of `hashlib`.
_ALGORITHMS = {"sha-256": "sha256", "sha-512": "sha512"}
# A member of a dictionary (RFC 9651 §3.2) that is a byte sequence; parameters have no meaning here.
_MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,]*)?\Z")


def read_digests(header: str) -> Mapping[str, bytes]:
    """The digests in a Content-Digest header that we can check, by the names of `hashlib`; BadRequest for a header that
    is none. An empty one tells none.
    """
    found = {}
    for member in header.split(",") if header.strip(" \t") else ():
        matched = _MEMBER.match(member.strip(" \t"))
        try:
            name, value = matched.groups() if matched else ("", "?")
            found[name] = base64.b64decode(value, validate=True)
        except binascii.Error as fault:
            raise BadRequest(f"{DIGEST_HEADER}: send sha-256=:…: with the digest in base64.") from fault
    return {_ALGORITHMS[name]: value for name, value in found.items() if name in _ALGORITHMS}


def write_digest(sha256: str) -> str:
    """The value of a digest header with this SHA-256 (hex)."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


class DigestCheck:
    """Hashes what is added, and compares in the end. `expected`: digests by the names of `hashlib`."""

    def __init__(self, expected: Mapping[str, bytes]) -> None:
        self.is_needed = bool(expected)
        self._expected = {hashlib.new(name): value for name, value in expected.items()}

    def add(self, data: bytes) -> None:
        for state in self._expected:
            state.update(data)

    @property
    def fits(self) -> bool:
        """Whether all that was added has the digests that were expected."""
        return all(state.digest() == value for state, value in self._expected.items())
