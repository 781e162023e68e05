"""The schema that is built in: what is read from invoices and receipts."""

from __future__ import annotations

from services.documents.domain.schema import DataPoint, DataType, Schema

_T = DataType
_PARTY = (
    ("name", "name"), ("street", "street"), ("postcode", "postcode"), ("city", "city"), ("countryCode", "country"),
    ("address", "address"), ("vatId", "VAT id"), ("taxId", "tax id"), ("email", "e-mail"),
)  # fmt: skip
_POINTS = (
    ("type", _T.STRING, "Kind of document"),
    ("number", _T.STRING, "Number"),
    ("issuedAt", _T.DATE, "Date"),
    ("dueAt", _T.DATE, "Due date"),
    ("deliveredAt", _T.DATE, "Date of delivery"),
    ("currency", _T.CURRENCY, "Currency"),
    ("totals.net", _T.AMOUNT, "Net total"),
    ("totals.tax", _T.AMOUNT, "Tax total"),
    ("totals.gross", _T.AMOUNT, "Gross total"),
    ("totals.due", _T.AMOUNT, "Amount due"),
    ("taxes", _T.TABLE, "Taxes"),
    ("taxes.rate", _T.NUMBER, "Tax rate"),
    ("taxes.base", _T.AMOUNT, "Net amount"),
    ("taxes.amount", _T.AMOUNT, "Tax amount"),
    *((f"sender.{name}", _T.STRING, f"Sender: {shown}") for name, shown in _PARTY),
    *((f"recipient.{name}", _T.STRING, f"Recipient: {shown}") for name, shown in _PARTY),
    ("recipient.customerNumber", _T.STRING, "Recipient: customer number"),
    ("payment.iban", _T.STRING, "IBAN"),
    ("payment.bic", _T.STRING, "BIC"),
    ("payment.terms", _T.STRING, "Terms of payment"),
    ("payment.reference", _T.STRING, "Payment reference"),
    ("purchaseOrderNumber", _T.STRING, "Purchase order number"),
    ("deliveryNoteNumber", _T.STRING, "Delivery note number"),
    ("items", _T.TABLE, "Items"),
    ("items.position", _T.NUMBER, "Position"),
    ("items.articleNumber", _T.STRING, "Article number"),
    ("items.name", _T.STRING, "Name"),
    ("items.qty", _T.NUMBER, "Quantity"),
    ("items.unit", _T.STRING, "Unit"),
    ("items.unitPrice", _T.AMOUNT, "Unit price"),
    ("items.taxRate", _T.NUMBER, "Tax rate"),
    ("items.net", _T.AMOUNT, "Net amount"),
)

BUILT_IN = Schema(tuple(DataPoint(name, shown, kind) for name, kind, shown in _POINTS))
