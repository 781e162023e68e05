"""How a document becomes a record and a record a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import bson

from services.documents.domain.documents import MAX_FINDINGS_BYTES, Document, Findings, Scalar, Step
from services.documents.domain.states import State
from services.documents.errors import ResultUnusable
from services.documents.models import CheckRecord, DocumentRecord, FindingsRecord, PairRecord, StepRecord
from shared.contracts.extraction import Check


def document_record(document: Document) -> DocumentRecord:
    plain = {field.name: getattr(document, field.name) for field in dataclasses.fields(document)}
    return DocumentRecord(
        **plain
        | {
            "state": document.state.value,
            "documented_state": document.documented_state.value,
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
