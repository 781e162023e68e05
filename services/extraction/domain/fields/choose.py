"""Putting a document together: the pieces find, this chooses, and names the result as the interface does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.extraction.domain.checks import run_checks
from services.extraction.domain.fields import candidates, payment
from services.extraction.domain.fields.findings import Finding, leaf_of, plain
from services.extraction.domain.fields.items import Item
from services.extraction.domain.fields.kinds import find_type
from services.extraction.domain.fields.parties.details import find_parties
from services.extraction.domain.fields.ranking import rank
from services.extraction.domain.fields.survey import Survey, look_over
from services.extraction.domain.fields.totals import Tax, find_totals
from services.extraction.domain.layout import Placed, lay_out
from services.extraction.domain.pages import Page
from shared.contracts.envelope import to_plain
from shared.contracts.extraction import ExtractionResult

Tree = dict[str, Any]
_OWN = ("number", "issuedAt", "dueAt", "deliveredAt", "purchaseOrderNumber", "deliveryNoteNumber")
# The fields that the model ranks one by one, by group; below this chance a field was not found.
_RANKED = ("date", "number")
_CHANCE = 0.3
_LIKELY = 0.5
# Those that every document has, however doubtful: a person then sees where it may stand.
_EXPECTED = {"number": 0.03, "issuedAt": 0.03}


def extract(pages: Sequence[Page], languages: Sequence[str]) -> ExtractionResult:
    """Read the fields of one document. `languages` are BCP 47 tags ("de", "en-US"); they settle what 3/4/2026 means."""
    sheets = [lay_out(page) for page in pages if page.words]
    tree = _read(look_over(sheets, languages))
    entities, details = _map(tree, lambda leaf: plain(leaf.value)), _map(tree, lambda leaf: to_plain(leaf_of(leaf)))
    kind = str(entities.get("type", "other"))
    checks = run_checks(details, [page.number for page in pages if page.is_cut])
    return ExtractionResult(kind, len(pages), {"type": kind, **entities}, details, checks)


def _read(survey: Survey) -> Tree:
    sheets, found = survey.sheets, survey.found
    single = _single(survey)
    totals, taxes = find_totals(survey.sheets, survey.items, survey.how, survey.evidence)
    kind = find_type(survey)
    if kind and kind.value == "receipt" and "number" in single and single["number"].score < _LIKELY:
        del single["number"]  # many receipts have none
    sender, recipient = find_parties(sheets, found, kind.value if kind else None)
    tree: Tree = {
        "type": kind,
        **{field: single.get(field) for field in _OWN},
        "currency": candidates.best(found, "currency") or survey.currency,
        "totals": totals.entries(),
        "taxes": [{"rate": tax.rate, "base": tax.base, "amount": tax.amount} for tax in taxes],
        "sender": sender,
        "recipient": recipient | {"customerNumber": single.get("customerNumber")},
        "payment": payment.find_payment(sheets, found),
        "items": _with_rates(survey.items, taxes),
    }
    return dict(_without_gaps(tree))


def _single(survey: Survey) -> dict[str, Finding]:
    """Each ranked field with its likeliest value. What stands at one place is one field only, the likeliest."""
    chosen: dict[str, Finding] = {}
    used: set[Placed] = set()
    for group in _RANKED:
        ranking = rank(group, survey.sheets, survey.ruled, survey.how)
        chances = [(finding.score, field, finding) for field, found in ranking.items() for finding in found]
        for chance, field, finding in sorted(chances, key=lambda each: -each[0]):
            if chance > _EXPECTED.get(field, _CHANCE) and field not in chosen and not used.intersection(finding.placed):
                chosen[field] = finding
                used.update(finding.placed)
    return chosen


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
