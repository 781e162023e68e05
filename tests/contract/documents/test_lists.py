"""Lists of documents: what each filter finds, in the fake and in MongoDB alike, and what it costs MongoDB."""

import dataclasses
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from mongoengine.connection import get_db

from services.documents.domain.documents import Document, Findings
from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from services.documents.models import DocumentRecord
from services.documents.repository import listing
from services.documents.repository.database import Database
from services.documents.repository.documents import MongoDocuments
from services.documents.repository.records import document_fields
from shared.database import lists
from shared.ids import new_hex_id, new_uuid
from shared.listing import Cursor, Slice
from tests.support.drafts import Records, arrival_of, document
from tests.support.fakes.documents import START
from tests.support.fakes.listing import is_selected
from tests.support.profiling import check_queries, profiled

S = State
PROJECTS = [f"{n:024x}" for n in range(20)]
FILE, EXTERNAL = new_uuid(), "doc-0001"
WAYS: list[tuple[State, ...]] = [
    (),
    (S.PROCESSING, S.JUNK),
    (S.PROCESSING, S.DONE),
    (S.PROCESSING, S.DONE, S.TRANSFERRED),
    (S.PROCESSING, S.DONE_AUTOMATICALLY, S.TRANSFER_FAILED),
    (S.PROCESSING, S.SPLIT),
]
ORDERS = [Slice(key=key, descending=down) for key in ("created_at", "updated_at") for down in (True, False)]


def later(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def some(company: str, count: int = 48) -> list[Document]:
    """Documents of all kinds; several were created in the same moment, several updated in the same."""
    return [
        document(
            company,
            *WAYS[n % len(WAYS)],
            project_id=PROJECTS[n % 4],
            file_ids=(new_uuid(), FILE) if n % 8 == 1 else (FILE,) if n % 8 == 3 else (new_uuid(),),
            external_id=EXTERNAL if n % 5 == 2 else None,
            created_at=later(n // 3),
            updated_at=later(100 + n * 7 % count // 2),
            findings=Findings("invoice", {"number": f"R-{n}"}),
        )
        for n in range(count)
    ]


def keep(records: Records, documents: list[Document]) -> None:
    for each in documents:
        records.documents.add(arrival_of(each))


NOTHING = Selection((), [S.TRANSFERRED], documented=True)  # the published contract has no such state
SELECTIONS = [
    NOTHING,
    Selection(),
    Selection(PROJECTS[1:2]),
    Selection(PROJECTS[1:3]),
    Selection(PROJECTS[1:2] * 2),
    Selection(PROJECTS[8:9]),
    Selection((), [S.DONE]),
    Selection((), [S.DONE, S.JUNK, S.DONE]),
    Selection(PROJECTS[:3], [S.NEW, S.TRANSFERRED]),
    Selection((), [S.DONE], documented=True),
    Selection((), [S.FAILED, S.NEW], documented=True),
    Selection(PROJECTS[:3], [S.DONE], documented=True),
    Selection(file_id=FILE),
    Selection(PROJECTS[:2], [S.TRANSFERRED, S.JUNK], FILE),
    Selection(file_id=new_uuid()),
    Selection(external_id=EXTERNAL),
    Selection((), [S.DONE], FILE, EXTERNAL, documented=True),
    Selection(external_id='{"$ne":null}'),
    Selection(number=2_000_000_000),
    Selection(updated_after=later(110)),
    Selection(updated_before=later(110)),
    Selection(PROJECTS[:3], [S.NEW, S.DONE], updated_after=later(105), updated_before=later(115)),
    Selection(PROJECTS[:1], updated_after=later(1000)),
    Selection(external_id=EXTERNAL, updated_before=later(110)),
]


@pytest.mark.parametrize("ranges", [listing.MAX_RANGES, 3])
def test_every_filter_finds_what_it_says(
    records: Records, company: str, ranges: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MAX_RANGES", ranges)
    documents = some(company)
    keep(records, [*documents, *some(new_hex_id())])
    by_number = Selection(number=documents[5].number)
    for selection, order in itertools.product([*SELECTIONS, by_number], ORDERS):
        place = lambda each: (getattr(each, order.key), each.id)  # noqa: E731, B023
        expected = sorted((e for e in documents if is_selected(e, selection)), key=place, reverse=order.descending)
        for offset, limit in ((0, 50), (1, 3), (40, 5), (0, 0)):
            part = dataclasses.replace(order, offset=offset, limit=limit)
            page = records.documents.page(company, selection, part)
            assert [each.id for each in page.items] == [e.id for e in expected[offset:][:limit]], (selection, part)
            assert (page.total, page.capped) == (len(expected), False), (selection, part)
            assert page.more is (len(expected) > offset + limit)


def test_entities_come_when_asked_for(records: Records, company: str) -> None:
    kept = document(company, findings=Findings("invoice", {"number": "R-1"}, {"number": {"page": 1}}))
    records.documents.add(arrival_of(kept))
    for with_entities, entities in ((False, {}), (True, {"number": "R-1"})):
        (found,) = records.documents.page(company, Selection(), Slice(), with_entities).items
        assert found.findings == Findings("invoice", entities)


def walk(records: Records, company: str, selection: Selection, order: Slice) -> Iterator[list[Document]]:
    """Part by part, each from the cursor of the one before."""
    while True:
        page = records.documents.page(company, selection, order)
        yield list(page.items)
        if not page.more:
            return
        last = page.items[-1]
        order = dataclasses.replace(order, after=Cursor(getattr(last, order.key), last.id))


@pytest.mark.parametrize("selection", [Selection(), Selection(PROJECTS[:3], [S.NEW, S.DONE]), Selection(file_id=FILE)])
@pytest.mark.parametrize("order", ORDERS)
def test_a_cursor_leaves_nothing_out_and_shows_nothing_twice(
    records: Records, company: str, selection: Selection, order: Slice
) -> None:
    documents = some(company)
    keep(records, documents)
    wanted = {each.id for each in documents if is_selected(each, selection)}
    seen: list[str] = []
    for part in walk(records, company, selection, dataclasses.replace(order, limit=4)):
        seen += [each.id for each in part]
        # In between some more come, before, behind and at the very place.
        for at in (later(-5), later(500), getattr(part[-1], order.key)):
            keep(records, [document(company, project_id=PROJECTS[1], created_at=at, updated_at=at, file_ids=(FILE,))])
        if len(seen) > 200:
            break  # those behind would be listed for ever
    assert len(seen) == len(set(seen))
    assert wanted <= set(seen)


def test_rare_filters_count_no_further_than_needed(
    database: Database, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_COUNTED", 3)
    fields = [document_fields(each) for each in some(company)]
    DocumentRecord._get_collection().insert_many(fields)
    for selection in (Selection(file_id=FILE), Selection(updated_after=START), Selection(external_id=EXTERNAL)):
        page = MongoDocuments().page(company, selection, Slice(key="updated_at", limit=2))
        assert (page.total, page.capped, page.more, len(page.items)) == (3, True, True, 2)


@pytest.fixture
def many(database: Database, company: str) -> list[Document]:
    """Enough documents that whoever reads them all is seen."""
    documents = some(company, 1200)
    DocumentRecord._get_collection().insert_many([document_fields(each) for each in documents])
    return documents


@pytest.mark.parametrize("order", ORDERS)
def test_every_list_reads_ranges_of_an_index_and_sorts_nothing(
    company: str, many: list[Document], order: Slice
) -> None:
    everywhere = Selection(PROJECTS, [state for state in S if state is not S.DONE])  # 240 ranges
    place = Cursor(getattr(many[600], order.key), many[600].id)
    selections = [*SELECTIONS, everywhere, Selection(number=many[7].number)]
    for selection, after in itertools.product(selections, (None, place)):
        if order.key == "created_at" and (selection.updated_after or selection.updated_before):
            continue  # refused at the door: no index could find by the one moment and order by the other
        with profiled(get_db("documents"), "documents", "counts") as queries:
            MongoDocuments().page(company, selection, dataclasses.replace(order, after=after, limit=5))
        check_queries(queries)
        pages = [query for query in queries if "find" in query["command"]]
        assert bool(pages) is (selection != NOTHING)
        for query in pages:
            # One document, which a unique index finds, need not be sorted.
            assert selection.number or "hasSortStage" not in query, (selection, after)
            assert query["keysExamined"] < 330, (selection, after)
            assert query["docsExamined"] < 60, (selection, after)
