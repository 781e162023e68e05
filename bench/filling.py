"""Many documents of one company, made in bulk: records as the product makes them, without its requests and messages."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from services.documents.domain.documents import Document, Findings, Step
from services.documents.domain.states import State
from services.documents.models import DocumentRecord
from services.documents.repository.database import Database
from services.documents.repository.records import document_fields
from shared.contracts.extraction import Check

S = State
BATCH = 1000
PROJECTS = [f"{0x6040DC96 + n:08x}{'0' * 16}" for n in range(20)]
# How documents came where they are, and how many in a hundred did.
_READ = (S.NEW, S.PROCESSING)
WAYS: dict[tuple[State, ...], int] = {
    (*_READ, S.DONE_AUTOMATICALLY, S.TRANSFERRED): 60,
    (*_READ, S.REVIEW_REQUIRED, S.IN_COMPLETION, S.DONE, S.TRANSFERRED): 15,
    (*_READ, S.DONE_AUTOMATICALLY): 8,
    (*_READ, S.REVIEW_REQUIRED): 6,
    (*_READ, S.DONE_AUTOMATICALLY, S.TRANSFER_FAILED): 2,
    (*_READ, S.FAILED): 4,
    (*_READ, S.JUNK): 2,
    (S.NEW, S.REJECTED): 2,
    (S.NEW,): 1,
}
BEGIN, SPAN = datetime(2025, 1, 1, tzinfo=UTC), timedelta(days=365)
# What a page of an invoice gives: some kilobytes, most of them where its values stand.
_PLACE = {"page": 1, "region": {"left": 0.1, "top": 0.2, "width": 0.3, "height": 0.02}, "confidence": 0.98}
_ITEM = {"position": 1, "name": "Office chair with armrests", "qty": 2, "unitPrice": 59.5, "net": 119.0, "taxRate": 19}
_ENTITIES = {
    "type": "invoice",
    "currency": "EUR",
    "issuedAt": "2025-03-01",
    "totals": {"net": 119.0, "tax": 22.61, "gross": 141.61},
    "sender": {"name": "Muster GmbH", "street": "Musterweg 1", "postcode": "12345", "city": "Musterstadt"},
    "items": [_ITEM] * 5,
}
_DETAILS = {name: {"value": "119.0", "text": "119,00", **_PLACE} for name in (*_ENTITIES, *_ITEM, "number", "net")}
_CHECKS = tuple(
    Check(
        code, passed=True, blocking=True, message="The lines add up to the net total.", fields=("items", "totals.net")
    )
    for code in ("lines_add_up", "totals_add_up", "dates_in_order", "iban_valid")
)


def fill(mongodb_url: str, company_id: str, count: int, keep: int) -> Sequence[Document]:
    """Put so many documents into a database that has none; `keep` of them, evenly spread.

    The indexes of lists are made afterwards, by the product, since that takes a fraction of the time.
    """
    database = Database(mongodb_url)
    database.prepare()
    records = DocumentRecord._get_collection()
    for name in records.index_information():
        if name.startswith("companyId_"):
            records.drop_index(name)
    kept = list(_inserted(records, _documents(company_id, count), count // keep))
    database.prepare()
    return kept


def _inserted(records: Any, documents: Iterator[Document], each: int) -> Iterator[Document]:
    """Insert them all, each batch while the next is made; gives every so manieth."""
    with ThreadPoolExecutor(1) as writer:
        writing: Future[Any] | None = None
        while some := list(islice(documents, BATCH)):
            made = [document_fields(document) for document in some]
            if writing:
                writing.result()
            writing = writer.submit(records.insert_many, made, ordered=False)
            yield from (document for document in some if document.number % each == 0)
        if writing:
            writing.result()


def _documents(company_id: str, count: int) -> Iterator[Document]:
    chance = random.Random(count)
    ways = chance.choices([*WAYS], [*WAYS.values()], k=count)
    for number, way in enumerate(ways, 1):
        project_id = chance.choice(PROJECTS)
        created = BEGIN + SPAN * (number / count)
        created -= timedelta(microseconds=created.microsecond % 1000)
        updated = created + timedelta(seconds=chance.randrange(3, 500_000))
        moments = [created, *[created + timedelta(seconds=2)] * (len(way) - 2), updated][: len(way)]
        history = tuple(Step(state, at, "system", "because", 1) for state, at in zip(way, moments, strict=True))
        yield Document(
            id=f"{int(created.timestamp()):08x}{chance.getrandbits(64):016x}",
            company_id=company_id,
            number=number,
            project_id=project_id,
            case_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            file_ids=(str(uuid.UUID(int=chance.getrandbits(128), version=4)),),
            sha256=f"{chance.getrandbits(256):064x}",
            title=f"invoice-{number}.pdf",
            created_at=created,
            created_by="client-6040dc9680b782b365ea77d5",
            updated_at=history[-1].at,
            updated_by="system",
            history=history,
            version=len(way),
            external_id=f"doc-{number:07}",
            external_data={"internalSystemId": "sap-01"},
            findings=Findings("invoice", {**_ENTITIES, "number": f"R-{number}"}, _DETAILS, _CHECKS),
            first_in=project_id,
        )
