"""Documents that are deleted with proof, asked of the fakes and of MongoDB alike."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from mongoengine.connection import get_db

from services.documents.domain.cases import CaseState
from services.documents.domain.documents import Document
from services.documents.domain.erasures import erasure_of
from services.documents.domain.states import State
from services.documents.ports.documents import Arrival, Change
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from shared.ids import new_hex_id, new_uuid
from tests.support.drafts import Records, arrival_of, case_of, document, step_to
from tests.support.fakes.documents import START
from tests.support.messages import message

S = State


def erase(records: Records, each: Document) -> bool:
    """As the use case does it, once."""
    unshared = records.documents.unshared(each)
    return records.documents.erase(each, erasure_of(each, unshared, START, "client-b"))


@pytest.mark.parametrize("way", [(), (S.PROCESSING, S.DONE), (S.PROCESSING, S.DONE, S.TRANSFERRED)])
def test_the_proof_takes_the_place_of_the_document(records: Records, company: str, way: tuple[State, ...]) -> None:
    kept, told = document(company, *way, sha256="ab" * 32), message(id=new_uuid())
    records.documents.add(arrival_of(kept, message(id=new_uuid())))
    assert records.documents.erasure(company, kept.id) is None
    proof = erasure_of(kept, kept.file_ids, START, "client-b")
    assert records.documents.erase(kept, proof, [told])
    assert records.documents.find(company, kept.id) is None
    assert records.documents.erasure(company, kept.id) == proof
    assert records.documents.erasure(new_hex_id(), kept.id) is None
    assert (proof.state, proof.documented_state) == (kept.state, kept.documented_state)
    assert records.outbox.lease() == [told], "what the document had to say goes with it"
    records.outbox.sent(told)


def test_who_knows_an_older_document_erases_nothing(records: Records, company: str) -> None:
    kept = document(company)
    records.documents.add(arrival_of(kept))
    assert records.documents.advance(kept, [step_to(S.PROCESSING)])
    now = records.documents.find(company, kept.id)
    assert now
    for each in (kept, dataclasses.replace(now, company_id=new_hex_id())):
        assert not erase(records, each)
    assert records.documents.find(company, kept.id) == now
    assert records.documents.erasure(company, kept.id) is None
    assert erase(records, now)
    assert not erase(records, now)
    assert not records.documents.advance(now, [step_to(S.FAILED)], Change(outgoing=[message(id=new_uuid())]))
    assert not records.outbox.lease()


def test_files_that_others_have_are_shared(records: Records, company: str) -> None:
    one, two, three = (new_uuid() for _ in range(3))
    kept = document(company, file_ids=(one, two, three))
    others = [document(company, file_ids=(two,)), document(company, file_ids=(three, two))]
    strangers = document(new_hex_id(), file_ids=(one,))
    for each in (kept, *others, strangers):
        records.documents.add(arrival_of(each))
    assert records.documents.unshared(kept) == (one,)
    assert records.documents.unshared(others[0]) == ()
    assert erase(records, others[1])
    assert records.documents.unshared(kept) == (one, three)
    for wrong in ((), (three,), (one, two, three)):
        assert not records.documents.erase(kept, erasure_of(kept, wrong, START, "client-b"))
    assert erase(records, kept)
    assert records.documents.unshared(others[0]) == (two,)
    assert records.documents.find(company, others[0].id) == others[0]


def test_of_eight_that_go_at_once_with_one_file_exactly_one_takes_it_along(records: Records, company: str) -> None:
    for _ in range(5):
        file_id = new_uuid()
        alike = [document(company, file_ids=(file_id,)) for _ in range(8)]
        for each in alike:
            records.documents.add(arrival_of(each))

        def erase_for_sure(each: Document) -> None:
            while not erase(records, each):
                pass

        with ThreadPoolExecutor(8) as threads:
            for done in [threads.submit(erase_for_sure, each) for each in alike]:
                done.result()
        proofs = [records.documents.erasure(company, each.id) for each in alike]
        assert [proof.erased_files for proof in proofs if proof and proof.erased_files] == [(file_id,)]


def test_a_case_forgets_a_document_and_goes_with_the_last(records: Records, company: str) -> None:
    case_id = new_uuid()
    failed = document(company, S.PROCESSING, S.FAILED, case_id=case_id)
    waiting = document(company, S.PROCESSING, case_id=case_id)
    records.documents.add(Arrival(case_of(failed, waiting), [failed, waiting], {}))
    assert erase(records, waiting)
    case = records.cases.find(company, case_id)
    assert case
    assert (case.state, case.updated_by) == (CaseState.FAILED, "client-b")
    assert records.documents.of_case(company, case_id) == [failed]
    assert erase(records, failed)
    assert records.cases.find(company, case_id) is None


def test_mongodb_looks_for_files_and_proofs_by_an_index(database: Database, company: str) -> None:
    documents, profiled = MongoDocuments(), get_db("documents")
    file_id = new_uuid()
    alike = [document(company, file_ids=(file_id,), sha256="ab" * 32) for _ in range(3)]
    for each in alike:
        documents.add(arrival_of(each))
    profiled.command("profile", 2)
    try:
        kept = alike[0]
        documents.firsts(company, "c" * 24, ["ab" * 32])
        assert documents.erase(kept, erasure_of(kept, documents.unshared(kept), START, "client-b"))
        documents.erasure(company, kept.id)
        documents.of_case(company, kept.case_id)
        queries = list(profiled["system.profile"].find({"op": {"$in": ["query", "command", "update", "remove"]}}))
    finally:
        profiled.command("profile", 0)
    ours = [query for query in queries if query["ns"].startswith(f"{profiled.name}.") and "planSummary" in query]
    assert len(ours) >= 8
    assert [query["command"] for query in ours if "COLLSCAN" in query["planSummary"]] == []
    reads = [query for query in ours if query["op"] == "query"]
    assert [query["command"] for query in reads if query["docsExamined"] > 2 or query.get("hasSortStage")] == []
