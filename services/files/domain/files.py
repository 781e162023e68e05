"""A file as it arrives and as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.files.domain.actors import Actor
from shared.contracts.envelope import ClaimCheck
from shared.contracts.files import manifest_key
from shared.idempotency import Mark

MAX_FILE_BYTES = 40_000_000


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """What a client sends, before any of it is believed.

    `content` can be read once. `declared_type` is empty, `declared_size` (bytes) and `given_name` are None when absent;
    `mark`, which knows nothing of the content yet, is None without an Idempotency-Key.
    """

    actor: Actor
    content: Readable
    declared_type: str
    declared_size: int | None
    given_name: str | None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A stored file. `name` is safe to show and to save under; `given_name` is what the client called it, if it did.

    `duplicate_of` is not kept but looked up for whoever asks: the oldest file with the same bytes that he may see, None
    if it is this one.
    """

    id: str
    company_id: str
    number: int
    name: str
    given_name: str | None
    blob: ClaimCheck
    created_at: datetime
    created_by: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files: with bytes of this SHA-256 (hex), with this short number; all, where neither is named."""

    sha256: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is left in the bucket of something that is gone from the records: objects that go in this order, then all
    whose keys begin with `prefix`, if it is not empty.
    """

    id: str
    bucket: str
    keys: tuple[str, ...] = ()
    prefix: str = ""


def erasure_of(company_id: str, file_id: str, blob: ClaimCheck) -> Erasure:
    """What is left of a file: its manifest, and its bytes once nothing names them any more."""
    return Erasure(file_id, blob.bucket, (manifest_key(company_id, file_id), blob.key))


def blob_key(company_id: str, file_id: str, at: datetime) -> str:
    """Where the bytes lie in the bucket. Holds nothing that a client chose."""
    return f"files/{company_id}/blobs/{at:%Y/%m}/{file_id}"
