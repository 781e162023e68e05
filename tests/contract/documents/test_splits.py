"""Documents that are split into others, in the fake and in MongoDB alike."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.documents.domain.cases import CaseState
from services.documents.domain.documents import Document
from services.documents.domain.erasures import erasure_of
from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from services.documents.errors import FirstTaken
from services.documents.ports.documents import Change
from shared.contracts.documents import MembersDeclined, ProcessDocument
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.ids import new_hex_id, new_uuid
from shared.listing import Slice
from tests.support.drafts import Records, arrival_of, document, step_to
from tests.support.fakes.documents import START
from tests.support.messages import message

S = State
MAIL = ClaimCheck("extracts", "mail.pdf", "0" * 64, 7, "application/pdf")


@pytest.fixture
def parent(records: Records, company: str) -> Document:
    kept = document(company, S.PROCESSING)
    records.documents.add(arrival_of(kept))
    return kept


def children_of(parent: Document, count: int = 2, **members: Any) -> list[Document]:
    shared: dict[str, Any] = {"case_id": parent.case_id, "parent_document_id": parent.id, **members}
    return [document(parent.company_id, **shared) for _ in range(count)]


def split(records: Records, parent: Document, children: list[Document], sent: Envelope | None = None) -> bool:
    outgoing = {children[0].id: [sent]} if sent else {}
    return records.documents.split(parent, [step_to(S.SPLIT)], Change(mail=MAIL), children, outgoing)


def state_of(records: Records, parent: Document) -> CaseState | None:
    case = records.cases.find(parent.company_id, parent.case_id)
    return case.state if case else None


def test_a_document_and_those_it_is_split_into_are_kept_in_one_write(records: Records, parent: Document) -> None:
    children, sent = children_of(parent), message(ProcessDocument, id=new_uuid())
    assert split(records, parent, children, sent)
    after = records.documents.find(parent.company_id, parent.id)
    assert after
    assert (after.state, after.mail, after.version) == (S.SPLIT, MAIL, parent.version + 1)
    assert [records.documents.find(parent.company_id, each.id) for each in children] == children
    assert [each.id for each in records.documents.of_case(parent.company_id, parent.case_id)] == [
        parent.id,
        *(each.id for each in children),
    ]
    assert records.documents.page(parent.company_id, Selection(states=[S.NEW]), Slice()).total == 2
    assert list(records.outbox.lease()) == [sent]
    records.outbox.sent(sent)


def test_the_case_waits_for_all_of_them(records: Records, parent: Document) -> None:
    first, second = children_of(parent)
    split(records, parent, [first, second])
    assert state_of(records, parent) is CaseState.PROCESSING
    records.documents.advance(first, [step_to(S.PROCESSING), step_to(S.FAILED)])
    assert state_of(records, parent) is CaseState.PROCESSING
    records.documents.advance(second, [step_to(S.PROCESSING), step_to(S.DONE_AUTOMATICALLY)])
    assert state_of(records, parent) is CaseState.COMPLETED


def test_what_was_split_or_took_another_step_is_not_split_again(records: Records, parent: Document) -> None:
    assert split(records, parent, children_of(parent))
    late = children_of(parent)
    assert not split(records, parent, late)
    assert records.documents.find(parent.company_id, late[0].id) is None
    assert len(records.documents.of_case(parent.company_id, parent.case_id)) == 3


def test_of_eight_who_split_it_at_once_one_wins(records: Records, parent: Document) -> None:
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda _: split(records, parent, children_of(parent)), range(8)))
    assert won.count(True) == 1
    assert len(records.documents.of_case(parent.company_id, parent.case_id)) == 3


def test_another_first_with_the_same_bytes_stops_the_whole(records: Records, company: str, parent: Document) -> None:
    sha256 = "5" * 64
    records.documents.add(arrival_of(document(company, sha256=sha256, first_in="c" * 24)))
    children = [*children_of(parent, 1), *children_of(parent, 1, sha256=sha256, first_in="c" * 24)]
    with pytest.raises(FirstTaken):
        split(records, parent, children)
    assert records.documents.find(company, parent.id) == parent
    assert records.documents.find(company, children[0].id) is None


def test_the_e_mail_stays_through_later_steps(records: Records, company: str) -> None:
    kept = document(company, S.PROCESSING)
    records.documents.add(arrival_of(kept))
    records.documents.advance(kept, [step_to(S.EXTRACTED)], Change(mail=MAIL))
    extracted = records.documents.find(company, kept.id)
    assert extracted
    assert extracted.mail == MAIL
    records.documents.advance(extracted, [step_to(S.DONE)])
    done = records.documents.find(company, kept.id)
    assert done
    assert done.mail == MAIL


def test_files_without_a_document_are_told(records: Records, company: str) -> None:
    kept = document(company)
    records.documents.add(arrival_of(kept))
    lonely = new_uuid()
    assert records.documents.without_document(company, [kept.file_id, lonely]) == (lonely,)
    assert records.documents.without_document(new_hex_id(), [kept.file_id]) == (kept.file_id,)
    assert records.documents.without_document(company, []) == ()


@pytest.mark.parametrize("erased", [False, True])
def test_messages_leave_because_of_a_document_that_is_there_or_was(
    records: Records, parent: Document, erased: bool
) -> None:
    if erased:
        records.documents.erase(parent, erasure_of(parent, parent.file_ids, START, "client-a"))
    told = dataclasses.replace(message(MembersDeclined), id=new_uuid())
    records.documents.tell(parent.company_id, parent.id, [told], START)
    assert list(records.outbox.lease()) == [told]
    records.outbox.sent(told)
    records.documents.tell(new_hex_id(), parent.id, [told], START)
    assert list(records.outbox.lease()) == []
