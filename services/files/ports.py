"""What the use cases of files need from outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.files.domain.actors import Reach
from services.files.domain.files import Erasure, File, Readable, Selection, Upload
from services.files.domain.ranges import Span
from services.files.domain.resumable import Resumable
from shared.audit.trail import Trail
from shared.clock import Clock
from shared.contracts.audit import Journal
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.contracts.files import Manifest
from shared.idempotency import Mark
from shared.listing import Page, Slice


class Storage(Protocol):
    """Blobs and the manifests beside them. Every method but `discard` raises Unavailable when the store is down."""

    def take_in(self, key: str, upload: Upload) -> ClaimCheck:
        """Stream the upload's content to `key`, hashing and judging it on the way.

        Raises, with nothing stored: UnsupportedContentType and FileTooLarge before the body is read where what is
        declared tells; EmptyFile, ContentTypeMismatch, FileTooLarge from what is read; whatever the content raises.
        """
        ...

    def publish(self, manifest: Manifest) -> None:
        """From now on documents sees the file."""
        ...

    def withdraw(self, company_id: str, file_id: str) -> None:
        """From now on documents does not see the file."""
        ...

    def erase(self, erasure: Erasure) -> None:
        """Remove the objects one after the other, whether or not they are there."""
        ...

    def discard(self, erasure: Erasure) -> None:
        """The same as far as the store lets us; none while one before it may be there."""
        ...

    def keep_piece(self, key: str, content: Readable) -> ClaimCheck:
        """Store at most 4 MiB of the content."""
        ...

    def join(self, pieces: Sequence[ClaimCheck]) -> Readable:
        """The bytes of the pieces, one after the other: FileMissing, FileCorrupt."""
        ...

    def open(self, blob: ClaimCheck, span: Span | None = None) -> Iterator[bytes]:
        """The bytes, or the part of them, in chunks of which the first is at hand. A part is not checked by the hash.

        FileMissing now; FileCorrupt now, or later in place of the last chunk.
        """
        ...


class Files(Protocol):
    """The records of files."""

    def add(self, file: File, mark: Mark | None = None) -> str:
        """The id of the file, or with nothing written that of the one that bears the mark already; KeyReused."""
        ...

    def ensure(self, file: File) -> File:
        """Keep the file unless one with its id is kept already; the one that is."""
        ...

    def marked(self, mark: Mark) -> str | None:
        """The id of the file that a request with this mark created; KeyReused."""
        ...

    def find(self, reach: Reach, file_id: str) -> File | None:
        """The file, if it is within reach."""
        ...

    def page(self, reach: Reach, selection: Selection, part: Slice) -> Page[File]:
        """A part of the files within reach."""
        ...

    def oldest(self, reach: Reach, sha256s: Collection[str]) -> Mapping[str, str]:
        """By their SHA-256, the ids of the oldest files within reach that have these bytes."""
        ...

    def remove(self, file: File, outgoing: Sequence[Envelope], now: datetime) -> bool:
        """Take the file out of the records and note that it is to be erased, with the messages that leave because of
        it: all or nothing. False when there is no such file.
        """
        ...


class Uploads(Protocol):
    """Uploads that may come in several requests."""

    def add(self, upload: Resumable, mark: Mark | None = None) -> str:
        """The id of the upload, or with nothing written that of the one that bears the mark already; KeyReused."""
        ...

    def find(self, reach: Reach, upload_id: str) -> Resumable | None:
        """The upload, if it is within reach."""
        ...

    def hold(self, upload: Resumable, holder: str, now: datetime) -> bool:
        """Keep the upload from all others for two minutes, if it is as given and nobody has it."""
        ...

    def advance(self, held: Resumable, pieces: Sequence[ClaimCheck], now: datetime) -> bool:
        """Have these pieces count, and hold the upload on. False when it is held no more."""
        ...

    def release(self, held: Resumable) -> None:
        """Hold it no more, if it is held still."""
        ...

    def finish(self, held: Resumable, file_id: str, now: datetime) -> bool:
        """Note what the upload became, and that its pieces are to be erased. False when it is held no more."""
        ...

    def remove(self, upload: Resumable, now: datetime) -> bool:
        """Forget the upload, and note that its pieces are to be erased, once no request adds to it any more. False when
        it is gone already.
        """
        ...

    def expired(self, now: datetime) -> Resumable | None:
        """One that has expired, and that nobody holds."""
        ...


class Takeovers(Protocol):
    """Which attempts at documents had what was found in them made files."""

    def is_done(self, company_id: str, document_id: str, attempt: int) -> bool: ...

    def finish(
        self, company_id: str, document_id: str, attempt: int, outgoing: Sequence[Envelope], now: datetime
    ) -> None:
        """Note that it is done, and have the messages leave: also if it was done before, for what two workers do at
        once must be told to the end.
        """
        ...


class Erasures(Protocol):
    """What is to be erased."""

    def next(self, now: datetime) -> Erasure | None:
        """One that is due, kept from others for a minute."""
        ...

    def done(self, erasure: Erasure) -> None:
        """Forget it, unless messages still have to leave because of it: then it is due again."""
        ...


class Numbers(Protocol):
    """Short integers, unique in a company for each kind of record, growing, with gaps."""

    def next(self, company_id: str, kind: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the use cases work with. `new_id` gives a UUID (version 4)."""

    storage: Storage
    files: Files
    uploads: Uploads
    takeovers: Takeovers
    erasures: Erasures
    numbers: Numbers
    journal: Journal
    trail: Trail
    clock: Clock
    new_id: Callable[[], str]
