"""The command's own fields: fetched by their claim check, handed to the reader, and missed in time."""

import dataclasses
import hashlib

import pytest

from services.extraction import usecases
from shared.contracts.documents import ProcessDocument
from shared.contracts.envelope import ClaimCheck, Envelope, write_json
from shared.contracts.fields import WantedField, WantedFields, fields_key
from tests.support.fakes.extraction import MemoryJobs, ScriptedReader, desk
from tests.support.fakes.storage import MemoryStore
from tests.support.messages import message

WANTED = WantedFields((WantedField("plot", "string", "Plot no.", synonyms=("Parcel",), required=True),))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def command(store: MemoryStore, fields: bytes | None) -> Envelope:
    """The command to read a file, which is there, with these fields."""
    envelope = message(ProcessDocument)
    body = envelope.body
    claim = fields and store.put(
        "files", fields_key("c", hashlib.sha256(fields).hexdigest()), fields, "application/json"
    )
    blob = store.put("files", body.file.key, b"%PDF-1.7", "application/pdf")
    return dataclasses.replace(envelope, body=dataclasses.replace(body, file=blob, fields=claim))


def run(store: MemoryStore, wanted: Envelope) -> tuple[ScriptedReader, str]:
    """The reader, and how the job ended."""
    reader, jobs = ScriptedReader(), MemoryJobs()
    usecases.read_document(desk(store, jobs, reader), wanted)
    (outcome,) = jobs.outcomes.values()
    return reader, str(outcome)


def test_the_reader_is_told_what_to_read(store: MemoryStore) -> None:
    reader, outcome = run(store, command(store, write_json(WANTED)))
    assert (reader.wanted, outcome) == ([WANTED], "extracted")


def test_without_any_it_reads_what_is_built_in(store: MemoryStore) -> None:
    reader, outcome = run(store, command(store, None))
    assert (reader.wanted, outcome) == ([None], "extracted")


@pytest.mark.parametrize("damage", ["gone", "changed", "no fields"])
def test_fields_that_are_not_as_they_were_written_are_our_fault(store: MemoryStore, damage: str) -> None:
    wanted = command(store, write_json(WANTED) if damage != "no fields" else b"[]")
    claim = wanted.body.fields
    assert isinstance(claim, ClaimCheck)
    if damage == "gone":
        store.delete(claim.bucket, claim.key)
    elif damage == "changed":
        store.objects[claim.bucket, claim.key] += b" "
    reader, outcome = run(store, wanted)
    assert (reader.wanted, outcome) == ([], "processing_failed")
