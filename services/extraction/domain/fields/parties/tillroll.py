"""The head of a till receipt: the merchant's name and address, printed line by line over everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.findings import Finding
from services.extraction.domain.fields.parties.addresses import LEGAL_FORM, without_register
from services.extraction.domain.layout import Row, Sheet

# What follows the address: phone, tax number, title, date, till number.
_END = re.compile(
    r"\b(?:tel|fax|phone|h/?p|email|e-mail|www|http|gst|sst|vat|ust|tva|reg|tax|invoice|receipt|bill|date|datum|cashier|table|"
    r"kasse|bon|beleg|siret|abn|document|doc|owned|operated)\b|@|\d\d[:/]\d\d|:\s*\d",
    re.I,
)
_ADDRESS = re.compile(r"\d|\b(?:jalan|jln|lot|taman|lorong|street|road|str|rue|level|floor|no)\b", re.I)
_MOST_LINES = 9
RECEIPT_HEAD = "receiptHead"


def read_head(sheet: Sheet) -> dict[str, Finding | None]:
    """name and address of the merchant, None where the head does not state them."""
    lines = list(_head(sheet))
    place = next((index for index, line in enumerate(lines[:4]) if LEGAL_FORM.search(line.text)), 0)
    if not lines or _ADDRESS.match(lines[place].text):
        return {"name": None, "address": None}
    named = lines[place : place + 1]
    if place and len(re.findall(r"\w+", without_register(named[0].text))) < 3:
        # "SDN BHD" alone ends the name that the line before began.
        named = lines[place - 1 : place + 1]
    behind = [line for line in lines[place + 1 :] if without_register(line.text).strip()]
    while behind and not _ADDRESS.search(behind[0].text):
        behind = behind[1:]
    name = without_register(" ".join(line.text for line in named)).strip(" ,.:*#")
    address = " ".join(line.text for line in behind).strip(" ,:")
    sure = 0.8 if LEGAL_FORM.search(name) else 0.55
    return {
        "name": _finding(name, named, sheet, sure) if len(name) > 2 else None,
        "address": _finding(address, behind, sheet, 0.7) if behind else None,
    }


def _head(sheet: Sheet) -> Iterator[Row]:
    """The lines from the first with letters to the first that is neither name nor address."""
    seen = 0
    for row in sheet.rows:
        letters = sum(letter.isalpha() for letter in row.text)
        if seen and (_END.search(row.text) or labels.types().whole(row.text) or seen == _MOST_LINES):
            return
        if letters > 2 or (seen and any(letter.isdigit() for letter in row.text)):
            seen += 1
            yield row


def _finding(value: str, lines: list[Row], sheet: Sheet, score: float) -> Finding:
    return Finding(value, tuple(each for line in lines for each in line.placed), sheet.page, score, RECEIPT_HEAD)
