"""How a document becomes a record and a record a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import bson

from services.documents.domain.documents import MAX_FINDINGS_BYTES, Document, Findings, Scalar, Step
from services.documents.domain.erasures import Erasure
from services.documents.domain.states import State
from services.documents.errors import ResultUnusable
from services.documents.models import DocumentRecord, ProofRecord
from services.documents.ports.documents import Change
from services.documents.repository.names import names_of
from shared.contracts.envelope import ClaimCheck, from_plain, to_plain
from shared.contracts.extraction import Check
from shared.contracts.pages import KeptPages
from shared.database import Record

# By the members of a document, what they are called in its record. Records are read and written as they are: objects
# of mongoengine would take a millisecond each.
_CALLED = {field.name: DocumentRecord._fields[field.name].db_field for field in dataclasses.fields(Document)}


def document_fields(document: Document) -> Record:
    """The record of a new document."""
    fields = {called: getattr(document, name) for name, called in _CALLED.items()} | {
        "state": document.state.value,
        "names": names_of(document),
        "history": [step_fields(step) for step in document.history],
        "externalData": pair_fields(document.external_data),
        "findings": document.findings and findings_fields(document.findings),
        "mail": document.mail and to_plain(document.mail),
    }
    return _present(fields)


def step_changes(after: Document, steps: Sequence[Step], change: Change) -> Record:
    """The update that leads to `after` by these steps."""
    changed: Record = {
        "state": after.state.value,
        "names": names_of(after),
        "version": after.version,
        "updatedAt": after.updated_at,
        "updatedBy": after.updated_by,
    }
    if change.findings:
        changed["findings"] = findings_fields(change.findings)
    if change.project_id:
        changed["projectId"] = change.project_id
    if change.mail:
        changed["mail"] = to_plain(change.mail)
    return {"$set": changed, "$push": {"history": {"$each": [step_fields(step) for step in steps]}}}


def document_of(record: Record) -> Document:
    """The document of a record, of whose findings and external data some may have been left unread."""
    findings = record.get("findings")
    plain = {name: record.get(called) for name, called in _CALLED.items()} | {
        "file_ids": tuple(record["fileIds"]),
        "history": tuple(_step(step) for step in record["history"]),
        "external_data": {pair["key"]: pair.get("value") for pair in record["externalData"]},
        "findings": findings and _findings(findings),
        "mail": from_plain(ClaimCheck, record["mail"]) if "mail" in record else None,
    }
    return Document(**plain)


def step_fields(step: Step) -> Record:
    return _present(_members(step) | {"state": step.state.value})


def _step(fields: Record) -> Step:
    return Step(**fields | {"state": State(fields["state"])})


def pair_fields(data: Mapping[str, Scalar]) -> list[Record]:
    """External data. Its keys are values here, for MongoDB would not take every text as a name."""
    return [{"key": key, "value": value} for key, value in data.items()]


def findings_fields(findings: Findings) -> Record:
    """ResultUnusable when they cannot be kept."""
    fields = {
        "type": findings.document_type,
        "entities": findings.entities,
        "details": findings.details,
        "checks": [_members(check) for check in findings.checks],
        **({"pages": to_plain(findings.pages)} if findings.pages else {}),
    }
    try:
        size = len(bson.encode(fields))
    except (bson.errors.BSONError, OverflowError) as fault:
        raise ResultUnusable("result_unreadable", f"What was read cannot be stored: {fault}.") from fault
    if size > MAX_FINDINGS_BYTES:
        raise ResultUnusable("result_too_large", "More was read than one document can hold. Split the file.")
    return fields


def _findings(fields: Record) -> Findings:
    checks = (Check(**check | {"fields": tuple(check["fields"])}) for check in fields.get("checks", ()))
    pages = from_plain(KeptPages, fields["pages"]) if "pages" in fields else None
    return Findings(fields["type"], fields.get("entities", {}), fields.get("details", {}), tuple(checks), pages)


def _members(value: Any) -> Record:
    """Those of a dataclass, as they are: `dataclasses.asdict` would copy all that is in them."""
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _present(fields: Record) -> Record:
    """Without the members that have no value."""
    return {name: value for name, value in fields.items() if value is not None}


def erasure_fields(erasure: Erasure) -> Record:
    """The record of the proof."""
    plain = dataclasses.asdict(erasure)
    plain |= {name: plain[name].value for name in ("state", "documented_state")}
    record: Record = ProofRecord(id=plain.pop("document_id"), **plain).to_mongo()
    return record


def erasure_of_record(record: ProofRecord) -> Erasure:
    names = [field.name for field in dataclasses.fields(Erasure) if field.name != "document_id"]
    plain: dict[str, Any] = {name: getattr(record, name) for name in names}
    lists = {name: tuple(plain[name]) for name in ("file_ids", "erased_files")}
    states = {name: State(plain[name]) for name in ("state", "documented_state")}
    return Erasure(document_id=record.id, **plain | lists | states)
