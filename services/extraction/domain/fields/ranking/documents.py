"""A document as a whole as numbers for the model: which type of document it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.candidates import SURE
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.items.roll import TILL_ROLL
from services.extraction.domain.fields.survey import Survey
from services.extraction.domain.layout import ROLL_WIDTH, Cell, Sheet
from services.extraction.domain.parsers import Match, codes

GROUP = "document"
KINDS = ("invoice", "creditNote", "receipt", "purchaseOrder", "deliveryNote", "other")
_TILL_WORDS = ("cash", "change", "cashier", "kasse", "rückgeld", "wechselgeld", "tendered", "gegeben",
               "terminal", "bon")  # fmt: skip
_LABELS = ("number", "dueAt", "deliveredAt", "purchaseOrderNumber", "deliveryNoteNumber", "customerNumber", "reference",
           "terms", "vatId", "recipientVatId", "taxId")  # fmt: skip
_AMOUNTS = ("net", "tax", "gross", "due", "paid", "rounding")
_ROLES = ("sender", "recipient", "delivery")
_PRESENT = (*_LABELS, *_AMOUNTS, *_ROLES)
# The shapes of A4 and Letter.
_SHEETS = (1.414, 1.294)
_PAPER = ("till words", "long", "sheet", "narrow", "items", "till roll", "negative", "currency", "iban", "words",
          "pages")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """A title of the first page; `weight` grows with its size and how far up and alone it stands."""

    kind: str
    finding: Finding
    weight: float


def features(survey: Survey, found: Sequence[Title]) -> tuple[float, ...]:
    """Those of a document that has words, with the titles of its first page."""
    headed = {role[0] for cell in survey.sheets[0].cells if (role := labels.roles().whole(cell.text))}
    named = {each.field for each in survey.found} | {each.kind for each in survey.evidence} | headed
    return (
        *(value for kind in KINDS for value in _of_kind(kind, found)),
        *(float(name in named) for name in _PRESENT),
        *_paper(survey),
    )


def names() -> list[str]:
    """What each feature tells, in their order."""
    return [*(f"{what} {kind}" for kind in KINDS for what in ("title", "first title", "titles")), *_PRESENT, *_PAPER]


def speaks_of_tills(sheet: Sheet) -> float:
    """How many words of tills the page has, in quarters."""
    spoken = {word for cell in sheet.cells for word in cell.text.lower().split()}
    return sum(word in spoken for word in _TILL_WORDS) / 4


def titles(sheet: Sheet) -> list[Title]:
    """What may be a title on the page, from top to bottom."""
    usual = median(cell.box.height for cell in sheet.cells)
    found = []
    for cell in sheet.cells:
        for label in labels.types().find(cell)[:1]:
            if (
                not label.leads
                or _names_a_field(cell, sheet)
                or cell.text[label.end :].lstrip().startswith(("an ", "to "))
            ):
                continue
            size = min(cell.box.height / usual, 3)
            top = 1 - cell.box.middle / sheet.page.height
            alone = 1.0 if label.alone else 0.5 if len(cell.text) < label.end + 30 else 0.1
            match = Match(label.field, label.start, label.end)
            found.append(Title(label.field, find_in(cell, match, 1.0, "title"), size * alone + top))
    return found


def _of_kind(kind: str, found: Sequence[Title]) -> Iterator[float]:
    mine = [title.weight for title in found if title.kind == kind]
    yield max(mine, default=0.0)
    yield float(bool(found) and found[0].kind == kind)
    yield min(len(mine), 3) / 3


def _paper(survey: Survey) -> Iterator[float]:
    """The values of `_PAPER`."""
    sheet = survey.sheets[0]
    text = " ".join(cell.text for cell in sheet.cells)
    yield speaks_of_tills(sheet)
    shape = sheet.page.height / max(sheet.page.width, 1)
    yield min(shape, 4.0)
    yield float(any(abs(shape - usual) < 0.03 for usual in _SHEETS))
    yield float(sheet.page.width < ROLL_WIDTH)
    yield min(len(survey.items), 10) / 10
    yield float(any(item["net"].rule == TILL_ROLL for item in survey.items))
    yield float(any(each.finding.value < 0 for each in survey.evidence if each.kind in ("net", "gross", "due")))
    yield float(survey.currency is not None)
    yield float(any(codes.find_ibans(cell.text) for each in survey.sheets for cell in each.cells))
    yield min(len(text), 2000) / 2000
    yield min(len(survey.sheets), 5) / 5


def _names_a_field(cell: Cell, sheet: Sheet) -> bool:
    """Whether the cell labels a value, as "Delivery note:" does with a number beside it, rather than the document."""
    found = labels.fields().find(cell)
    if not found or not found[0].leads or found[0].weight < SURE or found[0].field == "number":
        return False
    return not found[0].alone or len(sheet.rows[cell.row].cells) > 1
