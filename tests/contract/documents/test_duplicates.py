"""Who is the first with its bytes in a project, asked of the fakes and of MongoDB alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.documents.domain.documents import Document
from services.documents.domain.erasures import erasure_of
from services.documents.errors import FirstTaken
from services.documents.ports.documents import Arrival
from shared.ids import new_hex_id, new_uuid
from tests.support.drafts import Records, arrival_of, case_of, document
from tests.support.fakes.documents import START
from tests.support.messages import message

PROJECT, HASH = "c" * 24, "ab" * 32


def first(company: str, sha256: str = HASH, project: str = PROJECT) -> Document:
    return document(company, sha256=sha256, project_id=project, first_in=project)


def test_the_first_is_found_by_its_bytes(records: Records, company: str) -> None:
    kept, other = first(company), first(company, "cd" * 32)
    later = document(company, sha256=HASH, duplicate_of=kept.id)
    for each in (kept, other, later):
        records.documents.add(arrival_of(each))
        assert records.documents.find(company, each.id) == each
    documents = records.documents
    assert documents.firsts(company, PROJECT, [HASH, "ef" * 32]) == {HASH: kept.id}
    assert documents.firsts(company, PROJECT, [HASH, "cd" * 32]) == {HASH: kept.id, "cd" * 32: other.id}
    assert documents.firsts(company, "d" * 24, [HASH]) == documents.firsts(new_hex_id(), PROJECT, [HASH]) == {}


def test_of_eight_at_once_exactly_one_is_first(records: Records, company: str) -> None:
    rivals = [first(company) for _ in range(8)]

    def add(each: Document) -> bool:
        try:
            return records.documents.add(arrival_of(each, message(id=new_uuid()))) == each.case_id
        except FirstTaken:
            return False

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(add, rivals))
    assert won.count(True) == 1
    winner = rivals[won.index(True)]
    assert records.documents.firsts(company, PROJECT, [HASH]) == {HASH: winner.id}
    for each in rivals:
        kept = each if each is winner else None
        assert records.documents.find(company, each.id) == kept
        assert (records.cases.find(company, each.case_id) is None) == (kept is None)
    sent = records.outbox.lease()
    assert len(sent) == 1
    records.outbox.sent(sent[0])


def test_an_arrival_of_which_one_is_beaten_leaves_nothing(records: Records, company: str) -> None:
    records.documents.add(arrival_of(first(company)))
    case_id = new_uuid()
    fresh, beaten = (document(company, case_id=case_id, first_in=PROJECT, sha256=each) for each in ("cd" * 32, HASH))
    with pytest.raises(FirstTaken):
        records.documents.add(Arrival(case_of(fresh, beaten), [fresh, beaten], {}))
    assert records.documents.find(company, fresh.id) is None
    assert records.cases.find(company, case_id) is None
    assert records.documents.firsts(company, PROJECT, ["cd" * 32]) == {}


def test_other_companies_and_projects_have_firsts_of_their_own(records: Records, company: str) -> None:
    alike = [first(company), first(new_hex_id()), first(company, project="d" * 24)]
    for each in alike:
        assert records.documents.add(arrival_of(each)) == each.case_id


def test_what_is_erased_leaves_its_place_to_the_next(records: Records, company: str) -> None:
    kept, following = first(company), first(company)
    records.documents.add(arrival_of(kept))
    assert records.documents.erase(kept, erasure_of(kept, kept.file_ids, START, "client-a"))
    assert records.documents.firsts(company, PROJECT, [HASH]) == {}
    assert records.documents.add(arrival_of(following)) == following.case_id
