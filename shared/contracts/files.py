"""What files promises: the manifest beside each blob, there before the upload is answered; and that a file is gone."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.envelope import ClaimCheck


@dataclass(frozen=True, slots=True)
class Manifest:
    """A stored file: `blob` is the claim check of its bytes, `name` the sanitised file name, `created_at` RFC 3339."""

    file_id: str
    company_id: str
    number: int
    name: str
    blob: ClaimCheck
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class MembersStored:
    """Fact: what attempt `attempt` found in the document is kept as these files, in their order; `split` as in the fact
    that told of them. There are fewer files than members where bytes were lost, none where they could not be kept.
    """

    document_id: str
    attempt: int
    file_ids: tuple[str, ...]
    split: ClaimCheck


@dataclass(frozen=True, slots=True)
class FileDeleted:
    """Fact: the file is gone, its manifest and its bytes, of which `sha256` (hex) is the hash, go."""

    file_id: str
    sha256: str


def manifest_key(company_id: str, file_id: str) -> str:
    """The object key of a file's manifest in the files bucket."""
    return f"files/{company_id}/manifests/{file_id}.json"
