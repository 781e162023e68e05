"""What a sample document states: the one source for what is drawn on it and for what must be read from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Party:
    """A company with its address; `country_code` is ISO 3166 alpha-2, `country` is the name as printed."""

    name: str
    street: str
    postcode: str
    city: str
    country_code: str
    country: str
    vat_id: str = ""
    tax_id: str = ""
    email: str = ""
    phone: str = ""

    @property
    def town(self) -> str:
        """City and postcode as this country writes them."""
        return f"{self.city} {self.postcode}" if self.country_code == "GB" else f"{self.postcode} {self.city}"

    def entities(self) -> dict[str, Any]:
        """The entities of this party as interface names, without those that are empty."""
        stated = {
            "name": self.name,
            "street": self.street,
            "postcode": self.postcode,
            "city": self.city,
            "countryCode": self.country_code,
            "address": f"{self.street}, {self.town}",
            "vatId": self.vat_id,
            "taxId": self.tax_id,
            "email": self.email,
        }
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an invoice. `name` may hold a line break where the page breaks it; `tax_rate` 19 means 19 %."""

    article_number: str
    name: str
    qty: Decimal
    unit: str
    unit_price: Decimal
    tax_rate: Decimal

    @property
    def net(self) -> Decimal:
        return (self.qty * self.unit_price).quantize(CENT, ROUND_HALF_UP)

    def entities(self, position: int) -> dict[str, Any]:
        return {
            "position": str(position),
            "articleNumber": self.article_number,
            "name": self.name.replace("\n", " "),
            "qty": number(self.qty),
            "unit": self.unit,
            "unitPrice": number(self.unit_price),
            "taxRate": number(self.tax_rate),
            "net": number(self.net),
        }


@dataclass(frozen=True, slots=True)
class Tax:
    rate: Decimal
    base: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.base * self.rate / 100).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice. `slip` is added to the printed gross total, so that a sample can add up wrong on purpose."""

    language: str
    number: str
    issued: date
    due: date
    delivered: date
    currency: str
    sender: Party
    recipient: Party
    contact: str
    customer_number: str
    purchase_order: str
    delivery_note: str
    reference: str
    terms: str
    iban: str
    bic: str
    bank: str
    items: tuple[Item, ...]
    slip: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        return sum((item.net for item in self.items), Decimal(0))

    @property
    def taxes(self) -> tuple[Tax, ...]:
        rates = sorted({item.tax_rate for item in self.items}, reverse=True)
        return tuple(
            Tax(rate, sum((item.net for item in self.items if item.tax_rate == rate), Decimal(0))) for rate in rates
        )

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax + self.slip

    def entities(self) -> dict[str, Any]:
        """The tree of entities that reading this document must give."""
        return {
            "type": "invoice",
            "number": self.number,
            "issuedAt": self.issued.isoformat(),
            "dueAt": self.due.isoformat(),
            "deliveredAt": self.delivered.isoformat(),
            "currency": self.currency,
            "totals": {
                "net": number(self.net),
                "tax": number(self.tax),
                "gross": number(self.gross),
                "due": number(self.gross),
            },
            "taxes": [
                {"rate": number(tax.rate), "base": number(tax.base), "amount": number(tax.amount)} for tax in self.taxes
            ],
            "sender": self.sender.entities(),
            "recipient": {**self.recipient.entities(), "customerNumber": self.customer_number},
            "payment": {"iban": self.iban, "bic": self.bic, "terms": self.terms, "reference": self.reference},
            "purchaseOrderNumber": self.purchase_order,
            "deliveryNoteNumber": self.delivery_note,
            "items": [item.entities(index) for index, item in enumerate(self.items, 1)],
        }


def number(value: Decimal) -> int | float:
    """The JSON number that equals `value`."""
    return int(value) if value == value.to_integral_value() else float(value)
