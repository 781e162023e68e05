"""What documents needs of its records, asked of the fake and of MongoDB alike."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from mongoengine.connection import get_db

from services.documents.domain.documents import Findings, Move, Note
from services.documents.domain.listing import Selection
from services.documents.domain.states import TRANSITIONS, State
from services.documents.errors import ResultUnusable
from services.documents.ports.documents import Change
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from shared.contracts.envelope import ClaimCheck
from shared.contracts.extraction import Check
from shared.contracts.pages import KeptPages
from shared.idempotency import Mark
from shared.ids import new_hex_id, new_uuid
from shared.listing import Slice
from tests.support.drafts import Records, arrival_of, document, step_to
from tests.support.fakes.documents import START
from tests.support.messages import message
from tests.support.profiling import check_queries, profiled

S = State
FOUND = Findings(
    "invoice",
    {"number": "R-1", "totals": {"gross": 119.0}, "items": [{"name": "Kühlschrank", "qty": 2}]},
    {"number": {"value": "R-1", "confidence": 0.9, "region": {"left": 0.1, "top": 0.2, "width": 0.1, "height": 0.01}}},
    (Check("lines_add_up", passed=True, blocking=True, message="The lines add up.", fields=("items", "totals.net")),),
    KeptPages(
        ClaimCheck("extracts", "pages.json", "0" * 64, 2104, "application/json"),
        ClaimCheck("extracts", "pages.bin", "1" * 64, 74213, "application/octet-stream"),
    ),
)


def test_a_document_comes_back_as_it_was_kept(records: Records, company: str) -> None:
    pairs = {"a.b": 1, "$where": "x", "": None, "nul\0": True, "ratio": 1.5}
    for kept in (
        document(company),
        document(company, S.PROCESSING, S.REVIEW_REQUIRED, external_id="E", external_data=pairs, findings=FOUND),
    ):
        records.documents.add(arrival_of(kept))
        assert records.documents.find(company, kept.id, with_details=True) == kept


def test_details_come_only_when_asked_for(records: Records, company: str) -> None:
    kept = document(company, findings=FOUND)
    records.documents.add(arrival_of(kept))
    found = records.documents.find(company, kept.id)
    assert found
    assert found.findings == dataclasses.replace(FOUND, details={})


def test_another_company_sees_and_changes_nothing(records: Records, company: str) -> None:
    kept, other = document(company), new_hex_id()
    records.documents.add(arrival_of(kept))
    foreign = dataclasses.replace(kept, company_id=other)
    assert records.documents.find(other, kept.id) is None
    assert records.documents.page(other, Selection(), Slice()).total == 0
    assert not records.documents.advance(foreign, [step_to(S.PROCESSING)])
    assert not records.documents.annotate(other, kept.id, Note(title="Mine"), "client-b", START)
    assert records.documents.find(company, kept.id) == kept


def test_a_step_is_written_whole(records: Records, company: str) -> None:
    kept = document(company, S.PROCESSING)
    records.documents.add(arrival_of(kept))
    step = kept.step(Move(S.DONE_AUTOMATICALLY, "checks_passed", "Fine."), "system", START + timedelta(minutes=1))
    assert records.documents.advance(kept, [step], Change(FOUND))
    after = dataclasses.replace(
        kept,
        history=(*kept.history, step),
        version=kept.version + 1,
        updated_at=step.at,
        updated_by="system",
        findings=FOUND,
    )
    assert records.documents.find(company, kept.id, with_details=True) == after
    assert records.documents.page(company, Selection(states=[S.DONE_AUTOMATICALLY]), Slice()).total == 1
    assert records.documents.advance(after, [step_to(S.TRANSFERRED)])
    final = records.documents.find(company, kept.id, with_details=True)
    assert final
    assert (final.state, final.findings) == (S.TRANSFERRED, FOUND)


def test_who_knows_an_older_document_writes_nothing(records: Records, company: str) -> None:
    kept = document(company, S.PROCESSING, S.DONE, S.TRANSFER_FAILED)
    records.documents.add(arrival_of(kept))
    assert records.documents.advance(kept, [step_to(S.TRANSFER_FAILED)])
    now = records.documents.find(company, kept.id)
    assert not records.documents.advance(
        kept, [step_to(S.TRANSFERRED)], Change(FOUND, outgoing=[message(id=new_uuid())])
    )
    assert records.documents.find(company, kept.id) == now


@pytest.mark.parametrize("state", [state for state in State if TRANSITIONS[state]])
def test_of_eight_at_once_one_wins(records: Records, company: str, state: State) -> None:
    kept = document(company, *([state] if state is not S.NEW else []))
    records.documents.add(arrival_of(kept))
    onward = sorted(TRANSITIONS[state])
    steps = [step_to(onward[n % len(onward)], seconds=n) for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda step: records.documents.advance(kept, [step]), steps))
    assert won.count(True) == 1
    after = records.documents.find(company, kept.id)
    assert after
    assert (after.history, after.version) == ((*kept.history, steps[won.index(True)]), kept.version + 1)


def test_findings_that_outgrow_a_record_change_nothing(records: Records, company: str) -> None:
    kept = document(company, S.PROCESSING)
    records.documents.add(arrival_of(kept))
    with pytest.raises(ResultUnusable) as refused:
        records.documents.advance(
            kept, [step_to(S.EXTRACTED)], Change(Findings("invoice", {"note": "x" * 8 * 1024 * 1024}))
        )
    assert refused.value.reason == "result_too_large"
    assert records.documents.find(company, kept.id) == kept
    assert records.documents.advance(
        kept, [step_to(S.EXTRACTED)], Change(Findings("invoice", {"note": "x" * 7_000_000}))
    )


def test_notes_replace_what_they_name(records: Records, company: str) -> None:
    kept = document(company, external_id="E-1", external_data={"old": 1})
    records.documents.add(arrival_of(kept))
    later = START + timedelta(minutes=1)
    for note in (Note(title="Title"), Note(external_id="E-2"), Note(external_data={"a.b": "x", "$c": 2})):
        assert records.documents.annotate(company, kept.id, note, "client-b", later)
    noted = records.documents.find(company, kept.id)
    assert noted == dataclasses.replace(
        kept,
        title="Title",
        external_id="E-2",
        external_data={"a.b": "x", "$c": 2},
        updated_at=later,
        updated_by="client-b",
    )
    assert records.documents.annotate(company, kept.id, Note(external_data={}), "client-b", later)
    cleared = records.documents.find(company, kept.id)
    assert cleared
    assert cleared.external_data == {}
    assert not records.documents.annotate(company, new_hex_id(), Note(title="x"), "client-b", later)


def test_messages_leave_with_the_document_and_its_steps(records: Records, company: str) -> None:
    kept, first, second = document(company), message(id=new_uuid()), message(id=new_uuid())
    records.documents.add(arrival_of(kept, first))
    assert records.outbox.lease() == [first]
    assert not records.outbox.lease()
    records.outbox.sent(first)
    assert records.documents.advance(kept, [step_to(S.PROCESSING, seconds=0)], Change(outgoing=[second]))
    assert records.outbox.lease() == [second]
    records.outbox.sent(second)
    assert not records.outbox.lease()


def test_pages_are_cut_in_a_stable_order(records: Records, company: str) -> None:
    ids = sorted(new_hex_id() for _ in range(5))
    for place, identity in enumerate(ids):
        moved = START + timedelta(seconds=10 - place)
        kept = document(company, id=identity, updated_at=moved, findings=FOUND)
        records.documents.add(arrival_of(kept))
    for part, expected in (
        (Slice(), ids[::-1]),
        (Slice(descending=False), ids),
        (Slice(key="updated_at"), ids),
        (Slice(key="updated_at", descending=False), ids[::-1]),
        (Slice(offset=1, limit=2), ids[3:1:-1]),
        (Slice(offset=9), []),
        (Slice(limit=0), []),
    ):
        page = records.documents.page(company, Selection(), part)
        assert ([item.id for item in page.items], page.total) == (expected, 5)
    assert page.total == 5
    assert records.documents.page(company, Selection(), Slice()).items[0].findings == Findings("invoice")


def test_pages_hold_what_is_selected(records: Records, company: str) -> None:
    one = document(company, S.PROCESSING, project_id="1" * 24)
    two = document(company, S.PROCESSING, S.DONE, project_id="2" * 24)
    three = document(company, project_id="2" * 24, file_ids=(one.file_id,))
    for kept in (one, two, three):
        records.documents.add(arrival_of(kept))
    for selection, expected in (
        (Selection(), {one.id, two.id, three.id}),
        (Selection(project_ids=["2" * 24]), {two.id, three.id}),
        (Selection(project_ids=["1" * 24, "2" * 24]), {one.id, two.id, three.id}),
        (Selection(states=[S.DONE, S.NEW]), {two.id, three.id}),
        (Selection(project_ids=["2" * 24], states=[S.NEW]), {three.id}),
        (Selection(file_id=one.file_id), {one.id, three.id}),
        (Selection(project_ids=["3" * 24]), set()),
    ):
        page = records.documents.page(company, selection, Slice())
        assert ({item.id for item in page.items}, page.total) == (expected, len(expected))


def test_mongodb_uses_an_index_for_every_query_and_ends_slow_ones(database: Database, company: str) -> None:
    documents = MongoDocuments()
    kept = document(company)
    documents.add(arrival_of(kept))
    with profiled(get_db("documents"), "documents") as queries:
        documents.find(company, kept.id)
        documents.advance(kept, [step_to(S.PROCESSING)])
        documents.annotate(company, kept.id, Note(title="x"), "client-b", START)
        documents.marked(Mark(new_hex_id(), "x"))
        documents.of_case(company, kept.case_id)
        documents.unshared(kept)
        documents.firsts(company, kept.project_id, [kept.sha256])
        database.outbox.lease()
    assert len(queries) >= 8
    check_queries(queries)
