"""How to pay: bank account, terms, reference."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extraction.domain.fields.candidates import Candidate, best
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.layout import Sheet
from services.extraction.domain.parsers import codes

_TERMS = re.compile(
    r"^(?:zahlbar|zahlung (?:innerhalb|binnen|bis)|bitte (?:überweisen|zahlen|begleichen)|payable (?:within|by)|"
    r"payment (?:within|is due|due)|please (?:pay|remit)|net \d+ days|\d+ days net|à régler|"
    r"paiement (?:à|sous|dans)|règlement (?:à|sous)|pago a|pagamento a|betaling binnen)",
    re.I,
)


def find_payment(sheets: Sequence[Sheet], found: Sequence[Candidate]) -> dict[str, Finding | None]:
    """iban, bic, terms and reference, None where not found."""
    iban = _best_iban(sheets)
    return {
        "iban": iban,
        "bic": _bic(found),
        "terms": _terms(sheets) or _plausible_terms(found),
        "reference": best(found, "reference"),
    }


def _best_iban(sheets: Sequence[Sheet]) -> Finding | None:
    """The IBAN whose checksum fits, before one that only has the form; the first of several."""
    ibans = [
        find_in(cell, match, 0.97, "ibanChecksum" if match.trust == 1.0 else "ibanForm")
        for sheet in sheets
        for cell in sheet.cells
        for match in codes.find_ibans(cell.text)
    ]
    return max(ibans, key=lambda finding: finding.score, default=None)


def _bic(found: Sequence[Candidate]) -> Finding | None:
    return best([candidate for candidate in found if candidate.label.weight > 0.9], "bic")


def _terms(sheets: Sequence[Sheet]) -> Finding | None:
    """A sentence that says when to pay, behind a label or by itself."""
    for sheet in sheets:
        for cell in sheet.cells:
            behind = cell.text.find(":") + 1
            for start in (0, behind):
                text = cell.text[start:].strip()
                if _TERMS.match(text):
                    placed = cell.between(len(cell.text) - len(cell.text[start:].lstrip()), len(cell.text))
                    return Finding(text, placed, cell.page, 0.9, "termsSentence")
    return None


def _plausible_terms(found: Sequence[Candidate]) -> Finding | None:
    """What stands behind a label of terms, when it speaks of days, a date or a way to pay."""
    terms = best(found, "terms")
    return (
        terms
        if terms and re.search(r"\d|bar|cash|card|transfer|überweisung|virement|reception|netto", terms.value, re.I)
        else None
    )
