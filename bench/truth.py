"""Ground truth of documents: reading folders of it, and whether a value that was read is the true one.

A folder holds NAME.EXT beside NAME.truth.json, or NAME.EXT in `stripped` and NAME.json in `truth`. The JSON has
`fields`, perhaps `lineItems`, and perhaps `visible`: which fields a person finds on the page; only those count.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
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
# Names of lines are alike when the one holds the beginning of the other, or by so many percent.
_BEGINNING, _ALIKE_LINES = 12, 60


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a value was right, wrong (or nowhere in the truth), and how often the true one was not read."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def f1(self) -> float:
        """0..1; of nothing asked and nothing found 1."""
        asked = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / asked if asked else 1.0


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


def matched_lines(truth: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Counted:
    """The line items, each by its net amount and a name that is alike. Parts of lines, and lines whose amount is not
    printed, are neither right nor wrong.
    """
    lines = (truth.get("lineItems") or []) if truth.get("lineTotalPrintedNet", True) else []
    asked = [line for line in lines if _counts(line)]
    if not any(line.get("lineTotal") for line in asked):
        return Counted()
    left, right = list(found), 0
    for line in [*asked, *(line for line in lines if not _counts(line))]:
        partner = next((each for each in left if _is_line(line, each)), None)
        if partner is not None:
            left.remove(partner)
            right += _counts(line)
    return Counted(right, len(left), len(asked) - right)


def _counts(line: Mapping[str, Any]) -> bool:
    return not line.get("parentLineId") and bool((line.get("visible") or {}).get("lineTotal", True))


def _is_line(line: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    if not is_same("totalNet", str(line.get("lineTotal")), found.get("net")):
        return False
    one, other = plain(line.get("description") or ""), plain(found.get("name") or "")
    return not one or one[:_BEGINNING] in other or fuzz.ratio(one, other) >= _ALIKE_LINES
