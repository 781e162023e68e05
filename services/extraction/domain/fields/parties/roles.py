"""Which address is the sender's and which the recipient's, by headings, place on the page and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.extraction.domain.fields.labels import fold
from services.extraction.domain.fields.parties.addresses import Address
from services.extraction.domain.layout import Sheet

_LETTERHEAD = 1.5


@dataclass(frozen=True, slots=True)
class Parties:
    """The addresses of both sides, None where the page does not tell; the scores say how surely, 0..1."""

    sender: Address | None
    recipient: Address | None
    sender_score: float
    recipient_score: float


def assign(addresses: Sequence[Address], sheet: Sheet) -> Parties:
    """Pick sender and recipient among the addresses of the first page."""
    usable = [address for address in addresses if address.heading != "delivery"]
    if not usable:
        return Parties(None, None, 0.0, 0.0)
    weighed = [(address, _weigh(address, usable, sheet)) for address in usable]
    sender, as_sender = max(weighed, key=lambda pair: (pair[1], pair[0].street is not None, not pair[0].in_line))
    others = [(address, -weight) for address, weight in weighed if not _same(address, sender)]
    recipient, as_recipient = max(others, key=lambda pair: pair[1], default=(None, 0.0))
    # One address alone is whose its surroundings say; a bare block in the window is the recipient's.
    if as_sender <= -1 and recipient is None:
        return Parties(None, sender, 0.0, _score(-as_sender))
    if recipient is not None and as_recipient <= -2:
        recipient = None
    return Parties(sender, recipient, _score(as_sender), _score(as_recipient))


def _score(weight: float) -> float:
    return max(0.55, min(0.96, 0.7 + 0.08 * weight))


def _weigh(address: Address, others: Sequence[Address], sheet: Sheet) -> float:
    """Above 0: the sender's; below: the recipient's."""
    weight = {"sender": 5.0, "recipient": -5.0}.get(address.heading or "", 0.0)
    if address.in_line:
        weight += 3
    if sum(_same(address, other) for other in others) > 1 and address.heading != "recipient":
        weight += 1.5
    box, page = address.box, sheet.page
    if box.top > 0.75 * page.height:
        weight += 3
    elif not address.in_line and 0.1 * page.height < box.top < 0.4 * page.height:
        weight -= 1 if box.left < 0.5 * page.width else 0.5
        # Of two blocks in the upper part the higher one is the letterhead, wherever the window is.
        below = [other for other in others if not other.in_line and other.box.top - box.bottom > 3 * box.height]
        weight += _LETTERHEAD * any(other.box.top < 0.4 * page.height and not _same(other, address) for other in below)
    if any(_right_below(address, other) for other in others):
        weight -= 3
    return weight + _surroundings(address, sheet)


def _surroundings(address: Address, sheet: Sheet) -> float:
    """What speaks for the sender close under the address: phone, mail, web, bank, register."""
    last = address.cells[-1]
    close = [
        cell.text
        for row in sheet.rows[last.row + 1 : last.row + 5]
        for cell in row.cells
        if abs(cell.box.left - last.box.left) < 2 * last.box.height
        and cell.box.top - last.box.bottom < 6 * last.box.height
    ]
    return 1.5 if any(re.search(r"@|www\.|http|\bfon\b|tel|phone|fax|iban|HRB", text, re.I) for text in close) else 0.0


def _right_below(address: Address, other: Address) -> bool:
    """Whether `address` stands in a window under the one-line return address `other`."""
    if not other.in_line or address.in_line:
        return False
    gap = address.cells[0].box.top - other.box.bottom
    left = abs(address.cells[0].box.left - other.box.left)
    return -2 < gap < 5 * address.box.height and left < 3 * address.box.height


def _same(one: Address, other: Address) -> bool:
    """Whether two addresses are one; streets count only where both have them."""
    streets = [fold(each.street.text)[:8] for each in (one, other) if each.street]
    return one.postcode == other.postcode and fold(one.city)[:8] == fold(other.city)[:8] and len(set(streets)) < 2
