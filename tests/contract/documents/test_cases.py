"""Cases, asked of the fakes and of MongoDB alike."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from mongoengine.connection import get_db

from services.documents.domain.cases import Case, CaseState, tally
from services.documents.domain.documents import Document
from services.documents.domain.listing import CaseSelection
from services.documents.domain.states import State
from services.documents.ports.documents import Arrival
from services.documents.repository.cases import MongoCases
from services.documents.repository.database import Database
from shared.contracts.envelope import Envelope
from shared.idempotency import KeyReused, Mark
from shared.ids import new_hex_id, new_uuid, new_uuid7
from shared.listing import Slice
from tests.support.drafts import NUMBERS, Records, case_of, document
from tests.support.fakes.documents import START
from tests.support.messages import message

S, C = State, CaseState
ONE, TWO = "1" * 24, "2" * 24


def opened(company: str, *file_ids: str, project_id: str = ONE) -> Case:
    return Case(
        id=new_uuid7(),
        company_id=company,
        number=next(NUMBERS),
        project_id=project_id,
        state=C.OPEN,
        created_at=START,
        created_by="client-a",
        updated_at=START,
        updated_by="client-a",
        name="März",
        file_ids=file_ids,
    )


def mark(answer: bytes = b"") -> Mark:
    return Mark(new_hex_id(), "what was sent", answer=answer)


def arrival(case: Case, *documents: Document, was_open: bool = True) -> Arrival:
    state = tally(*documents).state
    return Arrival(dataclasses.replace(case, state=state), documents, {}, was_open)


def put(records: Records, case: Case, *file_ids: str, mark: Mark | None = None) -> bool:
    return records.cases.put_files(case, file_ids, "client-b", START + timedelta(seconds=1), mark)


def test_a_case_comes_back_as_it_was_kept(records: Records, company: str) -> None:
    case, nameless = opened(company, new_uuid()), dataclasses.replace(opened(company), name=None)
    for each in (case, nameless):
        assert records.cases.add(each)
        assert records.cases.find(company, each.id) == each
        assert records.cases.find(new_hex_id(), each.id) is None
    assert records.cases.find(company, "x") is None


def test_no_two_cases_bear_one_mark(records: Records, company: str) -> None:
    once, case, again = mark(b"answer"), opened(company), opened(company)
    assert (records.cases.marked(once), records.cases.answer(once)) == (None, None)
    assert [records.cases.add(case, once), records.cases.add(again, once)] == [True, False]
    assert (records.cases.marked(once), records.cases.answer(once)) == (case.id, b"answer")
    assert records.cases.find(company, again.id) is None
    other = dataclasses.replace(once, fingerprint="something else")
    for ask in (records.cases.marked, records.cases.answer):
        with pytest.raises(KeyReused):
            ask(other)


def test_files_are_put_into_the_case_that_it_was(records: Records, company: str) -> None:
    case, files = opened(company), (new_uuid(), new_uuid())
    records.cases.add(case)
    assert put(records, case, *files[:1])
    filled = records.cases.find(company, case.id)
    later = START + timedelta(seconds=1)
    assert filled == dataclasses.replace(case, file_ids=files[:1], updated_at=later, updated_by="client-b")
    assert not put(records, case, *files), "it has a file meanwhile"
    assert not put(records, dataclasses.replace(filled, company_id=new_hex_id()), *files)
    assert put(records, filled, *files)


def test_files_leave_their_mark_in_the_same_write(records: Records, company: str) -> None:
    once, case, other, file_id = mark(b"answer"), opened(company), opened(company), new_uuid()
    for each in (case, other):
        records.cases.add(each)
    assert put(records, case, file_id, mark=once)
    filled = records.cases.find(company, case.id)
    assert filled
    assert not put(records, filled, file_id, new_uuid(), mark=once)
    with pytest.raises(KeyReused):
        put(records, other, file_id, mark=once)
    assert (records.cases.marked(once), records.cases.answer(once)) == (case.id, b"answer")
    assert records.cases.find(company, case.id) == filled
    assert records.cases.find(company, other.id) == other


def test_of_eight_who_put_files_in_at_once_one_wins(records: Records, company: str) -> None:
    case = opened(company)
    records.cases.add(case)
    files = [new_uuid() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda each: put(records, case, each), files))
    assert won.count(True) == 1
    filled = records.cases.find(company, case.id)
    assert filled
    assert filled.file_ids == (files[won.index(True)],)


def test_documents_come_into_an_open_case_once(records: Records, company: str) -> None:
    once, case = mark(), opened(company, new_uuid(), new_uuid())
    records.cases.add(case)
    first, second = ([document(company, case_id=case.id) for _ in range(2)] for _ in range(2))
    assert records.documents.add(arrival(case, *first), once) == case.id
    for again in (once, mark(), None):
        assert records.documents.add(arrival(case, *second), again) is None
    assert records.documents.of_case(company, case.id) == first
    closed = records.cases.find(company, case.id)
    assert closed
    assert (closed.state, records.cases.marked(once)) == (C.PROCESSING, case.id)
    assert not put(records, closed, new_uuid())
    assert not put(records, case, new_uuid())


def test_an_open_case_keeps_the_marks_that_it_had(records: Records, company: str) -> None:
    opening, filling, processing = mark(b"opened"), mark(b"filled"), mark()
    case, file_id = opened(company), new_uuid()
    records.cases.add(case, opening)
    assert put(records, case, file_id, mark=filling)
    filled = records.cases.find(company, case.id)
    assert filled
    assert records.documents.add(arrival(filled, document(company, case_id=case.id)), processing) == case.id
    assert [records.cases.marked(each) for each in (opening, filling, processing)] == [case.id] * 3
    assert [records.cases.answer(each) for each in (opening, filling)] == [b"opened", b"filled"]


def test_what_is_not_the_case_that_it_was_takes_no_documents(records: Records, company: str) -> None:
    case, once = opened(company, new_uuid()), mark()
    records.cases.add(case)
    assert put(records, case, *case.file_ids, new_uuid())
    assert records.documents.add(arrival(case, document(company, case_id=case.id)), once) is None
    assert records.documents.add(arrival(opened(company), document(company)), once) is None
    assert records.documents.of_case(company, case.id) == []
    assert records.cases.marked(once) is None
    assert not records.outbox.lease()


def test_of_eight_who_process_a_case_at_once_one_wins(records: Records, company: str) -> None:
    case = opened(company, new_uuid())
    records.cases.add(case)
    rivals = [document(company, case_id=case.id) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda each: records.documents.add(arrival(case, each)), rivals))
    assert sorted(map(str, won)) == sorted([case.id, *["None"] * 7])
    assert records.documents.of_case(company, case.id) == [rivals[won.index(case.id)]]


def test_cases_are_listed_in_their_order(records: Records, company: str) -> None:
    kept = []
    for place in range(5):
        moments = {"created_at": START + timedelta(seconds=place), "updated_at": START - timedelta(seconds=place)}
        case = dataclasses.replace(opened(company, project_id=ONE if place < 3 else TWO), **moments)  # type: ignore[arg-type]
        records.cases.add(case)
        kept.append(case)
    closed = kept[1]
    records.documents.add(arrival(closed, document(company, case_id=closed.id)))
    kept[1] = dataclasses.replace(closed, state=C.PROCESSING)
    for selection, expected in (
        (CaseSelection(), kept[::-1]),
        (CaseSelection([ONE]), kept[2::-1]),
        (CaseSelection([TWO, ONE, TWO]), kept[::-1]),
        (CaseSelection(states=[C.PROCESSING]), [kept[1]]),
        (CaseSelection(states=[C.PROCESSING, C.OPEN, C.OPEN]), kept[::-1]),
        (CaseSelection([ONE], [C.OPEN]), [kept[2], kept[0]]),
        (CaseSelection([TWO], [C.COMPLETED]), []),
        (CaseSelection(number=kept[2].number), [kept[2]]),
        (CaseSelection([TWO], number=kept[2].number), []),
        (CaseSelection([ONE], [C.OPEN], number=kept[2].number), [kept[2]]),
        (CaseSelection([new_hex_id() for _ in range(500)] + [TWO, ONE]), kept[::-1]),
    ):
        page = records.cases.page(company, selection, Slice())
        assert (page.items, page.total, page.more) == (expected, len(expected), False)
    for part, expected in (
        (Slice(offset=1, limit=2), [kept[3], kept[2]]),
        (Slice(descending=False, limit=1), kept[:1]),
        (Slice(key="updated_at"), kept),
        (Slice(limit=0), []),
    ):
        page = records.cases.page(company, CaseSelection(), part)
        assert (page.items, page.total) == (expected, 5)
    assert records.cases.page(new_hex_id(), CaseSelection(), Slice()).items == []


def test_mongodb_reads_cases_by_ranges_of_an_index(database: Database, company: str) -> None:
    cases, profiled = MongoCases(), get_db("documents")
    for n in range(40):
        cases.add(opened(company, project_id=str(n % 8) * 24))
    profiled.command("profile", 2)
    try:
        for key in ("created_at", "updated_at"):
            for selection in (
                CaseSelection(),
                CaseSelection(states=[C.OPEN, C.FAILED]),
                CaseSelection(["1" * 24, "2" * 24]),
                CaseSelection(["1" * 24], [C.OPEN]),
                CaseSelection(number=next(NUMBERS)),
            ):
                cases.page(company, selection, Slice(key=key, limit=2))
        cases.marked(mark())
        cases.answer(mark())
        ours = {"op": {"$in": ["query", "command"]}, "ns": f"{profiled.name}.cases"}
        queries = list(profiled["system.profile"].find(ours))
    finally:
        profiled.command("profile", 0)
    assert len(queries) >= 22
    assert [query["command"] for query in queries if "COLLSCAN" in query.get("planSummary", "COLLSCAN")] == []
    many = [query for query in queries if "number" not in query["command"].get("filter", {})]
    assert [query["command"] for query in many if query.get("hasSortStage")] == []
    reads = [query for query in queries if query["op"] == "query"]
    assert [query["command"] for query in reads if query["docsExamined"] > 3] == []
    assert [query["command"] for query in queries if "maxTimeMS" not in query["command"]] == []


def test_messages_leave_with_each_document_of_a_case(records: Records, company: str) -> None:
    case_id = new_uuid7()
    documents = [document(company, case_id=case_id) for _ in range(2)]
    told = {each.id: [message(id=new_uuid())] for each in documents}
    records.documents.add(Arrival(case_of(*documents), documents, told))
    sent: list[Envelope] = []
    while leased := records.outbox.lease():
        sent += leased
        for each in leased:
            records.outbox.sent(each)
    assert {each.id for each in sent} == {envelope.id for (envelope,) in told.values()}
