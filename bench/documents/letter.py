"""A document on sheets: facts, wording and looks drawn, blocks composed, the truth taken from what was printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.documents.desk import Desk, at_symbol, wording
from bench.documents.dice import Dice
from bench.documents.facts import Facts, draw_facts
from bench.documents.families import letters
from bench.documents.lines import printed_lines
from bench.documents.money import Notation, plain
from bench.documents.paper import TYPEFACES, Paper
from bench.documents.parties import countries

A4, LETTER = (595.28, 841.89), (612.0, 792.0)
KINDS = ("invoice",) * 15 + ("creditNote",) * 2 + ("purchaseOrder", "deliveryNote", "other")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn document and what it states."""

    paper: Paper
    truth: dict[str, Any]


def draw(dice: Dice) -> Drawn:
    """A letter of any kind from any country."""
    country = dice.choice(["DE", "DE", "DE", "FR", "FR", "GB", "GB", "US", "US", *countries()])
    land = countries()[country]
    words = wording(dice.choice(land.get("languages", [land["language"]])))
    facts = draw_facts(dice, words, country, dice.choice(KINDS))
    desk = _desk(dice, facts, words, country)
    letters.compose(desk)
    return Drawn(desk.paper, truth_of(facts, desk.paper))


def _desk(dice: Dice, facts: Facts, words: dict[str, Any], country: str) -> Desk:
    land = countries()[country]
    width, height = LETTER if country == "US" and dice.chance(0.8) else A4
    dates = words.get(f"dates_{country.lower()}", words["dates"])
    notation = Notation(dice.choice(land["money"]), dice.phrase(dates), words["months"], dice.chance(0.05))
    symbol, where = at_symbol(dice, facts.currency)
    size = dice.choice([8, 8.5, 9, 9, 9.5, 10, 10, 11])
    face = TYPEFACES[dice.choice(["sans", "sans", "sans", "sans", "serif", "serif", "wide", "typewriter"])]
    if face is TYPEFACES["wide"] or face is TYPEFACES["typewriter"]:
        size = min(size, 8.5)
    margin = dice.choice([36, 45, 57, 57, 65])
    return Desk(
        dice=dice,
        facts=facts,
        words=words,
        paper=Paper(width, height),
        notation=notation,
        face=face,
        size=size,
        left=margin,
        right=width - dice.choice([36, 45, 57]),
        y=dice.choice([36.0, 45.0, 60.0]),
        bottom=height - 75,
        symbol=symbol,
        leading=dice.choice([1.15, 1.25, 1.3, 1.3, 1.4, 1.6]),
        shouting=dice.chance(0.08),
        symbol_at=where,
        colon=dice.choice([":", ":", ":", "", "", " :"]),
    )


def truth_of(facts: Facts, paper: Paper) -> dict[str, Any]:
    """What the places say was printed, in the format of documents read by hand."""
    printed = {name: value if name in paper.places else None for name, value in _values(facts).items()}
    return {
        "type": facts.kind,
        "docType": facts.kind,
        "language": facts.language,
        "fields": printed,
        "visible": {name: True for name, value in printed.items() if value is not None},
        "lineTotalPrintedNet": not facts.gross_priced,
        "lineItems": printed_lines(facts.lines, paper),
    }


def _values(facts: Facts) -> dict[str, str]:
    """Every field's value, printed or not."""
    # The truth calls the sender supplier, and who gets the paper buyer: an order is sent by who buys.
    sums, supplier, buyer = facts.sums, facts.supplier, facts.buyer
    if facts.kind == "purchaseOrder":
        supplier, buyer = buyer, supplier
    own = {"purchaseOrder": "orderNumber", "deliveryNote": "deliveryNoteNumber"}.get(facts.kind, "invoiceNumber")
    values = {
        "invoiceNumber": "",
        "issueDate": facts.issued.isoformat(),
        "dueDate": facts.due.isoformat(),
        "deliveryDate": facts.delivered.isoformat(),
        "currency": facts.currency,
        "totalNet": plain(sums.net),
        "totalTax": plain(sums.tax),
        "totalGross": plain(sums.gross),
        "amountDue": plain(sums.due),
        "orderNumber": facts.order,
        "customerNumber": facts.customer,
        "deliveryNoteNumber": facts.delivery_note,
        "supplierName": supplier.name,
        "supplierVatId": bare(supplier.vat_id),
        "supplierTaxNumber": supplier.tax_number,
        "supplierAddress": ", ".join(supplier.address),
        "buyerName": buyer.name,
        "buyerVatId": bare(buyer.vat_id),
        "iban": supplier.iban,
    }
    return values | {own: facts.number}


def bare(number: str) -> str:
    """A VAT id without the signs it is printed with."""
    return "".join(sign for sign in number if sign.isalnum())
