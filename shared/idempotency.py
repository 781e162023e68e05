"""The Idempotency-Key of a request (IETF httpapi draft): what it is, and the mark that it leaves on the record it
creates or changes, so that the same request sent again has one effect and the same answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shared.errors import BadRequest, Refusal

HEADER = "Idempotency-Key"

# A string of RFC 9651 §3.3.3, or its content alone, as most clients send it.
_CHARACTERS = r"[\x21\x23-\x5b\x5d-\x7e]{1,255}"
PATTERN = f'^("{_CHARACTERS}"|{_CHARACTERS})$'


class KeyReused(Refusal):
    """The same key came with another request before."""

    code, status, title = "idempotency_key_reused", 422, "Idempotency key reused"

    def __init__(self) -> None:
        super().__init__(f"{HEADER}: it was used for another request before. Send a new key with each new request.")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is kept of a key. `id` is a SHA-256 (hex) of client, route and key; `fingerprint` one of what was sent.

    `key` is the key itself and never kept. `answer` is kept only where the record does not tell the answer again.
    """

    id: str
    fingerprint: str
    key: str = field(default="", repr=False)
    answer: bytes = field(default=b"", repr=False)

    def of(self, *parts: str) -> Mark:
        """The mark of a request whose fingerprint depends on these too, e.g. on a body that the view streams."""
        return replace(self, fingerprint=digest((self.fingerprint, *parts)))

    def refuse_other(self, fingerprint: str) -> None:
        """KeyReused unless `fingerprint`, kept with a mark of this id, is this one's."""
        if fingerprint != self.fingerprint:
            raise KeyReused


def read_key(header: str) -> str:
    """The key in the header's value; BadRequest when it is malformed."""
    if not re.fullmatch(PATTERN, header):
        raise BadRequest(f"{HEADER}: send 1 to 255 visible ASCII characters, such as a UUID.")
    return header.strip('"')


def digest(parts: Iterable[str]) -> str:
    """A SHA-256 (hex) of these texts, none of which runs into the next."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8) + data)
    return state.hexdigest()
