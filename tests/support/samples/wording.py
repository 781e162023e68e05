"""How each language words an invoice and writes its dates and amounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language. `columns` head the table from position to net amount."""

    title: str
    number: str
    issued: str
    delivered: str
    due: str
    customer_number: str
    purchase_order: str
    delivery_note: str
    recipient_vat: str
    greeting: str
    columns: tuple[str, ...]
    net: str
    tax: str
    gross: str
    tax_table: tuple[str, str, str]
    terms: str
    reference: str
    closing: str
    vat_id: str
    tax_id: str
    phone: str
    email: str
    bank: str
    page: str
    write_date: Callable[[date], str]
    decimal_mark: str

    def amount(self, value: Decimal, places: int = 2) -> str:
        """`value` with grouped thousands and this language's decimal mark."""
        text = f"{value:,.{places}f}"
        return text if self.decimal_mark == "." else text.translate(str.maketrans(",.", ".,"))

    def money(self, value: Decimal, currency: str) -> str:
        """`value` with the sign of its currency, before or after as this language has it."""
        sign = _SIGNS[currency]
        return f"{sign}{self.amount(value)}" if self.decimal_mark == "." else f"{self.amount(value)} {sign}"

    def quantity(self, value: Decimal) -> str:
        """`value` with no more decimals than it has."""
        return self.amount(value, max(0, -int(value.normalize().as_tuple().exponent)))


WORDINGS = {
    "de": Wording(
        title="Rechnung",
        number="Rechnungsnummer",
        issued="Rechnungsdatum",
        delivered="Lieferdatum",
        due="Fällig am",
        customer_number="Kundennummer",
        purchase_order="Ihre Bestellnummer",
        delivery_note="Lieferschein-Nr.",
        recipient_vat="Ihre USt-IdNr.",
        greeting="Für unsere Lieferungen und Leistungen berechnen wir Ihnen:",
        columns=("Pos.", "Art.-Nr.", "Bezeichnung", "Menge", "Einheit", "Einzelpreis", "USt %", "Gesamt EUR"),
        net="Nettobetrag",
        tax="Umsatzsteuer",
        gross="Rechnungsbetrag",
        tax_table=("Steuersatz", "Nettobetrag", "Steuerbetrag"),
        terms="Zahlungsbedingungen",
        reference="Verwendungszweck",
        closing="Vielen Dank für Ihren Auftrag.",
        vat_id="USt-IdNr.",
        tax_id="Steuernummer",
        phone="Telefon",
        email="E-Mail",
        bank="Bankverbindung",
        page="Seite 1 von 1",
        write_date=lambda day: day.strftime("%d.%m.%Y"),
        decimal_mark=",",
    ),
    "en": Wording(
        title="Invoice",
        number="Invoice no.",
        issued="Invoice date",
        delivered="Delivery date",
        due="Due date",
        customer_number="Customer no.",
        purchase_order="Purchase order",
        delivery_note="Delivery note",
        recipient_vat="Your VAT no.",
        greeting="We supplied the following goods:",
        columns=("Item", "Code", "Description", "Qty", "Unit", "Unit price", "VAT %", "Net GBP"),
        net="Subtotal",
        tax="VAT",
        gross="Total amount",
        tax_table=("VAT rate", "Net amount", "VAT amount"),
        terms="Payment terms",
        reference="Payment reference",
        closing="Thank you for your business.",
        vat_id="VAT reg. no.",
        tax_id="Tax no.",
        phone="Phone",
        email="E-mail",
        bank="Bank details",
        page="Page 1 of 1",
        write_date=lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        decimal_mark=".",
    ),
}
