"""The invoices that the samples tell: who sold what to whom. Companies, people and numbers are invented."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

from tests.support.samples.truth import Invoice, Item, Party


def german() -> Invoice:
    """A tool maker bills a machine builder: two tax rates, one wrapped description, fractional quantities."""
    return Invoice(
        language="de",
        number="RE-2026-04817",
        issued=date(2026, 3, 12),
        due=date(2026, 4, 11),
        delivered=date(2026, 3, 9),
        currency="EUR",
        sender=Party(
            "Feldmann Werkzeugbau GmbH", "Gewerbestraße 18", "76228", "Karlsruhe", "DE", "Deutschland",
            "DE270417385", "35007/41882", "buchhaltung@feldmann-werkzeugbau.example", "+49 721 555 018-0",
        ),
        recipient=Party(
            "Maschinenfabrik Oswald & Söhne KG", "Am Hüttenwerk 7", "57072", "Siegen", "DE", "Deutschland",
            "DE318824509",
        ),
        contact="Frau Dr. Annegret Thielen",
        customer_number="K-20418",
        purchase_order="4500118734",
        delivery_note="LS-260309-22",
        reference="RE-2026-04817 K-20418",
        terms="Zahlbar innerhalb von 30 Tagen ohne Abzug.",
        iban="DE57660501010128440917",
        bic="KARSDE66XXX",
        bank="Sparkasse Karlsruhe",
        items=(
            _item("FW-1180", "Spannzange ER32, 12 mm", "24", "Stk", "18.90", "19"),
            _item("FW-2044", "Schaftfräser VHM, 4 Schneiden,\nbeschichtet, 10 mm", "12", "Stk", "46.25", "19"),
            _item("FW-3310-B", "Kühlschmierstoff, Konzentrat", "2.5", "kg", "31.40", "19"),
            _item("FW-0077", "Fachbuch Zerspanungstechnik", "3", "Stk", "49.00", "7"),
            _item("FW-9001", "Montage vor Ort", "6.75", "Std", "88.00", "19"),
            _item("FW-9100", "Anfahrt, pauschal", "1", "psch", "1240.00", "19"),
        ),
    )  # fmt: skip


def english() -> Invoice:
    """A stationery wholesaler bills a school: standard and zero rate, day-month dates in words."""
    return Invoice(
        language="en",
        number="INV-10733",
        issued=date(2026, 2, 5),
        due=date(2026, 3, 7),
        delivered=date(2026, 2, 3),
        currency="GBP",
        sender=Party(
            "Harrow & Lyle Stationery Ltd", "22 Canal Wharf", "LS11 5PS", "Leeds", "GB", "United Kingdom",
            "GB412783012", "", "accounts@harrowlyle.example", "+44 113 496 0140",
        ),
        recipient=Party(
            "Ashdown Grammar School", "4 Priory Lane", "BN8 4QA", "Lewes", "GB", "United Kingdom", "GB927113006",
        ),
        contact="Mr Colin Peverell",
        customer_number="ASH-0092",
        purchase_order="PO-77120",
        delivery_note="DN-55418",
        reference="INV-10733",
        terms="Payment within 30 days of the invoice date.",
        iban="GB81MIDL40281352870416",
        bic="MIDLGB22XXX",
        bank="Northern Trade Bank",
        items=(
            _item("8841-A4", "Copier paper A4, 80 g", "40", "boxes", "17.85", "20"),
            _item("1203", "Exercise books, ruled,\nassorted covers", "1200", "pcs", "0.42", "20"),
            _item("6600", "Atlas of the World, school edition", "15", "pcs", "24.50", "0"),
            _item("5127", "Whiteboard markers, set of 8", "36", "sets", "6.20", "20"),
            _item("D-1", "Carriage", "1", "pcs", "35.00", "20"),
        ),
    )  # fmt: skip


def wrong_total() -> Invoice:
    """The German invoice with a printed gross that is 90 euros too high: a case for a person."""
    return dataclasses.replace(german(), slip=Decimal("90.00"))


def _item(article: str, name: str, qty: str, unit: str, price: str, rate: str) -> Item:
    return Item(article, name, Decimal(qty), unit, Decimal(price), Decimal(rate))
