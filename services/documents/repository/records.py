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
from services.documents.models import (
    CheckRecord,
    DocumentRecord,
    ErasureRecord,
    FindingsRecord,
    PairRecord,
    StepRecord,
)
from services.documents.ports.documents import Change
from shared.contracts.extraction import Check
from shared.database import Record


def document_fields(document: Document) -> Record:
    """The record of a new document."""
    record: Record = _record(document).to_mongo()
    return record


def step_changes(after: Document, steps: Sequence[Step], change: Change) -> Record:
    """The update that leads to `after` by these steps."""
    changed = {
        "state": after.state.value,
        "documentedState": after.documented_state.value,
        "version": after.version,
        "updatedAt": after.updated_at,
        "updatedBy": after.updated_by,
    }
    if change.findings:
        changed["findings"] = findings_record(change.findings).to_mongo()
    if change.project_id:
        changed["projectId"] = change.project_id
    return {"$set": changed, "$push": {"history": {"$each": [step_record(step).to_mongo() for step in steps]}}}


def _record(document: Document) -> DocumentRecord:
    plain = {field.name: getattr(document, field.name) for field in dataclasses.fields(document)}
    return DocumentRecord(
        **plain
        | {
            "state": document.state.value,
            "documented_state": document.documented_state.value,
            "file_ids": list(document.file_ids),
            "history": [step_record(step) for step in document.history],
            "external_data": pair_records(document.external_data),
            "findings": document.findings and findings_record(document.findings),
        }
    )


def document_of(record: DocumentRecord) -> Document:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(Document)}
    return Document(
        **plain
        | {
            "file_ids": tuple(record.file_ids),
            "history": tuple(_step(step) for step in record.history),
            "external_data": {pair.key: pair.value for pair in record.external_data},
            "findings": record.findings and _findings(record.findings),
        }
    )


def step_record(step: Step) -> StepRecord:
    return StepRecord(**dataclasses.asdict(step) | {"state": step.state.value})


def _step(record: StepRecord) -> Step:
    return Step(State(record.state), record.at, record.by, record.reason, record.attempt, record.message)


def pair_records(data: Mapping[str, Scalar]) -> list[PairRecord]:
    return [PairRecord(key=key, value=value) for key, value in data.items()]


def findings_record(findings: Findings) -> FindingsRecord:
    record = FindingsRecord(
        document_type=findings.document_type,
        entities=findings.entities,
        details=findings.details,
        checks=[CheckRecord(**dataclasses.asdict(check)) for check in findings.checks],
    )
    try:
        size = len(bson.encode(record.to_mongo()))
    except (bson.errors.BSONError, OverflowError) as fault:
        raise ResultUnusable("result_unreadable", f"What was read cannot be stored: {fault}.") from fault
    if size > MAX_FINDINGS_BYTES:
        raise ResultUnusable("result_too_large", "More was read than one document can hold. Split the file.")
    return record


def _findings(record: FindingsRecord) -> Findings:
    checks = (
        Check(check.code, check.passed, check.blocking, check.message, tuple(check.fields)) for check in record.checks
    )
    return Findings(record.document_type, dict(record.entities), dict(record.details), tuple(checks))


def erasure_fields(erasure: Erasure) -> Record:
    """The record of the proof."""
    plain = dataclasses.asdict(erasure)
    plain |= {name: plain[name].value for name in ("state", "documented_state")}
    record: Record = ErasureRecord(id=plain.pop("document_id"), **plain).to_mongo()
    return record


def erasure_of_record(record: ErasureRecord) -> Erasure:
    names = [field.name for field in dataclasses.fields(Erasure) if field.name != "document_id"]
    plain: dict[str, Any] = {name: getattr(record, name) for name in names}
    lists = {name: tuple(plain[name]) for name in ("file_ids", "erased_files")}
    states = {name: State(plain[name]) for name in ("state", "documented_state")}
    return Erasure(document_id=record.id, **plain | lists | states)
