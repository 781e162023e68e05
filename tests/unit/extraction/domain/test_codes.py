"""IBANs, VAT ids, BICs, numbers of documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from services.extraction.domain.parsers.codes import (
    find_bics,
    find_emails,
    find_ibans,
    find_numbers,
    find_vat_ids,
    is_iban,
    is_vat_id,
)

ACCOUNTS = st.text("0123456789", min_size=18, max_size=18)


@given(ACCOUNTS, st.booleans())
def test_finds_every_german_iban(account: str, grouped: bool) -> None:
    number = f"DE{iban.calc_check_digits('DE00' + account)}{account}"
    written = " ".join(number[start : start + 4] for start in range(0, 22, 4)) if grouped else number
    found = find_ibans(f"IBAN: {written} BIC: KARSDE66XXX")
    assert [(match.value, match.trust) for match in found] == [(number, 1.0)]
    assert is_iban(number)


def test_letters_misread_for_digits_are_set_right_by_the_checksum() -> None:
    assert [match.value for match in find_ibans("DES7 66O5 0101 0128 4409 17")] == []
    assert [match.value for match in find_ibans("DE57 66O5 0I01 0128 4409 17")] == ["DE57660501010128440917"]


def test_an_iban_that_fails_its_checksum_is_kept_with_less_trust() -> None:
    found = find_ibans("GB99NWBK60161312345678")
    assert [match.value for match in found] == ["GB99NWBK60161312345678"]
    assert found[0].trust < 1


@pytest.mark.parametrize(
    ("text", "number", "valid"),
    [
        ("USt-IdNr.: DE270417385", "DE270417385", True),
        ("VAT GB 412 7830 12 Reg", "GB412783012", True),
        ("TVA : FR11999999998 - SIRET : 99999999800010", "FR11999999998", True),
        ("BTW NL810433941B01", "NL810433941B01", True),
        ("DE123456789 HRB Nr. 372876", "DE123456789", False),
    ],
)
def test_vat_ids(text: str, number: str, valid: bool) -> None:
    found = find_vat_ids(text)
    assert [match.value for match in found] == [number]
    assert (found[0].trust == 1.0) is is_vat_id(number) is valid


def test_bics_and_emails() -> None:
    assert [match.value for match in find_bics("BIC: KARSDE66XXX, Bank")] == ["KARSDE66XXX"]
    assert [match.value for match in find_emails("mail: info @firma.example")] == ["info@firma.example"]


@pytest.mark.parametrize("number", ["RE-2026-04817", "INV/2023/03/0008", "01.234.567.8-2018-1", "4500118734", "R 2024"])
def test_numbers_of_documents(number: str) -> None:
    assert [match.value for match in find_numbers(f": {number}")] == [number]


@given(st.text(max_size=60))
def test_finders_take_any_text(text: str) -> None:
    for find in (find_ibans, find_vat_ids, find_bics, find_emails, find_numbers):
        assert all(0 <= match.start < match.end <= len(text) for match in find(text))
