"""Everything known of sender and recipient: name and address, tax numbers, e-mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from services.extraction.domain.fields import labels
from services.extraction.domain.fields.candidates import Candidate, best
from services.extraction.domain.fields.findings import Finding, find_in
from services.extraction.domain.fields.parties.addresses import LEGAL_FORM, Address, Part, find_addresses
from services.extraction.domain.fields.parties.masthead import masthead
from services.extraction.domain.fields.parties.names import LIKELY, POSSIBLE, rank_names
from services.extraction.domain.fields.parties.roles import assign
from services.extraction.domain.fields.parties.tillroll import RECEIPT_HEAD, read_head
from services.extraction.domain.layout import Row, Sheet
from services.extraction.domain.pages import Page
from services.extraction.domain.parsers import codes

Party = dict[str, Finding | None]
# How sure the place of an address makes its name by itself.
_PLACE_ALONE = 0.7
_LONGEST = 200
_FIGURES = re.compile(r"^(?:\d+ )*\d{6,} (?=\D)")
_CUSTOMERS = re.compile(
    r"\b(?:ihre?|your|buyer|customer|client|votre|acheteur|su|cliente|destinatario|vostra|acquirente|uw|klant|afnemer"
    r"|kunden?|empfängers?|leistungsempfängers?)\b",
    re.I,
)
# So many letters before a value are its label; so many of its heights below an address it is still part of the block.
_LABEL, _UNDER = 40, 3
_PARTED = re.compile(r"\w*\d\w*|[;,|/\u00b7]")
_VAT_FIELDS = ("vatId", "recipientVatId")
_BRACKETED_NUMBER = re.compile(r"\s*\([^()]*(?:\d[ .-]?){4}[^()]*\)?\s*$")


def find_parties(sheets: Sequence[Sheet], found: Sequence[Candidate], kind: str | None) -> tuple[Party, Party]:
    """Sender and recipient of a document of type `kind` as entities; what was not found is None or absent."""
    if not sheets:
        return {}, {}
    first, is_receipt = sheets[0], kind == "receipt"
    addresses = [address for sheet in sheets[:1] for address in find_addresses(sheet)]
    parties = assign(addresses, first)
    vat_ids = _vat_ids(sheets, found, parties.recipient)
    if is_receipt and vat_ids[0] is None:
        vat_ids = (vat_ids[1], None)
    sender = _entities(parties.sender, parties.sender_score, first.page) if parties.sender else {}
    recipient = (
        _entities(parties.recipient, parties.recipient_score, first.page)
        if parties.recipient and not is_receipt
        else {}
    )
    head = read_head(first) if is_receipt else {}
    names = rank_names(first, addresses, parties)
    ruled = head.get("name") or _sender_name(sender.get("name"), addresses, parties.sender, first)
    sender["name"] = _likelier(names["sender"], ruled or (None if kind in (None, "other") else masthead(first)))
    if not is_receipt:
        recipient["name"] = _likelier(names["recipient"], recipient.get("name"))
    sender["address"] = (
        (names["address"] or head.get("address") or sender.get("address"))
        if is_receipt
        else (sender.get("address") or names["address"])
    )
    sender |= {"vatId": vat_ids[0], "taxId": best(found, "taxId"), "email": _email(sheets, parties.recipient)}
    sender["name"] = _corroborated(sender["name"], sender)
    if not is_receipt:
        recipient["vatId"] = vat_ids[1]
    for party in (sender, recipient):
        party["countryCode"] = party.get("countryCode") or _country_by_vat(party)
    return sender, recipient


def _entities(address: Address, score: float, page: Page) -> Party:
    """The entities that an address states."""
    whole = Part(address.line, (*(address.street.placed if address.street else ()), *address.town.placed))
    parts = {
        "name": address.name,
        "street": address.street,
        "postcode": address.town.within(address.postcode),
        "city": address.town.within(address.city),
        "countryCode": address.country_code and Part(address.country_code, address.cells[-1].placed),
        "address": Part(address.line, tuple(dict.fromkeys(whole.placed))),
    }
    return {name: _finding(part, score, page) for name, part in parts.items() if part}


def _finding(part: Part, score: float, page: Page) -> Finding:
    return Finding(part.text, part.placed, page, score, "addressBlock")


def _corroborated(name: Finding | None, sender: Party) -> Finding | None:
    """The name without a register number in brackets behind it or figures before it. It is doubted where nothing but
    the place of its block tells that it is the sender's, for customers stand there too; and on a till's roll where it
    is a single word with a form, as a line above may begin it.
    """
    if name is None:
        return None
    if len(str(name.value)) <= _LONGEST:
        name = replace(name, value=_bare(str(name.value)) or name.value)
    if name.rule == RECEIPT_HEAD and len(LEGAL_FORM.sub("", str(name.value)).strip(" .").split()) == 1:
        return name.scored(min(name.score, _PLACE_ALONE))
    if name.rule != "addressBlock":
        return name
    known = LEGAL_FORM.search(str(name.value)) or any(sender.get(field) for field in ("vatId", "taxId", "email"))
    return name if known else name.scored(min(name.score, _PLACE_ALONE))


def _bare(name: str) -> str:
    """The name without a number beside it and without a label of its role."""
    role, colon, rest = name.partition(":")
    if colon and labels.roles().whole(role):
        name = rest.strip()
    return _FIGURES.sub("", _BRACKETED_NUMBER.sub("", name))


def _likelier(ranked: Finding | None, ruled: Finding | None) -> Finding | None:
    """The line that the model takes for the name; what the rules found, where it finds none or the same."""
    if ranked is None or ranked.score < LIKELY:
        return ruled or (ranked if ranked and ranked.score > POSSIBLE else None)
    if ruled and labels.fold(str(ranked.value)) in labels.fold(str(ruled.value)):
        return ruled.scored(max(ranked.score, ruled.score))
    return ranked


def _sender_name(
    name: Finding | None, addresses: Sequence[Address], chosen: Address | None, sheet: Sheet
) -> Finding | None:
    """The name in the address, surer when the page repeats it; else of its other prints."""
    others = [
        other.name
        for other in addresses
        if chosen and other.name and other.postcode == chosen.postcode and other is not chosen
    ]
    named = [_finding(part, 0.85, sheet.page) for part in others]
    if name and (LEGAL_FORM.search(str(name.value)) or not any(LEGAL_FORM.search(str(each.value)) for each in named)):
        named.insert(0, name)
    if not named:
        return None
    best_name = max(named, key=lambda each: (bool(LEGAL_FORM.search(str(each.value))), each.score))
    repeated = sum(labels.fold(str(best_name.value)) in labels.fold(cell.text) for cell in sheet.cells) > 1
    return best_name.scored(min(0.97, best_name.score + 0.05 * repeated))


def _vat_ids(
    sheets: Sequence[Sheet], found: Sequence[Candidate], recipient: Address | None
) -> tuple[Finding | None, Finding | None]:
    """The VAT ids of sender and recipient. One without a label is the sender's: the law asks only for his."""
    named = [each.finding for each in found if each.field == "vatId"]
    loose = [
        find_in(cell, match, 0.8, "vatIdForm")
        for sheet in sheets
        for cell in sheet.cells
        for match in codes.find_vat_ids(cell.text)
        if match.trust == 1.0
    ]
    ibans = {match.value[:11] for sheet in sheets for cell in sheet.cells for match in codes.find_ibans(cell.text)}
    known = [finding for finding in (*named, *loose) if not any(iban.startswith(finding.value[:9]) for iban in ibans)]
    several = len({finding.value for finding in known}) > 1
    places = {
        id(placed): (row, place)
        for sheet in sheets
        for row in sheet.rows
        for place, cell in enumerate(row.cells)
        for placed in cell.placed
    }
    customers = (
        finding
        for finding in {finding.value: finding for finding in known}.values()
        if _is_called_customers(finding, *places[id(finding.placed[0])])
        or (several and _stands_under(finding, recipient))
    )
    recipients = best(found, "recipientVatId") or next(customers, None)
    own = [finding for finding in known if not recipients or finding.value != recipients.value]
    return max(own, key=lambda finding: finding.score, default=None), recipients


def _is_called_customers(finding: Finding, row: Row, place: int) -> bool:
    """Whether its label, in its cell of the row or in the one before, says that it is the customer's."""
    cell = row.cells[place]
    label = " ".join(each.word.text for each in cell.placed[: cell.placed.index(finding.placed[0])])
    if not label and place:
        label = row.cells[place - 1].text
    # What stands before another value is the label of that one.
    label = _PARTED.split(label[-_LABEL:])[-1]
    return bool(_CUSTOMERS.search(label)) and any(
        found.field in _VAT_FIELDS for found in labels.fields().find(replace(cell, text=label))
    )


def _stands_under(finding: Finding, recipient: Address | None) -> bool:
    """Whether it stands below the recipient's address, as its next lines do."""
    if recipient is None or finding.page is not recipient.cells[0].page:
        return False
    box, word = recipient.box, finding.placed[0].box
    return 0 < word.top - box.bottom < _UNDER * word.height and box.left - word.height < word.left < box.right


def _email(sheets: Sequence[Sheet], recipient: Address | None) -> Finding | None:
    """The first e-mail address that does not stand in the recipient's block."""
    foreign = set(recipient.cells) if recipient else set()
    for sheet in sheets:
        for cell in sheet.cells:
            for match in codes.find_emails(cell.text):
                if cell not in foreign:
                    return find_in(cell, match, 0.85, "emailForm")
    return None


def _country_by_vat(party: Party) -> Finding | None:
    vat_id = party.get("vatId")
    if vat_id is None or not re.match(r"[A-Z]{2}", str(vat_id.value)):
        return None
    code = {"EL": "GR", "XI": "GB"}.get(vat_id.value[:2], vat_id.value[:2])
    return Finding(code, vat_id.placed, vat_id.page, vat_id.score * 0.9, "countryOfVatId", vat_id.proven)
