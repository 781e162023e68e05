"""Codes with a form of their own: IBAN, BIC, VAT ids, e-mail addresses, document numbers."""

from __future__ import annotations

import re

from stdnum import iban as iban_number
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as british_vat

from services.extraction.domain.parsers import Match

# Lengths by country, from the IBAN registry; others are taken as printed.
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "TR": 26,
}  # fmt: skip
_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2}[ ]?[0-9O]{2}(?:[ ]?[A-Z0-9]){11,30})(?![a-z])")
_BIC = re.compile(r"(?<![A-Z0-9])([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Za-z0-9])")
_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:ATU|CHE|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)"
    r"[ .-]?[A-Z0-9](?:[ .-]?[A-Z0-9]){6,12}"
)
# Without a checksum to tell where it stops, a space ends the code.
_UNBROKEN = re.compile(r"[A-Z]{2,3} ?[A-Z0-9.-]{8,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64} ?@ ?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
# In front of the digits letters may stand, capitals also with a space between: RE 2026-17. Labels are none of it.
_NUMBER = re.compile(r"(?:(?:(?!(?:NO|NR|N) )[A-Z]{1,4} |[A-Za-z]{1,4})(?=[\d/-]))?#?[A-Za-z0-9](?:[\w./\\#-]*\w)?")
# What OCR takes for digits, for codes whose checksum tells which reading is right.
_AS_DIGITS = str.maketrans("OQDIlSBZG", "000115826")


def find_ibans(text: str) -> list[Match]:
    """Every IBAN in `text`, without spaces; one whose checksum fails with less trust, as it may be misread."""
    found = []
    for match in _IBAN.finditer(text):
        compact = match[1].replace(" ", "")
        number = compact[: _IBAN_LENGTHS.get(compact[:2], len(compact))]
        if len(number) < _IBAN_LENGTHS.get(compact[:2], 15):
            continue
        for reading in (number, number[:2] + number[2:].translate(_AS_DIGITS)):
            if is_iban(reading):
                found.append(Match(reading, *match.span(1)))
                break
        else:
            if compact[:2] in _IBAN_LENGTHS:
                found.append(Match(number, *match.span(1), 0.6))
    return found


def is_iban(number: str) -> bool:
    """Whether length and checksum of the IBAN are right (ISO 13616)."""
    return bool(iban_number.is_valid(number, check_country=False)) and _IBAN_LENGTHS.get(
        number[:2], len(number)
    ) == len(number)


def find_bics(text: str) -> list[Match]:
    """Every word of `text` that has the form of a BIC (ISO 9362); words do too, so a label must stand near."""
    return [Match(match[1], *match.span(1), 0.8) for match in _BIC.finditer(text)]


def find_vat_ids(text: str) -> list[Match]:
    """Every VAT id in `text`, without spaces, dots or dashes; trust 1 when its country's check digits fit."""
    found, at = [], 0
    while match := _VAT.search(text, at):
        at = match.start() + 2
        for end in range(match.end(), match.start() + 8, -1):
            number = _compact(text[match.start() : end])
            if is_vat_id(number):
                found.append(Match(number, match.start(), end))
                at = end
                break
        else:
            run = _UNBROKEN.match(text, match.start())
            if run and sum(letter.isdigit() for letter in run.group()) >= 7:
                found.append(Match(_compact(run.group()), *run.span(), 0.7))
                at = run.end()
    return found


def _compact(code: str) -> str:
    return re.sub(r"[ .-]", "", code)


def is_vat_id(number: str) -> bool:
    """Whether the VAT id is valid by its country's rules: the European Union, the United Kingdom, Switzerland."""
    kind = british_vat if number.startswith(("GB", "XI")) else swiss_vat if number.startswith("CHE") else eu_vat
    try:
        return bool(kind.is_valid(number))
    except ValidationError:
        return False


def find_emails(text: str) -> list[Match]:
    """Every e-mail address in `text`; OCR leaves a space beside the @."""
    found = _EMAIL.finditer(text) if "@" in text else ()
    return [Match(match.group().replace(" ", ""), *match.span()) for match in found]


def find_numbers(text: str) -> list[Match]:
    """Every run in `text` that can be the number of a document, order or customer: it holds a digit."""
    found = []
    for match in _NUMBER.finditer(text):
        code = match.group().lstrip("#")
        if any(letter.isdigit() for letter in code) and len(code) <= 40:
            found.append(Match(code, match.end() - len(code), match.end(), 0.9))
    return found
