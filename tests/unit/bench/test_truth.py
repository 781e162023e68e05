"""Comparing what was read with the truth: what counts as right, and which lines are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.truth import Counted, expected, is_same, labelled_files, matched_lines


@pytest.mark.parametrize(
    ("name", "true", "found", "same"),
    [
        ("totalGross", "119.00", 119, True),
        ("totalGross", "119.00", 119.01, False),
        ("totalGross", "119.00", "n/a", False),
        ("issueDate", "2026-03-12", "2026-03-12", True),
        ("issueDate", "2026-03-12", "2026-12-03", False),
        ("invoiceNumber", "RE-47/11", "re 4711", True),
        ("invoiceNumber", "RE-4711", "RE-4712", False),
        ("supplierName", "Bäckerei Groß GmbH", "BACKEREI GROSS GMBH", True),
        ("supplierName", "Feldmann Werkzeuge GmbH", "Feldmann Werkzeuge Gmbh.", True),
        ("supplierName", "Feldmann GmbH", "Lindner AG", False),
        ("iban", "DE57 6605", None, False),
    ],
)
def test_a_value_is_the_true_one(name: str, true: str, found: Any, same: bool) -> None:
    assert is_same(name, true, found) is same


def test_only_what_is_stated_and_printed_is_asked() -> None:
    truth = {
        "fields": {"invoiceNumber": "1", "dueDate": None, "iban": "DE57", "unknown": "x"},
        "visible": {"invoiceNumber": True, "iban": False},
    }
    assert expected(truth) == {"invoiceNumber": "1"}


def test_lines_match_one_to_one_by_amount_and_name() -> None:
    lines = [{"lineTotal": "500.00", "description": "Bohrhammer"}, {"lineTotal": "500.00", "description": "Bohrhammer"}]
    assert matched_lines({"lineItems": lines}, [{"net": 500, "name": "Bohrhammer X"}]) == Counted(1, 0, 1)
    found = [{"net": 500, "name": "Bohrhammer"}, {"net": 20, "name": "Fracht"}, {"net": 500, "name": "Bohrhammer"}]
    assert matched_lines({"lineItems": lines}, found) == Counted(2, 1, 0)


def test_parts_of_lines_and_unprinted_amounts_do_not_count() -> None:
    lines = [
        {"lineTotal": "10.00", "description": "Set"},
        {"lineTotal": "4.00", "description": "Screw", "parentLineId": "1"},
    ]
    assert matched_lines({"lineItems": lines}, [{"net": 10, "name": "Set"}, {"net": 4, "name": "Screw"}]) == Counted(1)
    assert matched_lines({"lineItems": lines, "lineTotalPrintedNet": False}, []) == Counted()


def test_f1_is_of_right_wrong_and_missed() -> None:
    assert (Counted(1, 1, 1) + Counted(1)).f1 == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert Counted().f1 == 1.0


def test_files_of_both_forms_of_folders(tmp_path: Path) -> None:
    for folder in ("stripped", "truth"):
        (tmp_path / folder).mkdir()
    for file in ("a.jpg", "stripped/b.pdf", "c.pdf", "notes.txt"):
        (tmp_path / file).write_bytes(b"x")
    for file in ("a.truth.json", "truth/b.json"):
        (tmp_path / file).write_text(json.dumps({"fields": {}}))
    found = list(labelled_files(tmp_path))
    assert [(each.path.name, each.media_type) for each in found] == [
        ("a.jpg", "image/jpeg"),
        ("b.pdf", "application/pdf"),
    ]
