"""Uploads that may come in several requests (tus 1.0, https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.envelope import ClaimCheck
from shared.errors import BadRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
LIFETIME = timedelta(hours=24)
# What comes lies in objects of this size, of which one at a time is in memory. A request's last one is shorter; smaller
# than the other size, it grows with the next request, so that no client makes many of them.
PIECE_BYTES = 4 * 1024 * 1024
GROWING_BYTES = 256 * 1024
OCTETS = "application/octet-stream"
# So long a request that adds is waited for before its upload is another's. It says often enough that it is alive.
HOLD = timedelta(minutes=2)
RENEW = timedelta(seconds=20)

# By the names of `hashlib`, how many bytes they have.
CHECKSUMS = {"sha1": 20, "sha256": 32}
MAX_METADATA = 4096
_MEMBER = re.compile(r"([!-+\--~]+)(?: ([A-Za-z0-9+/=]*))?\Z")


@dataclass(frozen=True, slots=True)
class Resumable:
    """An upload of `length` bytes, of which the first `offset` are there, in `pieces`. `metadata` is what its client
    said of it, `file_id` the file that it became; `holder` names the request that is adding to it, if one is.
    """

    id: str
    company_id: str
    length: int
    metadata: str
    created_by: str
    expires_at: datetime
    pieces: tuple[ClaimCheck, ...] = ()
    holder: str | None = None
    file_id: str | None = None

    @property
    def offset(self) -> int:
        return self.length if self.file_id else sum(piece.size for piece in self.pieces)

    @property
    def prefix(self) -> str:
        """What the keys of its pieces begin with."""
        return f"files/{self.company_id}/uploads/{self.id}/"

    @property
    def given_name(self) -> str | None:
        """What the client calls the file; clients have two names for that."""
        told = read_metadata(self.metadata)
        return unicodedata.normalize("NFC", told.get("filename") or told.get("name") or "") or None

    @property
    def declared_type(self) -> str:
        told = read_metadata(self.metadata)
        return (told.get("filetype") or told.get("type") or "").partition(";")[0].strip().lower()


def read_metadata(header: str) -> Mapping[str, str]:
    """What an Upload-Metadata header says: keys, each with a value in base64; BadRequest."""
    found = {}
    for member in header.split(",") if header.strip() else ():
        matched = _MEMBER.match(member.strip())
        try:
            key, value = matched.groups("") if matched else ("", "?")
            found[key] = base64.b64decode(value, validate=True).decode()
        except ValueError as fault:  # no base64, or no UTF-8
            raise BadRequest("Upload-Metadata: send keys and, in base64, values: filename YS5wZGY=.") from fault
    return found


def read_checksum(header: str | None) -> Mapping[str, bytes]:
    """The digest in an Upload-Checksum header, by the name of `hashlib`, none without one; BadRequest."""
    if header is None:
        return {}
    name, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != CHECKSUMS.get(name):
        raise BadRequest(f"Upload-Checksum: send one of {', '.join(CHECKSUMS)} and the digest in base64.")
    return {name: digest}
