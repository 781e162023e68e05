"""The records of documents are as their models declare them."""

from datetime import timedelta

import pytest
from mongoengine.errors import FieldDoesNotExist

from services.documents.domain.documents import Document, Findings, Move
from services.documents.domain.states import State
from services.documents.models import DocumentRecord
from services.documents.ports.documents import Change
from services.documents.repository.records import document_fields, document_of, step_changes
from shared.contracts.envelope import ClaimCheck
from shared.contracts.extraction import Check
from shared.contracts.pages import KeptPages
from shared.ids import new_hex_id
from tests.support.drafts import document
from tests.support.fakes.documents import START

S = State
PAGES = KeptPages(ClaimCheck("b", "i", "0" * 64, 1, "x/y"), ClaimCheck("b", "p", "1" * 64, 2, "x/z"))
CHECKS = (Check("sums", True, True, "Fine.", ("net",)),)
FOUND = Findings("invoice", {"number": "R-1"}, {"number": {"page": 1}}, CHECKS, PAGES)
BARE = document(new_hex_id())
FULL = document(
    new_hex_id(), S.PROCESSING, S.DONE, external_id="E", external_data={"a": 1, "b": None, "c": "x"}, findings=FOUND,
    first_in=new_hex_id(), duplicate_of=new_hex_id(),
)  # fmt: skip


@pytest.mark.parametrize("kept", [BARE, FULL])
def test_a_record_has_the_members_that_are_declared(kept: Document) -> None:
    record = DocumentRecord._from_son(document_fields(kept))  # refuses others
    record.validate()
    assert (record.state, record.file_ids[0], record.history[-1].state) == (kept.state, kept.file_id, kept.state)
    with pytest.raises(FieldDoesNotExist):
        DocumentRecord._from_son(document_fields(kept) | {"documentedState": "new"})


@pytest.mark.parametrize("kept", [BARE, FULL])
def test_a_document_comes_back_from_its_record(kept: Document) -> None:
    assert document_of(document_fields(kept)) == kept


def test_a_step_changes_the_record_to_that_of_the_document_after_it() -> None:
    before = document(new_hex_id(), S.PROCESSING)
    step = before.step(Move(S.DONE_AUTOMATICALLY, "checks_passed"), "system", START + timedelta(minutes=1))
    after = before.after([step], FOUND, "d" * 24)
    update = step_changes(after, [step], Change(FOUND, "d" * 24))
    record = document_fields(before) | update["$set"]
    record["history"] = [*record["history"], *update["$push"]["history"]["$each"]]
    assert record == document_fields(after)


@pytest.mark.parametrize(
    ("ways", "names"),
    [
        ([], ["*", "new"]),
        ([S.PROCESSING, S.DONE, S.TRANSFERRED], ["*", "transferred", "documented:done"]),
        ([S.PROCESSING, S.DONE, S.TRANSFER_FAILED], ["*", "transferFailed", "documented:failed"]),
    ],
)
def test_a_document_is_listed_under_its_states_names(ways: list[State], names: list[str]) -> None:
    assert document_fields(document(new_hex_id(), *ways))["names"] == names
