"""Putting a document together: the pieces find, this chooses, and names the result as the interface does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.extraction.domain.checks import run_checks
from services.extraction.domain.fields import candidates, payment
from services.extraction.domain.fields.findings import Finding, find_in, leaf_of, plain
from services.extraction.domain.fields.items import Item, find_items
from services.extraction.domain.fields.kinds import find_type
from services.extraction.domain.fields.parties.details import find_parties
from services.extraction.domain.fields.totals import Tax, find_totals
from services.extraction.domain.layout import Sheet, lay_out
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers import amounts, dates
from shared.contracts.envelope import to_plain
from shared.contracts.extraction import ExtractionResult

Tree = dict[str, Any]
_SINGLE = ("number", "issuedAt", "dueAt", "deliveredAt", "purchaseOrderNumber", "deliveryNoteNumber")


def extract(pages: Sequence[Page], languages: Sequence[str]) -> ExtractionResult:
    """Read the fields of one document. `languages` are BCP 47 tags ("de", "en-US"); they settle what 3/4/2026 means."""
    sheets = [lay_out(page) for page in pages if page.words]
    tree = _read(sheets, languages)
    entities, details = _map(tree, lambda leaf: plain(leaf.value)), _map(tree, lambda leaf: to_plain(leaf_of(leaf)))
    kind = str(entities.get("type", "other"))
    return ExtractionResult(kind, len(pages), {"type": kind, **entities}, details, run_checks(details))


def _read(sheets: Sequence[Sheet], languages: Sequence[str]) -> Tree:
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    mark = amounts.decimal_mark_of(texts)
    currency = _currency(sheets)
    found = candidates.labelled(sheets, _month_first(texts, languages, currency))
    items, taken = find_items(sheets, mark)
    totals, taxes = find_totals(sheets, items, taken, mark)
    kind = find_type(sheets)
    sender, recipient = find_parties(sheets, found, kind.value if kind else None)
    tree: Tree = {
        "type": kind,
        **{field: candidates.best(found, field) for field in _SINGLE},
        "currency": candidates.best(found, "currency") or currency,
        "totals": totals.entries(),
        "taxes": [{"rate": tax.rate, "base": tax.base, "amount": tax.amount} for tax in taxes],
        "sender": sender,
        "recipient": recipient | {"customerNumber": candidates.best(found, "customerNumber")},
        "payment": payment.find_payment(sheets, found),
        "items": _with_rates(items, taxes),
    }
    if tree["issuedAt"] is None:
        tree["issuedAt"] = _lone_date(sheets, tree, _month_first(texts, languages, currency))
    return dict(_without_gaps(tree))


def _month_first(texts: Sequence[str], languages: Sequence[str], currency: Finding | None) -> bool:
    told = dates.is_month_first(texts)
    american = "en-US" in languages or (currency is not None and currency.value == "USD")
    return american if told is None else told


def _currency(sheets: Sequence[Sheet]) -> Finding | None:
    """The currency named most often, a sign beside an amount counting like a code."""
    found = [
        find_in(cell, match, 0.95, "currencyNamed")
        for sheet in sheets
        for cell in sheet.cells
        for match in amounts.find_currencies(cell.text)
    ]
    if not found:
        return None
    votes = Counter(finding.value for finding in found)
    value, count = votes.most_common(1)[0]
    surest = max((finding for finding in found if finding.value == value), key=lambda finding: finding.score)
    agreed = count / votes.total()
    return replace(surest, score=surest.score * (0.7 + 0.3 * agreed))


def _lone_date(sheets: Sequence[Sheet], tree: Tree, month_first: bool) -> Finding | None:
    """The first date that no other field claims: letters and receipts often print theirs without a label."""
    others = {finding.value for name in ("dueAt", "deliveredAt") if (finding := tree[name])}
    lone = [
        find_in(cell, match, 0.75, "firstDate")
        for sheet in sheets[:1]
        for cell in sheet.cells
        for match in dates.find_dates(cell.text, month_first)
        if match.value not in others
    ]
    if not lone:
        return None
    return lone[0] if len({finding.value for finding in lone}) == 1 else lone[0].scored(0.5)


def _with_rates(items: Sequence[Item], taxes: Sequence[Tax]) -> list[Item]:
    """The items, a rate that could not be read filled in where only one rate makes its base add up."""
    filled = list(items)
    for tax in taxes:
        missing = [place for place, item in enumerate(filled) if "taxRate" not in item]
        known = sum(
            item["net"].value for item in filled if "taxRate" in item and item["taxRate"].value == tax.rate.value
        )
        if (
            len(missing) == 1
            and len(filled) > 1
            and tax.base
            and known + filled[missing[0]]["net"].value == tax.base.value
        ):
            rate = replace(tax.rate, score=0.85, rule="rateByBase")
            filled[missing[0]] = filled[missing[0]] | {"taxRate": rate}
    return filled


def _without_gaps(node: Any) -> Any:
    """The tree without fields that were not found."""
    if isinstance(node, dict):
        members = {name: _without_gaps(member) for name, member in node.items()}
        return {name: member for name, member in members.items() if member not in (None, {}, [])}
    return [_without_gaps(member) for member in node] if isinstance(node, list) else node


def _map(node: Any, leaf: Any) -> Any:
    if isinstance(node, dict):
        return {name: _map(member, leaf) for name, member in node.items()}
    return [_map(member, leaf) for member in node] if isinstance(node, list) else leaf(node)
