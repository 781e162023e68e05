"""What extraction answers: a document was extracted, or refused; and the result that lies in object storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.contracts.envelope import ClaimCheck
from shared.contracts.pages import KeptPages

RESULT, SPLIT, MAIL, MEMBERS = "result.json", "split.json", "mail.pdf", "members/"


@dataclass(frozen=True, slots=True)
class DocumentExtracted:
    """Fact: attempt `attempt` of the document was read; `result` is the claim check of an `ExtractionResult`.

    `pages` is where its pages lie; senders of before leave it out. `mail` is the e-mail that it was or came in, as a
    PDF, None if there is none.
    """

    document_id: str
    attempt: int
    result: ClaimCheck
    pages: KeptPages | None = None
    mail: ClaimCheck | None = None


@dataclass(frozen=True, slots=True)
class DocumentRefused:
    """Fact: the document cannot be read. `outcome` is "failed" or "junk"; `code` is stable.

    `message` says what to do.
    """

    document_id: str
    attempt: int
    outcome: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DocumentSplit:
    """Fact: attempt `attempt` of the document found several documents in its file `file_id`; `split` is the claim check
    of a `Split`.
    """

    document_id: str
    attempt: int
    file_id: str
    split: ClaimCheck


@dataclass(frozen=True, slots=True)
class SplitMember:
    """A document that was found in another one: what it is called there, and where its bytes lie."""

    name: str
    blob: ClaimCheck


@dataclass(frozen=True, slots=True)
class Split:
    """The documents in a document; `left_aside` names what else was in it, with reasons; `mail` as above."""

    members: tuple[SplitMember, ...]
    left_aside: tuple[str, ...] = ()
    mail: ClaimCheck | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a page, as fractions of the page's width and height from the top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """One extracted value: a JSON string or number, the text it was read from, how sure, where and by which rule.

    `page` counts from 1; `source` is einvoice, textLayer, ocr, person or masterData; `rule` names how it was found.
    """

    value: Any
    text: str
    confidence: float
    source: str
    rule: str
    page: int | None = None
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the document: a stable code, a sentence for a bookkeeper, the fields it speaks of.

    `blocking` checks that did not pass send the document to review.
    """

    code: str
    passed: bool
    blocking: bool
    message: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """What was read: `entities` is the tree of field names with plain values, `details` the same with plain `Leaf`s."""

    document_type: str
    pages: int
    entities: dict[str, Any]
    details: dict[str, Any]
    checks: tuple[Check, ...]


def extracts_prefix(company_id: str, document_id: str) -> str:
    """How the keys of all objects in the extracts bucket begin that are there because of the document."""
    return f"extracts/{company_id}/{document_id}/"


def attempt_prefix(company_id: str, document_id: str, attempt: int) -> str:
    """The same of what is there because of one attempt."""
    return f"{extracts_prefix(company_id, document_id)}{attempt}/"


def run_prefix(company_id: str, document_id: str, attempt: int, run: str) -> str:
    """How the keys of what one run of an attempt leaves begin; the name of each thing follows.

    Each run has keys of its own: two runs of one attempt must not overwrite what the other has announced by its hash.
    """
    return f"{attempt_prefix(company_id, document_id, attempt)}{run}/"


def member_name(place: int) -> str:
    """What follows the prefix of a run in the key of a document that was found in its document."""
    return f"{MEMBERS}{place}"
