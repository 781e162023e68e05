"""Names of data points: which of the built-in fields they mean, and which phrases on paper they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from services.extraction.domain.fields.labels import Lexicon, fold
from shared.contracts.fields import WantedField

# Names that other products and people give to what is built in, folded; docs/using.md lists them.
_WELL_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("invoicenumber", "documentnumber", "receiptnumber", "invoiceid"), "number"),
        **dict.fromkeys(("invoicedate", "documentdate", "issuedate", "issueddate", "dateissue"), "issuedAt"),
        **dict.fromkeys(("duedate", "datedue", "paymentduedate"), "dueAt"),
        **dict.fromkeys(("deliverydate", "servicedate", "dateofsupply"), "deliveredAt"),
        **dict.fromkeys(("currencycode", "invoicecurrency"), "currency"),
        **dict.fromkeys(("netamount", "totalnetamount", "totalnet", "nettotal", "subtotal", "amountnet"), "totals.net"),
        **dict.fromkeys(("taxamount", "totaltaxamount", "totaltax", "vatamount", "amounttax"), "totals.tax"),
        **dict.fromkeys(
            ("grossamount", "totalgrossamount", "totalgross", "grosstotal", "totalamount", "invoicetotal", "total"),
            "totals.gross",
        ),
        **dict.fromkeys(("amountdue", "dueamount", "payableamount"), "totals.due"),
        **dict.fromkeys(("suppliername", "vendorname", "sellername", "sendername"), "sender.name"),
        **dict.fromkeys(("suppliervatid", "vendorvatid", "sellervatid", "suppliervatnumber"), "sender.vatId"),
        **dict.fromkeys(("customername", "buyername", "recipientname"), "recipient.name"),
        **dict.fromkeys(("customervatid", "buyervatid", "recipientvatid"), "recipient.vatId"),
        "customernumber": "recipient.customerNumber",
        **dict.fromkeys(("iban", "bankiban", "supplieriban"), "payment.iban"),
        **dict.fromkeys(("bic", "swift", "bankbic", "supplierbic"), "payment.bic"),
        "paymentterms": "payment.terms",
        **dict.fromkeys(("ponumber", "purchaseorder", "ordernumber", "orderid"), "purchaseOrderNumber"),
        "deliverynote": "deliveryNoteNumber",
    }
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORT = (("number", "no"), ("number", "nr"), ("nummer", "nr"), ("numero", "no"), ("numéro", "no"))
# How surely a phrase means its field: as people named it, as programs did, as a part of that name, in prose.
NAMED, CALLED, PART, TOLD = 1.0, 0.9, 0.7, 0.6
_MOST_TOLD = 5


def built_in_name(name: str) -> str | None:
    """The path of the built-in field that is well known by this name."""
    return _WELL_KNOWN.get(fold(name))


def words_of(name: str) -> str:
    """`lease.startDate` as people would write it: lease start date."""
    return " ".join(_HUMP.sub(" ", name.replace(".", " ").replace("_", " ")).lower().split())


def lexicon_of(fields: Sequence[WantedField], below: str = "") -> Lexicon:
    """The phrases that name these fields on paper; of columns, `below` is the name of their table and a dot."""
    weights = (NAMED, CALLED, PART, TOLD)
    phrases: dict[float, dict[str, str]] = {weight: {} for weight in weights}
    for field in fields:
        for weight, spoken in _phrases(field, below).items():
            known = [phrase.replace("|", " ") for phrase in _with_short(spoken) if fold(phrase)]
            if known:
                phrases[weight][field.name] = "|".join(known)
    return Lexicon(*((phrases[weight], weight) for weight in weights))


def _phrases(field: WantedField, below: str) -> Mapping[float, Sequence[str]]:
    own = field.name.removeprefix(below)
    whole, last = words_of(own), words_of(own.rpartition(".")[2])
    label = () if field.label == field.name else (field.label,)
    told = (field.description,) if 0 < len(field.description.split()) <= _MOST_TOLD else ()
    return {NAMED: (*label, *field.synonyms), CALLED: (whole,), PART: (last,), TOLD: told}


def _with_short(phrases: Sequence[str]) -> list[str]:
    """The phrases, and what people write for "number" in them."""
    short = [
        phrase[: -len(long)] + brief
        for phrase in phrases
        for long, brief in _SHORT
        if phrase.lower().endswith(long) and len(phrase) > len(long)
    ]
    return [*phrases, *short]
