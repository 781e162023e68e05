"""Checks of an extracted document, in a bookkeeper's words; those that block and fail send it to review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.extraction.domain.arithmetic import is_share
from services.extraction.domain.parsers.codes import is_iban, is_vat_id
from shared.contracts.extraction import Check

Leaf = Mapping[str, Any]
Details = Mapping[str, Any]
REQUIRED = ("number", "issuedAt", "currency", "totals.gross", "sender.name")
# Key fields below this confidence are shown to a person (docs/extraction.md has what that costs and spares).
CONFIDENT = 0.8
# Names are the hardest to tell from what stands around them: a brand, an owner, a branch.
CONFIDENT_NAME = 0.9
# Of pages, not of fields: whatever a project has read.
READ_IN_PART = "page_read_in_part"
_NAMES = {
    "number": "document number",
    "issuedAt": "date",
    "currency": "currency",
    "totals.gross": "total amount",
    "sender.name": "sender's name",
    "payment.iban": "bank account",
}


def run_checks(details: Details, cut: Sequence[int] = ()) -> tuple[Check, ...]:
    """Every check that applies to `details`, the tree of leaves as plain dicts. `cut` are the numbers of pages that
    were not read to their end.
    """
    return (*_pages(cut), *_checks(details))


def dig(details: Details, path: str) -> Leaf | None:
    """The leaf at a dotted path, None where there is none."""
    node: Any = details
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else None


def _checks(details: Details) -> Iterator[Check]:
    required = [path for path in REQUIRED if path != "number" or _value(details, "type") != "receipt"]
    yield _all_there(details, required)
    # What is there of the others a person must be able to rely on, too.
    yield _all_confident(details, [*REQUIRED, "payment.iban"])
    yield from _totals(details)
    yield from _lines(details)
    yield from _taxes(details.get("taxes", ()))
    yield from _dates(details)
    yield from _codes(details)


def _pages(cut: Sequence[int]) -> Iterator[Check]:
    if cut:
        named = ", ".join(map(str, cut))
        message = f"Time was up before all of these pages was read: {named}. Please compare with the page."
        yield Check(READ_IN_PART, False, True, message)


def _all_there(details: Details, required: Sequence[str]) -> Check:
    missing = tuple(path for path in required if dig(details, path) is None)
    names = ", ".join(_NAMES[path] for path in missing)
    message = f"Not found on the document: {names}." if missing else "All required fields were found."
    return Check("required_fields", not missing, True, message, missing)


def _all_confident(details: Details, key: Sequence[str]) -> Check:
    leaves = {path: dig(details, path) for path in key}
    unsure = tuple(path for path, leaf in leaves.items() if leaf is not None and leaf["confidence"] < _enough(path))
    names = ", ".join(_NAMES[path] for path in unsure)
    message = (
        f"Read with doubt, please compare with the page: {names}." if unsure else "The required fields are read surely."
    )
    return Check("confident_fields", not unsure, True, message, unsure)


def _enough(path: str) -> float:
    return CONFIDENT_NAME if path == "sender.name" else CONFIDENT


def _totals(details: Details) -> Iterator[Check]:
    net, tax, gross = (_amount(details, f"totals.{name}") for name in ("net", "tax", "gross"))
    if net is not None and tax is not None and gross is not None:
        right = net + tax == gross
        message = f"Net {net} and tax {tax} make {net + tax}" + (
            ", as printed." if right else f"; the total says {gross}."
        )
        yield Check("totals_add_up", right, True, message, ("totals.net", "totals.tax", "totals.gross"))


def _lines(details: Details) -> Iterator[Check]:
    items = details.get("items", ())
    totals = [_amount(details, f"totals.{name}") for name in ("net", "gross")]
    if items and any(total is not None for total in totals):
        lines = sum((_decimal(item["net"]) for item in items if "net" in item), Decimal(0))
        # Receipts print lines with tax: then they make the gross total.
        right = lines in totals
        wanted = next(total for total in totals if total is not None)
        message = f"The lines make {lines}, the total says {lines if right else wanted}."
        yield Check("lines_add_up", right, True, message, ("items", "totals.net"))


def _taxes(taxes: Iterable[Mapping[str, Leaf]]) -> Iterator[Check]:
    for index, tax in enumerate(taxes):
        if "base" in tax:
            rate, base, amount = (_decimal(tax[name]) for name in ("rate", "base", "amount"))
            right = is_share(rate, base, amount)
            message = f"{rate} % of {base} is {'' if right else 'not '}{amount}."
            yield Check("tax_adds_up", right, True, message, (f"taxes.{index}",))


def _dates(details: Details) -> Iterator[Check]:
    issued, due = _value(details, "issuedAt"), _value(details, "dueAt")
    if issued and due:
        right = due >= issued
        message = f"Due on {due}, issued on {issued}" + ("." if right else ": due before it was issued.")
        yield Check("due_after_issue", right, True, message, ("issuedAt", "dueAt"))


def _codes(details: Details) -> Iterator[Check]:
    iban = _value(details, "payment.iban")
    if iban:
        right = is_iban(iban)
        message = f"The IBAN {iban} {'has the right' if right else 'fails its'} checksum."
        yield Check("iban_checksum", right, True, message, ("payment.iban",))
    for path in ("sender.vatId", "recipient.vatId"):
        vat_id = _value(details, path)
        if vat_id:
            right = is_vat_id(vat_id)
            message = f"The VAT id {vat_id} {'fits' if right else 'does not fit'} the rules of its country."
            yield Check("vat_id_form", right, False, message, (path,))


def _value(details: Details, path: str) -> Any:
    leaf = dig(details, path)
    return leaf["value"] if leaf else None


def _amount(details: Details, path: str) -> Decimal | None:
    leaf = dig(details, path)
    return _decimal(leaf) if leaf else None


def _decimal(leaf: Leaf) -> Decimal:
    return Decimal(str(leaf["value"]))
