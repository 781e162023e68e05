"""Ground truth of documents: reading folders of it, and whether a value that was read is the true one.

A folder holds NAME.EXT beside NAME.truth.json, or NAME.EXT in `stripped` and NAME.json in `truth`. The JSON has
`fields`, perhaps `lineItems`, and perhaps `visible`: which fields a person finds on the page; only those count.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

# Where the entities have what the truth calls by these names.
PATHS: Mapping[str, str] = {
    "invoiceNumber": "number",
    "issueDate": "issuedAt",
    "dueDate": "dueAt",
    "deliveryDate": "deliveredAt",
    "currency": "currency",
    "totalNet": "totals.net",
    "totalTax": "totals.tax",
    "totalGross": "totals.gross",
    "amountDue": "totals.due",
    "orderNumber": "purchaseOrderNumber",
    "deliveryNoteNumber": "deliveryNoteNumber",
    "customerNumber": "recipient.customerNumber",
    "supplierName": "sender.name",
    "supplierVatId": "sender.vatId",
    "supplierTaxNumber": "sender.taxId",
    "supplierAddress": "sender.address",
    "buyerName": "recipient.name",
    "buyerVatId": "recipient.vatId",
    "iban": "payment.iban",
}
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
_AMOUNTS = {"totalNet", "totalTax", "totalGross", "amountDue"}
_DATES = {"issueDate", "dueDate", "deliveryDate"}
_NAMES = {"supplierName", "buyerName", "supplierAddress"}
_ALIKE = 85
_HALF_CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file with its truth."""

    path: Path
    truth: Mapping[str, Any]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.path.suffix.lower()]


def labelled_files(folder: Path) -> Iterator[Labelled]:
    """The files of a folder that have a truth, by name."""
    beside = [(path, path.with_name(f"{path.stem}.truth.json")) for path in folder.iterdir()]
    apart = [(path, folder / "truth" / f"{path.stem}.json") for path in folder.glob("stripped/*")]
    for path, truth in sorted([*beside, *apart]):
        if path.suffix.lower() in MEDIA_TYPES and truth.exists():
            yield Labelled(path, json.loads(truth.read_text("utf-8")))


def expected(truth: Mapping[str, Any]) -> dict[str, str]:
    """The fields that count, with their true values."""
    visible = truth.get("visible") or {}
    return {
        name: str(value)
        for name, value in truth["fields"].items()
        if name in PATHS and value not in (None, "") and (not visible or visible.get(name))
    }


def is_same(name: str, true: str, found: Any) -> bool:
    """Whether `found` states the true value of the field: numbers and dates exactly, names as far as people would."""
    if found in (None, ""):
        return False
    if name in _AMOUNTS:
        try:
            return abs(Decimal(str(found)) - Decimal(true)) < _HALF_CENT
        except InvalidOperation:
            return False
    if name in _DATES:
        return str(found)[:10] == true[:10]
    one, other = plain(true), plain(found)
    if name in _NAMES:
        return one == other or (min(len(one), len(other)) > 3 and fuzz.ratio(one, other) >= _ALIKE)
    return one == other


def plain(text: object) -> str:
    """Letters and digits, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", str(text).replace("ß", "ss")).casefold()
    return re.sub(r"[^0-9a-z]", "", "".join(each for each in decomposed if not unicodedata.combining(each)))
