"""What the use cases need from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.clock import Clock
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.contracts.extraction import ExtractionResult
from shared.contracts.fields import WantedFields
from shared.contracts.pages import KeptPages


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at reading one document."""

    company_id: str
    document_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the fields, the `PageIndex` as JSON (UTF-8), and the bytes that its parts are parts of.

    The pages are as the reader wrote them: whoever uses them must check them like any input. `mail` is the e-mail that
    it was or came in, as a PDF; empty without one.
    """

    result: ExtractionResult
    index: bytes
    parts: bytes
    mail: bytes = b""


@dataclass(frozen=True, slots=True)
class Member:
    """A document in an archive or e-mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive or e-mail with several documents in it. `left_aside` names what else is in it, with reasons; `mail` as
    with a reading.
    """

    members: tuple[Member, ...]
    left_aside: tuple[str, ...] = ()
    mail: bytes = b""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a reading lies: the claim check of the result, its pages, and that of the e-mail if there is one."""

    result: ClaimCheck
    pages: KeptPages
    mail: ClaimCheck | None = None


class Jobs(Protocol):
    """The record of jobs, each with the message that tells how it ended, and of documents that must not be read any
    more. Unavailable when it does not answer.
    """

    def begin(self, job: Job, at: datetime) -> bool:
        """Note that a run of the job begins; False when the job is finished already, or its document erased."""
        ...

    def finish(self, job: Job, outcome: str, announcement: Envelope, at: datetime) -> bool:
        """Finish the job and put the announcement into its outbox, in one write; False when it was finished before, or
        its document erased.
        """
        ...

    def erase(self, company_id: str, document_id: str, at: datetime) -> None:
        """Forget the jobs of the document, and have none of it begin or finish from now on."""
        ...

    def is_erased(self, company_id: str, document_id: str) -> bool: ...


class Files(Protocol):
    """The documents' bytes, and where extraction leaves what it read. Unavailable when the store does not answer."""

    def fetch(self, claim: ClaimCheck) -> bytes:
        """The bytes, checked by their hash; FileMissing, FileDamaged."""
        ...

    def fetch_fields(self, claim: ClaimCheck) -> WantedFields:
        """What is to be read; ProcessingFailed when it is not there as it was written."""
        ...

    def keep(self, job: Job, reading: Reading) -> Kept:
        """Store the pages, the result, and the e-mail if there is one."""
        ...

    def keep_members(self, job: Job, unpacked: Unpacked) -> ClaimCheck:
        """Store the members, the `Split` that lists them, of which this is the claim check, and the e-mail."""
        ...

    def erase_members(self, job: Job) -> None:
        """Remove the members that the job's runs have kept; there may be none."""
        ...

    def erase(self, company_id: str, document_id: str) -> None:
        """Remove all that was kept of the document; there may be nothing."""
        ...


class DocumentReader(Protocol):
    """Reads documents without trusting them."""

    def read(
        self,
        document: bytes,
        media_type: str,
        languages: Sequence[str],
        nested: bool = False,
        fields: WantedFields | None = None,
    ) -> Reading | Unpacked:
        """What is in the document, which is `nested` when it came out of an archive or e-mail: these fields, None for
        those that are built in. A CannotRead with the reason, or ReaderDown when it can be tried again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the use cases work with: built by `wiring` from the real parts, by tests from fakes."""

    jobs: Jobs
    files: Files
    reader: DocumentReader
    clock: Clock
