"""The checks that decide between done and review, and what they tell a bookkeeper."""

from __future__ import annotations

from typing import Any

import pytest

from services.extraction.domain.checks import run_checks
from shared.contracts.extraction import Check

GOOD: dict[str, Any] = {
    "type": "invoice",
    "number": "RE-4711",
    "issuedAt": "2026-03-12",
    "dueAt": "2026-04-11",
    "currency": "EUR",
    "totals": {"net": 100.1, "tax": 19.02, "gross": 119.12},
    "taxes": [{"rate": 19, "base": 100.1, "amount": 19.02}],
    "sender": {"name": "Feldmann GmbH", "vatId": "DE270417385"},
    "payment": {"iban": "DE57660501010128440917"},
    "items": [{"net": 60.05}, {"net": 40.05}],
}


def test_a_good_invoice_passes_every_check() -> None:
    checks = _run(GOOD)
    assert {check.code for check in checks} == {
        "required_fields",
        "confident_fields",
        "totals_add_up",
        "lines_add_up",
        "tax_adds_up",
        "due_after_issue",
        "iban_checksum",
        "vat_id_form",
    }
    assert all(check.passed for check in checks)


@pytest.mark.parametrize(
    ("change", "code", "blocking", "words"),
    [
        ({"number": None}, "required_fields", True, "document number"),
        ({"sender": {}}, "required_fields", True, "sender's name"),
        ({"totals": {"net": 100.1, "tax": 19.02, "gross": 209.12}}, "totals_add_up", True, "119.12"),
        ({"items": [{"net": 60}]}, "lines_add_up", True, "60"),
        ({"taxes": [{"rate": 7, "base": 100.1, "amount": 19.02}]}, "tax_adds_up", True, "not 19.02"),
        ({"dueAt": "2026-03-01"}, "due_after_issue", True, "before"),
        ({"payment": {"iban": "DE58660501010128440917"}}, "iban_checksum", True, "fails"),
        ({"sender": {"name": "Feldmann", "vatId": "DE123456789"}}, "vat_id_form", False, "does not fit"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], code: str, blocking: bool, words: str) -> None:
    failed = [check for check in _run({**GOOD, **change}) if not check.passed]
    assert [(check.code, check.blocking) for check in failed] == [(code, blocking)]
    assert words in failed[0].message


def test_a_doubtful_required_field_needs_a_person() -> None:
    details = _leaves(GOOD)
    details["totals"]["gross"]["confidence"] = 0.4
    failed = [check for check in run_checks(details) if not check.passed]
    assert [(check.code, check.fields) for check in failed] == [("confident_fields", ("totals.gross",))]


def test_a_name_must_be_surer_than_other_fields() -> None:
    details = _leaves(GOOD)
    details["sender"]["name"]["confidence"] = details["number"]["confidence"] = 0.85
    failed = [check for check in run_checks(details) if not check.passed]
    assert [(check.code, check.fields) for check in failed] == [("confident_fields", ("sender.name",))]


def test_a_receipt_needs_no_number() -> None:
    assert all(check.passed for check in _run({**GOOD, "type": "receipt", "number": None}))


def test_lines_with_tax_make_the_gross_total() -> None:
    assert all(check.passed for check in _run({**GOOD, "items": [{"net": 119.12}]}))


def test_checks_that_do_not_apply_are_left_out() -> None:
    codes = {check.code for check in _run({"type": "other"})}
    assert codes == {"required_fields", "confident_fields"}


def _run(entities: dict[str, Any]) -> tuple[Check, ...]:
    return run_checks(_leaves(entities))


def _leaves(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _leaves(member) for name, member in node.items() if member is not None}
    return [_leaves(member) for member in node] if isinstance(node, list) else {"value": node, "confidence": 0.9}
