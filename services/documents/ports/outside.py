"""What comes from other services and from the database as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from shared.contracts.envelope import ClaimCheck
from shared.contracts.extraction import ExtractionResult, Split
from shared.contracts.fields import WantedFields
from shared.contracts.files import Manifest
from shared.contracts.pages import FreeTable, KeptPages, PageIndex, Picture, PrintedWord, ReadPage


class Numbers(Protocol):
    """Short integers, unique in a company for each kind of record, growing, with gaps."""

    def next(self, company_id: str, kind: str) -> int: ...


class Manifests(Protocol):
    """What the service files says about its files. Unavailable when the object store does not answer."""

    def find(self, company_id: str, file_id: str) -> Manifest | None: ...


class FieldLists(Protocol):
    """What extraction shall read of a company's documents. Unavailable when the object store does not answer."""

    def keep(self, company_id: str, fields: WantedFields) -> ClaimCheck:
        """Have extraction find them; what is there already stays as it is."""
        ...


class Results(Protocol):
    """What extraction read. Unavailable when the object store does not answer."""

    def read(self, claim: ClaimCheck) -> ExtractionResult:
        """The result, checked by its hash; ResultUnusable when it is missing, damaged, malformed or too large."""
        ...

    def split(self, claim: ClaimCheck) -> Split:
        """What was found in a document, in the same way."""
        ...


class Mails(Protocol):
    """The e-mails that documents were or came in, as PDFs. Unavailable when the object store does not answer."""

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        """The bytes in chunks, of which the first is at hand: EmailMissing now; EmailCorrupt now, or later in place of
        the last chunk.
        """
        ...


class Pages(Protocol):
    """The pages that extraction kept. Unavailable when the object store does not answer, PagesMissing when what should
    be there is not, PagesCorrupt when it is not what was kept.
    """

    def index(self, kept: KeptPages) -> PageIndex: ...

    def tables(self, kept: KeptPages, index: PageIndex) -> Sequence[FreeTable]: ...

    def words(self, kept: KeptPages, page: ReadPage) -> Sequence[PrintedWord]: ...

    def picture(self, kept: KeptPages, picture: Picture) -> bytes: ...
