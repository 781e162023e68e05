"""What a request with an Idempotency-Key leaves on documents and projects: one effect, found again by its mark."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from mongoengine.connection import get_db

from services.documents.domain.documents import Note
from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from shared.database.marks import MAX_MARKS
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id, new_uuid
from shared.listing import Slice
from tests.support.drafts import Records, arrival_of, document, step_to
from tests.support.fakes.documents import START
from tests.support.messages import message


def mark() -> Mark:
    return Mark(new_hex_id(), "what was sent")


def refuses(other: Mark, *calls: Callable[[Mark], object]) -> None:
    for call in calls:
        with pytest.raises(KeyReused):
            call(other)


def test_no_two_documents_bear_one_mark(records: Records, company: str) -> None:
    once, kept, again = mark(), document(company), document(company)
    documents = records.documents
    assert records.cases.marked(once) is None
    assert documents.add(arrival_of(kept), once) == kept.case_id
    assert documents.add(arrival_of(again, message(id=new_uuid())), once) == kept.case_id
    assert records.cases.marked(once) == kept.case_id
    assert documents.find(company, kept.id) == kept
    assert documents.find(company, again.id) is None
    other = dataclasses.replace(once, fingerprint="something else")
    refuses(other, records.cases.marked, lambda other: documents.add(arrival_of(again), other))
    assert not records.outbox.lease()


def test_of_fifty_with_one_mark_one_is_kept(records: Records, company: str) -> None:
    once, alike = mark(), [document(company) for _ in range(50)]
    with ThreadPoolExecutor(50) as threads:
        kept = set(threads.map(lambda each: records.documents.add(arrival_of(each), once), alike))
    found = records.documents.page(company, Selection(), Slice(limit=50)).items
    assert {each.case_id for each in found} == kept
    assert len(kept) == 1


def test_a_case_comes_and_stays_away_with_its_document(database: Database, company: str) -> None:
    once, kept, again = mark(), document(company), document(company)
    documents, cases = MongoDocuments(), get_db("documents")["cases"]
    for each in (kept, again):
        documents.add(arrival_of(each), once)
    assert [case["_id"] for case in cases.find({"companyId": company})] == [kept.case_id]


def test_a_step_leaves_its_mark_in_the_same_write(records: Records, company: str) -> None:
    once, kept, other = mark(), document(company, State.PROCESSING, State.DONE), document(company)
    for each in (kept, other):
        records.documents.add(arrival_of(each))
    assert records.documents.advance(kept, [step_to(State.TRANSFERRED)], mark=once)
    assert records.documents.marked(once) == kept.id
    after = records.documents.find(company, kept.id)
    assert after
    assert not records.documents.advance(after, [step_to(State.REJECTED)], mark=once)
    refuses(once, lambda mark: records.documents.advance(other, [step_to(State.PROCESSING)], mark=mark))
    assert records.documents.find(company, kept.id) == after
    assert records.documents.find(company, other.id) == other


def test_a_note_leaves_its_mark_in_the_same_write(records: Records, company: str) -> None:
    once, kept, other = mark(), document(company), document(company)
    for each in (kept, other):
        records.documents.add(arrival_of(each))

    def note(document_id: str, mark: Mark, title: str) -> bool:
        return records.documents.annotate(company, document_id, Note(title=title), "client-b", START, mark)

    assert note(kept.id, once, "Once")
    assert not note(kept.id, once, "Twice")
    refuses(once, lambda mark: note(other.id, mark, "Elsewhere"))
    assert records.documents.marked(once) == kept.id
    titles = [found and found.title for found in (records.documents.find(company, each.id) for each in (kept, other))]
    assert titles == ["Once", other.title]


def test_a_document_forgets_the_oldest_of_too_many_marks(database: Database, company: str) -> None:
    kept, marks, documents = document(company), [mark() for _ in range(MAX_MARKS + 1)], MongoDocuments()
    documents.add(arrival_of(kept))
    for each in marks:
        assert documents.annotate(company, kept.id, Note(title="x"), "client-b", START, each)
    assert documents.marked(marks[0]) is None
    assert documents.marked(marks[1]) == documents.marked(marks[-1]) == kept.id
